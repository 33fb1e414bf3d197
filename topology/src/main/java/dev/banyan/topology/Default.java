package dev.banyan.topology;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value a key of the site file has when it is absent, as a user would write it in YAML. A component without it must be given, unless
 * its type is {@link java.util.Optional}, a list, a map, or a record all of whose components have defaults.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    String value();
}
