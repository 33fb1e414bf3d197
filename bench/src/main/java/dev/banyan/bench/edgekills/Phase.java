package dev.banyan.bench.edgekills;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What clients got while one thing was as it was. Safe for any thread. */
final class Phase {
    private final String name;
    private final LongAdder requests = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder storableFailed = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

    /** @param name what is dead, as {@code edge-1 dead} */
    Phase(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** @param hit whether a cache said that it had it */
    void answered(boolean hit) {
        requests.increment();
        if (hit) {
            hits.increment();
        }
    }

    /** A client has gone to another edge, because its own has failed it in this way. */
    void moved(String why) {
        moved.increment();
        failures.computeIfAbsent("another edge after " + why, _ -> new LongAdder()).increment();
    }

    /** No edge had an answer. */
    void failed(Wanted what, String why) {
        requests.increment();
        if (what.storable()) {
            storableFailed.increment();
        }
        failures.computeIfAbsent((what.storable() ? "STORABLE: " : "not storable: ") + why, _ -> new LongAdder()).increment();
    }

    long requests() {
        return requests.sum();
    }

    long hits() {
        return hits.sum();
    }

    /** How often a client went to another edge. */
    long moves() {
        return moved.sum();
    }

    /** Requests for what may be stored that nobody answered. */
    long storableFailed() {
        return storableFailed.sum();
    }

    /** Every kind of failure and how often it was, those that another edge made good with them. */
    Map<String, Long> failures() {
        Map<String, Long> sums = new TreeMap<>();
        failures.forEach((why, count) -> sums.put(why, count.sum()));
        return sums;
    }
}
