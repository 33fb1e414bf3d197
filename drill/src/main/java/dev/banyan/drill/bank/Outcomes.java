package dev.banyan.drill.bank;

import java.util.BitSet;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was said to each write: acknowledged, refused, or nothing that can be relied on. Two bits a write. Safe for any thread.
 */
final class Outcomes {
    private final BitSet acknowledged = new BitSet();
    private final BitSet refused = new BitSet();
    private final ConcurrentMap<String, LongAdder> failures = new ConcurrentHashMap<>();
    private int sent;

    /** A new write's id, from 0. */
    synchronized int send() {
        return sent++;
    }

    synchronized void acknowledged(int id) {
        acknowledged.set(id);
    }

    /** The server said, or it is certain, that nothing of it was done. */
    synchronized void refused(int id) {
        refused.set(id);
    }

    /** @param state an SQLSTATE, or what else there is, with {@code connect} before it when no write had been begun */
    void failed(String state) {
        failures.computeIfAbsent(state, _ -> new LongAdder()).increment();
    }

    synchronized int sent() {
        return sent;
    }

    synchronized int acknowledgements() {
        return acknowledged.cardinality();
    }

    SortedMap<String, Long> failures() {
        SortedMap<String, Long> counts = new TreeMap<>();
        failures.forEach((state, count) -> counts.put(state, count.sum()));
        return Collections.unmodifiableSortedMap(counts);
    }

    /** A copy of the acknowledged ones. */
    synchronized BitSet allAcknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /** A copy of the refused ones. */
    synchronized BitSet allRefused() {
        return (BitSet) refused.clone();
    }
}
