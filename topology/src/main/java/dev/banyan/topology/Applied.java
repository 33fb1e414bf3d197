package dev.banyan.topology;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a change of this key reaches a running site; holds for all keys beneath it that do not say otherwise. Live when absent. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Applied {
    Effect value();

    /** What a change needs, from the least to the most. */
    enum Effect {
        @Doc("at once, on the running site")
        LIVE,
        @Doc("by replacing the application's instances one by one, no request lost")
        ROLLING,
        @Doc("at the next 'banyan up'")
        RESTART
    }
}
