package dev.banyan.cache;

import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.OnChange;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.charset.StandardCharsets;

/**
 * A declared prefix.
 *
 * @param index its place in {@code cache.keys}
 */
record Rule(int index, CacheKeys declared) {
    String prefix() {
        return declared.prefix();
    }

    byte[] prefixBytes() {
        return prefix().getBytes(StandardCharsets.UTF_8);
    }

    Strategy strategy() {
        return declared.strategy();
    }

    Shape shape() {
        return declared.value();
    }

    /** Whether its commands go to the node untouched, so that nobody needs to know of the prefix. */
    boolean untouched() {
        return strategy() == Strategy.CACHE_ASIDE && !declared.lease();
    }

    /** Whether its values come from the database. */
    boolean loads() {
        return strategy() != Strategy.CACHE_ASIDE;
    }

    boolean writes() {
        return loads() && strategy() != Strategy.READ_THROUGH;
    }

    /** Whether the database's log says when its values are old. */
    boolean followed() {
        boolean named = declared.table().isPresent() || !declared.evictedBy().isEmpty();
        return loads() && named && declared.onChange() != OnChange.IGNORE;
    }

    /** What changes when what is stored under the prefix would be another value. */
    int fingerprint() {
        return declared.toString().hashCode();
    }
}
