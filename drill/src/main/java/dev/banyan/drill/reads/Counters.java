package dev.banyan.drill.reads;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What all sessions know of one another: the highest version tried of each counter, and positions handed on. Safe for any thread. */
final class Counters {
    private final AtomicLongArray tried;
    private final AtomicReferenceArray<Handed> handed;

    Counters(int counters) {
        this.tried = new AtomicLongArray(counters);
        this.handed = new AtomicReferenceArray<>(counters);
    }

    /** A position that a session had when its counter was at that version. */
    record Handed(String position, long version) {}

    int size() {
        return tried.length();
    }

    /** The next version of the counter, which only its own session writes. */
    long next(int counter) {
        return tried.incrementAndGet(counter);
    }

    long tried(int counter) {
        return tried.get(counter);
    }

    void hand(int counter, Handed on) {
        handed.set(counter, on);
    }

    /** Null when nothing was handed on yet. */
    Handed handed(int counter) {
        return handed.get(counter);
    }
}
