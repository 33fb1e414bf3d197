package dev.banyan.http.cache;

/** A queue of evictables, linked through themselves, and the sum of their weights. Each is in at most one chain. */
final class Chain {
    private Evictable head;
    private Evictable tail;
    private long bytes;

    /** Puts it behind the last. */
    void add(Evictable one) {
        one.before = tail;
        one.after = null;
        if (tail == null) {
            head = one;
        } else {
            tail.after = one;
        }
        tail = one;
        bytes += one.weight;
    }

    void remove(Evictable one) {
        if (one.before == null) {
            head = one.after;
        } else {
            one.before.after = one.after;
        }
        if (one.after == null) {
            tail = one.before;
        } else {
            one.after.before = one.before;
        }
        one.before = null;
        one.after = null;
        bytes -= one.weight;
    }

    /** The one that has been here the longest; null when there is none. */
    Evictable first() {
        return head;
    }

    /** One of it has another weight by now. */
    void resized(long by) {
        bytes += by;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return head == null;
    }
}
