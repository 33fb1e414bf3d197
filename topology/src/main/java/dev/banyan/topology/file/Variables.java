package dev.banyan.topology.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the environment's values into a text: <code>${NAME}</code> and <code>${NAME:-default}</code> (also when the variable is empty, as in
 * a shell); <code>$$</code> is one dollar, any other dollar is itself. A default holds no dollar and no closing brace, so that
 * no text is searched twice.
 */
record Variables(Function<String, Optional<String>> environment) {
    /** A reference, for the JSON schema: what a scalar of any type may be instead. */
    static final String REFERENCE = "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}$]*)?\\}";

    private static final Pattern FORM = Pattern.compile("\\$(?:\\$|\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}$]*+))?\\})?)");

    /**
     * A text with the values in it.
     *
     * @param foreign whether a part of it came from a variable, so that it must not be shown
     * @param faults sentences about references that are wrong; they hold no value
     */
    record Filled(String text, boolean foreign, List<String> faults) {}

    Filled fill(String text) {
        if (text.indexOf('$') < 0) {
            return new Filled(text, false, List.of());
        }
        List<String> faults = new ArrayList<>();
        StringBuilder filled = new StringBuilder();
        Matcher found = FORM.matcher(text);
        boolean foreign = false;
        while (found.find()) {
            foreign |= found.group(1) != null;
            found.appendReplacement(filled, Matcher.quoteReplacement(value(found, faults)));
        }
        found.appendTail(filled);
        return new Filled(filled.toString(), foreign, List.copyOf(faults));
    }

    private String value(Matcher found, List<String> faults) {
        String name = found.group(1);
        if (name == null) {
            if (found.group().equals("${")) {
                faults.add("a variable is written ${NAME} or ${NAME:-default}, NAME of letters, digits and _, the default without $ and }; write $${ for the text itself");
            }
            return "$";
        }
        String otherwise = found.group(3);
        Optional<String> value = environment.apply(name);
        if (otherwise != null) {
            return value.filter(given -> !given.isEmpty()).orElse(otherwise);
        }
        if (value.isEmpty()) {
            faults.add("the environment has no variable " + name + "; set it, or give a default: ${" + name + ":-...}");
        }
        return value.orElse("");
    }
}
