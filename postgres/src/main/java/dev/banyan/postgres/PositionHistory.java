package dev.banyan.postgres;

/**
 * Where the primary's log was when: samples of it, so that how far a replica is behind can be told in time without asking any server's clock
 * and without taking an idle primary for a lagging replica. Owned by one loop.
 *
 * <p>A ring of {@value #SIZE} entries. Entries closer together than the spacing replace one another, so that the ring reaches far enough back;
 * what that loses makes {@link #through} earlier and {@link #missingSince} later, never the other way round.
 */
final class PositionHistory {
    private static final int SIZE = 1024;

    private final long[] firstNanos = new long[SIZE];
    private final long[] lastNanos = new long[SIZE];
    private final long[] positions = new long[SIZE];
    private long spacingNanos;
    /** Entries ever; the youngest is at {@code count - 1}, modulo the size. */
    private long count;

    /** @param reachNanos how far back it is to know, at least, once that much time has passed */
    PositionHistory(long reachNanos) {
        reach(reachNanos);
    }

    void reach(long reachNanos) {
        spacingNanos = reachNanos / (SIZE / 2);
    }

    /** Another primary: what the last one had means nothing any more. */
    void clear() {
        count = 0;
    }

    /** A sample of the primary. Earlier than the last one, or of a smaller position: a primary that was restored; it begins anew. */
    void add(long sentNanos, long position) {
        if (count > 0 && position < positions[slot(count - 1)]) {
            clear();
        }
        if (count > 0 && position == positions[slot(count - 1)]) {
            lastNanos[slot(count - 1)] = sentNanos;
            return;
        }
        if (count < 2 || sentNanos - lastNanos[slot(count - 2)] >= spacingNanos) {
            count++;
        }
        int slot = slot(count - 1);
        firstNanos[slot] = sentNanos;
        lastNanos[slot] = sentNanos;
        positions[slot] = position;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The last moment whose commits all lie within the position; {@code otherwise} when that was before what is known. */
    long through(long position, long otherwise) {
        long entry = lastWithin(position);
        return entry < oldest() ? otherwise : lastNanos[slot(entry)];
    }

    /** The first moment at which there was something beyond the position; {@code otherwise} when there is nothing known. */
    long missingSince(long position, long otherwise) {
        long entry = lastWithin(position) + 1;
        return entry == count ? otherwise : firstNanos[slot(entry)];
    }

    /** Whether the position is older than all that is known, so that {@link #missingSince} may be far too late. */
    boolean isBefore(long position) {
        return lastWithin(position) < oldest();
    }

    /** The youngest entry whose position is at most that, by binary search; one before the oldest when there is none. */
    private long lastWithin(long position) {
        long low = oldest() - 1;
        long high = count - 1;
        while (low < high) {
            long middle = high - (high - low) / 2;
            if (positions[slot(middle)] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long oldest() {
        return Math.max(0, count - SIZE);
    }

    private static int slot(long entry) {
        return (int) (entry & SIZE - 1);
    }
}
