package dev.banyan.topology.file;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What may stand at a place of the site file: read from the records, and the one source of reader, diff, schema and reference page. */
sealed interface Shape {
    /** Whether nothing of it need be given. */
    default boolean optional() {
        return switch (this) {
            case Value _, Words _ -> false;
            case Maybe _, Many _, Named _ -> true;
            case Fields fields -> fields.exactlyOne().isEmpty() && fields.fields().stream().noneMatch(Field::required);
        };
    }

    /** One text or number. */
    record Value(ValueType<?> type) implements Shape {}

    /** A command: a line for the shell or a list of words. */
    record Words() implements Shape {}

    /** It may be absent. */
    record Maybe(Shape inner, boolean number) implements Shape {}

    record Many(Shape item) implements Shape {}

    /** Any keys of that type, each with a value. */
    record Named(ValueType<String> key, Shape value) implements Shape {}

    /**
     * A record, its components as keys.
     *
     * @param plain the key that a plain value stands for
     * @param exactlyOne keys of which exactly one is given; may be empty
     * @param together keys that are given all or none; may be empty
     */
    record Fields(
            Constructor<?> constructor,
            String doc,
            List<Field> fields,
            Optional<Field> plain,
            List<String> exactlyOne,
            List<String> together,
            Map<String, Tombstone> removed)
            implements Shape {
        Optional<Field> field(String key) {
            return fields.stream().filter(field -> field.key().equals(key)).findFirst();
        }

        List<String> keys() {
            return fields.stream().map(Field::key).toList();
        }
    }

    /** What became of a key that is gone. */
    record Tombstone(String heir, String since) {}
}
