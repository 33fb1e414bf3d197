package dev.banyan.bench.policies;

import dev.banyan.http.cache.Evictable;
import dev.banyan.http.cache.EvictionPolicy;
import dev.banyan.topology.Edge.Eviction;
import java.util.Arrays;
import java.util.TreeSet;

/** Plays a trace through a cache of so many bytes: what is asked for and not there is fetched and added. */
final class Replay {
    private static final long NEVER = Long.MAX_VALUE;

    private final Requests trace;
    private final long budget;
    private long hits;
    private long hitBytes;
    private long bytes;

    /**
     * @param hits the part of the requests that were answered from the cache
     * @param byteHits the part of the bytes
     */
    record Result(double hits, double byteHits) {}

    Replay(Requests trace, long budget) {
        this.trace = trace;
        this.budget = budget;
    }

    Result with(Eviction eviction) {
        EvictionPolicy policy = EvictionPolicy.of(eviction, budget);
        Stored[] stored = new Stored[trace.sizes().length];
        for (int object : trace.objects()) {
            if (count(object, stored[object] != null)) {
                if (policy.touched(stored[object])) {
                    policy.drain();
                }
            } else if (trace.sizes()[object] <= budget) {
                stored[object] = new Stored(object, trace.sizes()[object]);
                policy.added(stored[object]);
                for (Evictable victim = policy.victim(); victim != null; victim = policy.victim()) {
                    stored[((Stored) victim).object] = null;
                }
            }
        }
        return result();
    }

    /** Belady's: what is asked for latest goes first, and is not even stored when it is that. With sizes no longer the best there is, but near it. */
    Result withTheFuture() {
        long[] next = nextUses();
        long[] due = new long[trace.sizes().length];
        TreeSet<Long> byUse = new TreeSet<>();
        int[] objects = trace.objects();
        long used = 0;
        for (int i = 0; i < objects.length; i++) {
            int object = objects[i];
            boolean there = count(object, due[object] != 0);
            if (there) {
                byUse.remove(due[object]);
                used -= trace.sizes()[object];
                due[object] = 0;
            }
            if (next[i] != NEVER) {
                due[object] = next[i];
                byUse.add(next[i]); // no two objects are asked for at the same place
                used += trace.sizes()[object];
            }
            while (used > budget) {
                int latest = objects[(int) (long) byUse.pollLast()];
                due[latest] = 0;
                used -= trace.sizes()[latest];
            }
        }
        return result();
    }

    /** For each request the place of the next for the same object. */
    private long[] nextUses() {
        int[] objects = trace.objects();
        long[] next = new long[objects.length];
        long[] last = new long[trace.sizes().length];
        Arrays.fill(last, NEVER);
        for (int i = objects.length - 1; i >= 0; i--) {
            next[i] = last[objects[i]];
            last[objects[i]] = i;
        }
        return next;
    }

    private boolean count(int object, boolean there) {
        bytes += trace.sizes()[object];
        if (there) {
            hits++;
            hitBytes += trace.sizes()[object];
        }
        return there;
    }

    private Result result() {
        return new Result((double) hits / trace.objects().length, (double) hitBytes / bytes);
    }

    private static final class Stored extends Evictable {
        private final int object;

        Stored(int object, long size) {
            super(object * 0x9E37_79B9_7F4A_7C15L, size);
            this.object = object;
        }
    }
}
