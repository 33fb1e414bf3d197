package dev.banyan.http.wire;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Structured fields (RFC 9651): items, lists and dictionaries with parameters, of all bare types, Date and Display String among them. Parsing is strict:
 * a field that is not wholly in the grammar is none at all (section 4.2). What is written parses back as the same.
 *
 * <p>A field of several lines is parsed as one, the lines joined by commas ({@link #joined}).
 */
public final class StructuredFields {
    /** As many as section 3 wants understood of members, of an inner list's items and of parameters. */
    public static final int MOST_MEMBERS = 1024;
    public static final int MOST_ITEMS = 256;
    public static final int MOST_PARAMETERS = 256;

    private StructuredFields() {}

    /** A value without parameters. */
    public sealed interface Bare {}

    /** @param value of at most 15 digits */
    public record Int(long value) implements Bare {
        public Int {
            require(Math.abs(value) <= 999_999_999_999_999L, "an integer has at most 15 digits", value);
        }
    }

    /** @param value of at most 12 digits before its point and from 1 to 3 behind it */
    public record Decimal(BigDecimal value) implements Bare {
        public Decimal {
            boolean fits = value.scale() >= 1 && value.scale() <= 3 && value.abs().compareTo(BigDecimal.TEN.pow(12)) < 0;
            require(fits, "a decimal has at most 12 digits before its point and 1 to 3 behind it", value);
        }
    }

    /** @param value of visible ASCII and blanks */
    public record Text(String value) implements Bare {
        public Text {
            require(value.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "a string is of ASCII without control characters", value);
        }
    }

    /** @param value beginning with a letter or {@code *} */
    public record Token(String value) implements Bare {
        public Token {
            require(StructuredParser.token(value), "no token", value);
        }
    }

    /** @param base64 the bytes as they are written, padding and all */
    public record Bytes(String base64) implements Bare {
        public Bytes {
            require(StructuredParser.decoded(base64).isPresent(), "no base64", base64);
        }

        /** @param bytes any */
        public static Bytes of(byte[] bytes) {
            return new Bytes(java.util.Base64.getEncoder().encodeToString(bytes));
        }

        public byte[] bytes() {
            return StructuredParser.decoded(base64).orElseThrow();
        }
    }

    /** @param value true or false */
    public record Bool(boolean value) implements Bare {}

    /** @param seconds since 1970, of at most 15 digits */
    public record Date(long seconds) implements Bare {
        public Date {
            require(Math.abs(seconds) <= 999_999_999_999_999L, "a date has at most 15 digits", seconds);
        }
    }

    /** @param value any text, without unpaired surrogates */
    public record Display(String value) implements Bare {
        public Display {
            require(java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(value), "text with half a character", value);
        }
    }

    /** What a list or dictionary is made of. */
    public sealed interface Member {
        /** By key, in order. */
        Map<String, Bare> parameters();
    }

    /** @param value what it is, beside its parameters */
    public record Item(Bare value, Map<String, Bare> parameters) implements Member {
        public Item {
            parameters = ordered(parameters);
        }

        public Item(Bare value) {
            this(value, Map.of());
        }
    }

    /** @param items in their order */
    public record InnerList(List<Item> items, Map<String, Bare> parameters) implements Member {
        public InnerList {
            items = List.copyOf(items);
            parameters = ordered(parameters);
        }
    }

    private static Map<String, Bare> ordered(Map<String, Bare> parameters) {
        parameters.keySet().forEach(key -> require(StructuredParser.key(key), "no key", key));
        return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    private static void require(boolean holds, String otherwise, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise + ": " + value);
        }
    }

    /** The item that {@code bytes[from, to)} is; empty when it is none. */
    public static Optional<Item> item(byte[] bytes, int from, int to) {
        return new StructuredParser(bytes, from, to).item();
    }

    /** The list that {@code bytes[from, to)} is, of no members when it is empty; empty when it is none. */
    public static Optional<List<Member>> list(byte[] bytes, int from, int to) {
        return new StructuredParser(bytes, from, to).list();
    }

    /** The dictionary that {@code bytes[from, to)} is, in order; of a key that comes twice the last value counts. Empty when it is none. */
    public static Optional<Map<String, Member>> dictionary(byte[] bytes, int from, int to) {
        return new StructuredParser(bytes, from, to).dictionary();
    }

    /** All values of a field as one (section 4.2: lines are joined by commas), at the beginning of the buffer; false when there is no such field. */
    public static boolean joined(Fields fields, FieldName name, HeadBuffer into) {
        into.clear();
        boolean found = false;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == name) {
                if (found) {
                    into.put(',').put(' ');
                }
                found = true;
                into.put(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
            }
        }
        return found;
    }
}
