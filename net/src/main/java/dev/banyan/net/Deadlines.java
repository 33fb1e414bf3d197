package dev.banyan.net;

/**
 * The deadlines of one IO loop's connections: a timer wheel that is looked at lazily, so that moving a deadline later, which every request
 * does several times, is one field write. Owned by one IO loop.
 *
 * <p>An entry lies in the bucket of the moment it is next looked at, at the latest when its deadline was at the time it was placed; then it
 * expires or moves on. Precision is one tick, late, never early. (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987.)
 */
public final class Deadlines {
    /** Nothing expires. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int BUCKETS = 512;
    private static final long TICK_NANOS = 50_000_000;

    private final Head[] buckets = new Head[BUCKETS];
    private final Head due = new Head();
    private long tick;
    private int size;

    public Deadlines(long nowNanos) {
        tick = tickOf(nowNanos);
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new Head();
        }
    }

    /** How often {@link #expire} must be called while there are entries, in nanoseconds. */
    public static long tickNanos() {
        return TICK_NANOS;
    }

    /** Ends what is due at {@code nowNanos}: calls {@link Entry#expired} for each, once. When one throws, the others are due at the next call. */
    public void expire(long nowNanos) {
        long now = tickOf(nowNanos);
        // After a long pause every bucket is looked at once, not once a missed tick.
        long from = Math.max(tick + 1, now - BUCKETS + 1);
        tick = Math.max(tick, now);
        for (long t = from; t <= now; t++) {
            expireBucket(bucket(t), nowNanos);
        }
    }

    private void expireBucket(Head bucket, long nowNanos) {
        // Whatever the ends of these entries place or take away, this ring stays whole.
        due.takeAllOf(bucket);
        while (!due.isAlone()) {
            look(due.first(), nowNanos);
        }
    }

    private void look(Entry entry, long nowNanos) {
        entry.unlink();
        size--;
        if (entry.deadline <= nowNanos) {
            entry.deadline = NEVER;
            entry.expired(nowNanos);
        } else if (entry.deadline != NEVER) {
            place(entry);
        }
    }

    private void place(Entry entry) {
        long due = Math.min(tickOf(entry.deadline) + 1, tick + BUCKETS - 1);
        entry.lookAt = Math.max(due, tick + 1);
        entry.linkBefore(bucket(entry.lookAt));
        size++;
    }

    private Head bucket(long ofTick) {
        return buckets[Math.floorMod(ofTick, BUCKETS)];
    }

    /** Rounds down, for a clock's origin may lie in the future. */
    private static long tickOf(long nanos) {
        return Math.floorDiv(nanos, TICK_NANOS);
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Something that ends when its deadline passes. */
    public abstract static class Entry {
        private Entry next;
        private Entry previous;
        private long deadline = NEVER;
        private long lookAt;

        /** Sets the moment it ends, in the clock's nanoseconds, or {@link #NEVER}. */
        public final void endAt(Deadlines deadlines, long deadlineNanos) {
            deadline = deadlineNanos;
            if (deadlineNanos == NEVER) {
                return;
            }
            if (next == null) {
                deadlines.place(this);
            } else if (tickOf(deadlineNanos) + 1 < lookAt) {
                unlink();
                deadlines.size--;
                deadlines.place(this);
            }
        }

        /** Takes it out, for good or until the next {@link #endAt}. */
        public final void forget(Deadlines deadlines) {
            deadline = NEVER;
            if (next != null) {
                unlink();
                deadlines.size--;
            }
        }

        /** The deadline has passed; called once on the loop, with the entry out of the wheel. */
        protected abstract void expired(long nowNanos);

        private void linkBefore(Entry head) {
            previous = head.previous;
            next = head;
            previous.next = this;
            head.previous = this;
        }

        private void unlink() {
            previous.next = next;
            next.previous = previous;
            next = null;
            previous = null;
        }
    }

    /** The fixed entry of a bucket's ring. */
    private static final class Head extends Entry {
        Head() {
            super.next = this;
            super.previous = this;
        }

        Entry first() {
            return super.next;
        }

        boolean isAlone() {
            return super.next == this;
        }

        /** Puts all of another's behind what is here, as when an entry's end failed and the rest of its bucket is still due. */
        void takeAllOf(Head other) {
            if (!other.isAlone()) {
                Entry first = ((Entry) other).next;
                Entry last = ((Entry) other).previous;
                Entry before = super.previous;
                ((Entry) other).next = other;
                ((Entry) other).previous = other;
                before.next = first;
                first.previous = before;
                last.next = this;
                super.previous = last;
            }
        }

        @Override
        protected void expired(long nowNanos) {
            throw new IllegalStateException("a bucket's head has no deadline");
        }
    }
}
