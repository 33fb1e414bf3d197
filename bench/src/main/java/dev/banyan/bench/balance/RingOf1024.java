package dev.banyan.bench.balance;

import dev.banyan.balance.Hash64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plain ring of the size that Envoy's ring hash has by default (minimum_ring_size 1024): at least 1024 points in all, the same number for each of
 * these equal servers.
 */
final class RingOf1024 {
    private static final int SMALLEST = 1024;

    private final TreeMap<Long, Integer> points = new TreeMap<>();

    RingOf1024(String[] names) {
        int each = Math.ceilDiv(SMALLEST, names.length);
        for (int server = 0; server < names.length; server++) {
            for (int point = 0; point < each; point++) {
                points.put(Hash64.of(names[server] + "_" + point), server);
            }
        }
    }

    int server(long key) {
        Map.Entry<Long, Integer> next = points.ceilingEntry(Hash64.mix(key));
        return next == null ? points.firstEntry().getValue() : next.getValue();
    }

    /** As an array of hashes and servers would take. */
    long bytes() {
        return (long) points.size() * (Long.BYTES + Integer.BYTES);
    }
}
