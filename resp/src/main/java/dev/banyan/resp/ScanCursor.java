package dev.banyan.resp;

/**
 * A cursor over several nodes: the node's index in the upper 12 bits, the node's own cursor in the others. Redis's cursor is a position in a hash
 * table with its bits reversed (dict.c, dictScan), so it is smaller than the table; 2^52 keys at one node are never reached.
 *
 * @param node the node's index
 * @param within the node's own cursor
 */
record ScanCursor(int node, long within) {
    private static final int BITS = 52;

    /** Null when it is none. */
    static ScanCursor parse(String text) {
        try {
            long cursor = Long.parseUnsignedLong(text);
            return new ScanCursor((int) (cursor >>> BITS), cursor & (1L << BITS) - 1);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The cursor after the node has answered with its next one; null when that is too great. */
    String next(long following, int nodes) {
        if (following >>> BITS != 0) {
            return null;
        }
        if (following != 0) {
            return Long.toUnsignedString((long) node << BITS | following);
        }
        return node + 1 < nodes ? Long.toUnsignedString((long) (node + 1) << BITS) : "0";
    }
}
