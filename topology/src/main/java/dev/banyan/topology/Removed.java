package dev.banyan.topology;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The tombstone of a key that this record once had: an old site file that still has it is told what to write instead. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Removed.All.class)
public @interface Removed {
    /** The key that is gone. */
    String key();

    /** The full path of the key that took its place, as {@code front-door.listen}. */
    String heir();

    /** The version of Banyan that removed it. */
    String since();

    /** All tombstones of a record. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        Removed[] value();
    }
}
