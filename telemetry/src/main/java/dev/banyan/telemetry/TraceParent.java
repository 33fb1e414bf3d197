package dev.banyan.telemetry;

/**
 * A {@code traceparent} field, as it came in: whose part of which trace a request is. Read where it lies, without allocating; reused. Owned by
 * one loop.
 *
 * @see <a href="https://www.w3.org/TR/trace-context-2/">W3C Trace Context, level 2</a>
 */
public final class TraceParent {
    /** Of version 00: version 2, trace id 32, parent id 16, flags 2, and three hyphens. */
    public static final int LENGTH = 55;

    private static final int TRACE = 3;
    private static final int PARENT = 36;
    private static final int FLAGS = 53;
    private static final int SAMPLED = 1;
    private static final int RANDOM = 2;

    private long traceHigh;
    private long traceLow;
    private long parent;
    private int flags;

    /**
     * Reads {@code bytes[from, to)}; false, and what was read before stays, when it is malformed, or its trace or parent is all zero. A later
     * version may be longer, with a hyphen behind the flags; of its flags those of level 2 count.
     */
    public boolean read(byte[] bytes, int from, int to) {
        if (to - from < LENGTH || bytes[from + 2] != '-' || bytes[from + PARENT - 1] != '-' || bytes[from + FLAGS - 1] != '-') {
            return false;
        }
        int version = (int) hex(bytes, from, 2);
        boolean ends = to - from == LENGTH || version > 0 && bytes[from + LENGTH] == '-';
        if (version < 0 || version == 0xff || !ends || !areHex(bytes, from + TRACE, 32) || !areHex(bytes, from + PARENT, 16) || !areHex(bytes, from + FLAGS, 2)) {
            return false;
        }
        long high = hex(bytes, from + TRACE, 16);
        long low = hex(bytes, from + TRACE + 16, 16);
        long caller = hex(bytes, from + PARENT, 16);
        if ((high | low) == 0 || caller == 0) {
            return false;
        }
        traceHigh = high;
        traceLow = low;
        parent = caller;
        flags = (int) hex(bytes, from + FLAGS, 2);
        return true;
    }

    public long traceHigh() {
        return traceHigh;
    }

    public long traceLow() {
        return traceLow;
    }

    /** The span that asks. */
    public long parent() {
        return parent;
    }

    /** Whether whoever asks records its part. */
    public boolean sampled() {
        return (flags & SAMPLED) != 0;
    }

    /** Whether the last seven bytes of the trace's id were drawn at random. */
    public boolean random() {
        return (flags & RANDOM) != 0;
    }

    private static boolean areHex(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (digit(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    /** -1 where two digits are none; sixteen must be known to be digits. */
    private static long hex(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            int digit = digit(bytes[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Capitals are none (section 3.2). */
    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
    }
}
