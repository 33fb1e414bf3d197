package dev.banyan.http;

import dev.banyan.http.wire.FieldLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Keeps out of what is said of a request what opens doors: passwords, keys, tokens, cookies, wherever it is said. Immutable. */
final class Discretion {
    static final String HIDDEN = "***";
    /** Shorter values are hidden where they stand, but not looked for elsewhere: half of any sentence is made of them. */
    private static final int SHORTEST = 4;
    private static final Pattern TELLTALE = Pattern.compile("auth|cookie|key|token|secret|passw|session|signature|credential|jwt|^sig$|^code$");
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&\\s]*)=([^&\\s#]*)");

    private final Set<String> names;
    private final List<String> values;

    /** @param names that the site gives to headers, parameters and cookies that hold keys, in lower case */
    Discretion(Set<String> names, List<FieldLine> fields, String target) {
        this.names = Set.copyOf(names);
        List<String> found = new ArrayList<>();
        fields.stream().filter(line -> hides(line.name())).forEach(line -> found.addAll(parts(line)));
        Matcher parameters = PARAMETER.matcher(target);
        while (parameters.find()) {
            if (hides(parameters.group(1))) {
                found.add(parameters.group(2));
            }
        }
        values = found.stream().filter(value -> value.length() >= SHORTEST).distinct().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }

    /** The value, what follows its scheme, and each cookie's. */
    private static List<String> parts(FieldLine line) {
        String value = line.value().strip();
        Stream<String> inside = line.name().equalsIgnoreCase("cookie")
                ? Stream.of(value.split(";")).map(pair -> pair.substring(pair.indexOf('=') + 1).strip())
                : Stream.of(value.substring(value.indexOf(' ') + 1).strip());
        return Stream.concat(Stream.of(value), inside).toList();
    }

    /** Whether the value of a header, parameter or cookie of that name is not to be shown. */
    boolean hides(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.contains(lower) || TELLTALE.matcher(lower).find();
    }

    /** The text without what is to be hidden. */
    String in(String text) {
        String said = PARAMETER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + "=" + (hides(found.group(1)) ? HIDDEN : found.group(2))));
        for (String value : values) {
            said = said.replace(value, HIDDEN);
        }
        return said;
    }

    List<String> in(List<String> texts) {
        return texts.stream().map(this::in).toList();
    }
}
