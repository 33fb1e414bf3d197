package dev.banyan.http.wire;

import java.util.Arrays;

/**
 * The ranges of bytes that a {@code Range} field asks for (RFC 9110 section 14.1.2), and which bytes they are of a representation whose length is known.
 * Reused for each request; allocates nothing. Owned by one IO loop.
 *
 * <p>Ranges that overlap, or lie closer than a part's head is long, are answered as one (section 15.3.7.2). A field that asks for more than
 * {@link #MOST} is ignored, which a server may always do (section 14.2): many small ranges are an attack.
 */
public final class ByteRanges {
    public static final int MOST = 16;

    /** Less than a multipart's boundary and head cost. */
    private static final int SMALLEST_GAP = 80;
    private static final byte[] BYTES = HeadBuffer.ascii("bytes=");
    private static final long OPEN = -1;

    private final long[] asked = new long[2 * MOST];
    private final long[] firsts = new long[MOST];
    private final long[] ends = new long[MOST];
    private int askedCount;
    private int count;

    /**
     * Reads a field's value.
     *
     * @return false when it is to be ignored: another unit, no grammar, or too many
     */
    public boolean read(byte[] bytes, int from, int to) {
        askedCount = 0;
        count = 0;
        if (to - from <= BYTES.length || !Grammar.equalsIgnoreCase(bytes, from, from + BYTES.length, BYTES)) {
            return false;
        }
        for (int at = from + BYTES.length; at < to; ) {
            int comma = Lists.comma(bytes, at, to);
            int start = Lists.trimStart(bytes, at, comma);
            int end = Lists.trimEnd(bytes, start, comma);
            if (start < end && (askedCount == MOST || !readOne(bytes, start, end))) {
                askedCount = 0;
                return false;
            }
            at = comma + 1;
        }
        return askedCount > 0;
    }

    private boolean readOne(byte[] bytes, int from, int to) {
        int dash = from;
        while (dash < to && bytes[dash] != '-') {
            dash++;
        }
        long first = dash == from ? OPEN : Lists.number(bytes, from, dash);
        long last = dash + 1 >= to ? OPEN : Lists.number(bytes, dash + 1, to);
        boolean numbers = (dash == from || first >= 0) && (dash + 1 >= to || last >= 0);
        boolean ordered = first == OPEN ? last != OPEN : last == OPEN || first <= last;
        if (dash == to || !numbers || !ordered) {
            return false;
        }
        asked[2 * askedCount] = first;
        asked[2 * askedCount + 1] = last;
        askedCount++;
        return true;
    }

    /**
     * Works out which bytes of a representation were asked for.
     *
     * @param length of the representation, in bytes
     * @return how many ranges there are now, in the order in which they were asked for; 0 when none can be satisfied
     */
    public int resolve(long length) {
        count = 0;
        for (int i = 0; i < askedCount; i++) {
            long first = asked[2 * i];
            long last = asked[2 * i + 1];
            long from = first == OPEN ? Math.max(0, length - last) : first;
            long end = first == OPEN || last == OPEN ? length : Math.min(last + 1, length);
            if (from < end) {
                firsts[count] = from;
                ends[count++] = end;
            }
        }
        while (mergeTwo()) { }
        return count;
    }

    /** Makes one of the first two that lie too close together; false when there are none. */
    private boolean mergeTwo() {
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                if (firsts[i] - ends[j] < SMALLEST_GAP && firsts[j] - ends[i] < SMALLEST_GAP) {
                    firsts[i] = Math.min(firsts[i], firsts[j]);
                    ends[i] = Math.max(ends[i], ends[j]);
                    System.arraycopy(firsts, j + 1, firsts, j, count - j - 1);
                    System.arraycopy(ends, j + 1, ends, j, count - j - 1);
                    count--;
                    return true;
                }
            }
        }
        return false;
    }

    /** How many were asked for; 0 before {@link #read} and after one that is ignored. */
    public int asked() {
        return askedCount;
    }

    /** The first byte that the first range asks for, or -1 when it counts from the end. */
    public long askedFirst() {
        return asked[0];
    }

    /** The last byte that the first range asks for, or -1 when it reaches to the end; how many from the end when it counts from there. */
    public long askedLast() {
        return asked[1];
    }

    /** How many {@link #resolve} found. */
    public int count() {
        return count;
    }

    public long first(int range) {
        return firsts[range];
    }

    /** The index past its last byte. */
    public long end(int range) {
        return ends[range];
    }

    /** The bytes of all ranges together. */
    public long total() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += ends[i] - firsts[i];
        }
        return total;
    }

    /** Nothing is asked for. */
    public void clear() {
        askedCount = 0;
        count = 0;
    }

    @Override
    public String toString() {
        return "first " + Arrays.toString(Arrays.copyOf(firsts, count)) + ", end " + Arrays.toString(Arrays.copyOf(ends, count));
    }
}
