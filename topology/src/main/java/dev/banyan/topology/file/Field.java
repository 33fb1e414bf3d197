package dev.banyan.topology.file;

import dev.banyan.topology.Applied.Effect;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * One key of a record.
 *
 * @param usual its default as the file would write it, when it has one of its own
 * @param effect how a change of it reaches a running site; empty when its parent says
 */
record Field(String key, Shape shape, Optional<String> usual, String doc, Optional<Effect> effect, Method accessor) {
    boolean required() {
        return usual.isEmpty() && !shape.optional();
    }

    Object of(Object owner) {
        try {
            return accessor.invoke(owner);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("the component of " + key + " cannot be read", impossible);
        }
    }
}
