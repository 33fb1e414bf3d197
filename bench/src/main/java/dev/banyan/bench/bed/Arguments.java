package dev.banyan.bench.bed;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** A benchmark's command line, word by word. All faults are {@link IllegalArgumentException}s with a sentence for the user, which ends in the usage. */
public final class Arguments {
    private final Iterator<String> words;
    private final String usage;
    private String option = "";

    /** @param usage how the benchmark is called, one line */
    public Arguments(List<String> words, String usage) {
        this.words = words.iterator();
        this.usage = usage;
    }

    public boolean hasNext() {
        return words.hasNext();
    }

    /** The next option. */
    public String next() {
        option = words.next();
        return option;
    }

    /** The word behind the option. */
    public String value() {
        if (!words.hasNext()) {
            throw fault(option + " needs a value");
        }
        return words.next();
    }

    /** The number behind the option, 1 or more. */
    public int number() {
        String word = value();
        try {
            int number = Integer.parseInt(word);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw fault(option + " needs a number from 1 on, not '" + word + "'");
    }

    public Path path() {
        return Path.of(value());
    }

    /** For an option that there is not: the usage alone. */
    public IllegalArgumentException unknown() {
        return new IllegalArgumentException(usage);
    }

    /** For a value that cannot be used. */
    public IllegalArgumentException fault(String sentence) {
        return new IllegalArgumentException(sentence + "; " + usage);
    }
}
