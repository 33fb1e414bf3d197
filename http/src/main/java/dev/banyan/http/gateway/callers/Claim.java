package dev.banyan.http.gateway.callers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a claim says: one text, or a list of them.
 *
 * @param list whether it is a list, whose members may have blanks in them
 */
record Claim(boolean list, List<String> values) {
    Claim {
        values = List.copyOf(values);
    }

    static Claim text(String value) {
        return new Claim(false, List.of(value));
    }

    /** Of a value as JSON has it: a text, number or truth value, or a list of such; all else says nothing here. */
    static Optional<Claim> of(Object json) {
        if (!(json instanceof List<?> members)) {
            return plain(json).map(Claim::text);
        }
        List<String> texts = new ArrayList<>(members.size());
        members.forEach(member -> plain(member).ifPresent(texts::add));
        return texts.size() == members.size() ? Optional.of(new Claim(true, texts)) : Optional.empty();
    }

    private static Optional<String> plain(Object json) {
        return json instanceof String || json instanceof Number || json instanceof Boolean ? Optional.of(json.toString()) : Optional.empty();
    }

    boolean is(String value) {
        return values.size() == 1 && values.getFirst().equals(value);
    }

    /** Whether a list has it as a member, or a text as one of its words (as {@code scope} of RFC 8693). */
    boolean contains(String value) {
        return list ? values.contains(value) : Arrays.asList(values.getFirst().split(" ")).contains(value);
    }

    /** As one text; a list's members with commas between. */
    String text() {
        return String.join(",", values);
    }
}
