package dev.banyan.cache;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A column of a real table.
 *
 * @param name as the catalogue has it, unquoted
 * @param type as SQL writes it, without a length: a cast to one with a length would cut texts off
 * @param kind PostgreSQL's category of the type: N numbers, S texts, B booleans, E enumerations, A arrays
 * @param notNull whether NULL is refused
 * @param generated whether it cannot be written
 */
record Column(String name, String type, char kind, boolean notNull, boolean generated) {
    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint");
    private static final Set<String> KEYS = Set.of("smallint", "integer", "bigint", "numeric", "text", "character varying", "uuid", "date", "citext");

    String quoted() {
        return Names.quoted(name);
    }

    boolean whole() {
        return WHOLE.contains(type);
    }

    boolean json() {
        return type.equals("json") || type.equals("jsonb");
    }

    boolean truth() {
        return kind == 'B';
    }

    boolean number() {
        return kind == 'N' && !type.equals("oid") && !type.equals("money");
    }

    boolean array() {
        return kind == 'A';
    }

    /** Whether a value has the same text in every session, so that keys can be told from the log's texts. */
    boolean fitsKeys() {
        return KEYS.contains(type) || kind == 'E';
    }

    /** Whether a key's part is written as the database writes it, as far as that can be told here. */
    boolean canonical(String text) {
        if (whole()) {
            return text.matches("0|-?[1-9][0-9]{0,18}") && parsed(text).isPresent();
        }
        return type.equals("uuid") ? text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") : true;
    }

    /** Whether {@link #canonical} can be told. */
    boolean tellsCanonical() {
        return whole() || kind == 'E' || Set.of("uuid", "text", "character varying").contains(type);
    }

    /** Whether a whole number is in the type's range. */
    boolean holds(long number) {
        return switch (type) {
            case "smallint" -> number == (short) number;
            case "integer" -> number == (int) number;
            default -> true;
        };
    }

    private OptionalLong parsed(String text) {
        try {
            long number = Long.parseLong(text);
            return holds(number) ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Refuses what the database would refuse later, when nobody can be told any more. @throws Refused for a value that does not fit the type */
    void mustTake(Optional<String> value) {
        boolean fits = value.isEmpty() ? !notNull
                : whole() ? value.get().matches("[-+]?[0-9]{1,19}") && parsed(value.get()).isPresent()
                : number() ? value.get().matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?|NaN|[-+]?Infinity")
                : !truth() || value.get().matches("(?i)t|true|y|yes|on|1|f|false|n|no|off|0");
        if (!fits) {
            throw new Refused("ERR " + (value.isEmpty() ? "NULL" : "the value") + " does not fit column " + name + " of type " + type + (notNull ? " NOT NULL" : ""));
        }
    }

    /** A parameter of this type. */
    String parameter() {
        return "CAST(? AS " + type + ")";
    }
}
