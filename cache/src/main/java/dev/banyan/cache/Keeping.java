package dev.banyan.cache;

import dev.banyan.cache.Load.Found;
import dev.banyan.cache.Rows.Loaded;
import dev.banyan.topology.CacheKeys;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long what was loaded is kept.
 *
 * @param keptMillis 0 is not at all
 * @param refreshAfterMillis from when on it is loaded anew ahead of its end; {@link Long#MAX_VALUE} is never
 */
record Keeping(long keptMillis, long refreshAfterMillis) {
    private static final Keeping NOT = new Keeping(0, Long.MAX_VALUE);

    static Keeping of(Rule rule, Loaded loaded, RandomGenerator random) {
        if (!loaded.canonical()) {
            return NOT; // changes are told of another form of the key
        }
        return loaded.value().isPresent() ? ofValue(rule, random) : new Keeping(rule.declared().missing().toMillis(), Long.MAX_VALUE);
    }

    static Keeping ofValue(Rule rule, RandomGenerator random) {
        CacheKeys declared = rule.declared();
        long kept = Math.max(1, Math.round(declared.ttl().toMillis() * (1 - declared.jitter().of1() * random.nextDouble())));
        double ahead = declared.refreshAhead().of1();
        return new Keeping(kept, ahead == 0 ? Long.MAX_VALUE : Math.round(kept * (1 - ahead)));
    }

    boolean keeps() {
        return keptMillis > 0;
    }

    Entry entry(long generation, Found found) {
        return entry(generation, found.loaded().value(), found.atMillis(), found.saw());
    }

    /** @param saw the transactions it is known to have seen; the last ones are kept */
    Entry entry(long generation, Optional<byte[]> value, long atMillis, int[] saw) {
        int[] xids = Arrays.copyOfRange(saw, Math.max(0, saw.length - Entry.MOST_XIDS), saw.length);
        long refresh = refreshAfterMillis == Long.MAX_VALUE ? Long.MAX_VALUE : atMillis + refreshAfterMillis;
        return value.map(bytes -> Entry.value(generation, atMillis, refresh, xids, bytes)).orElseGet(() -> Entry.none(generation, atMillis, xids));
    }
}
