package dev.banyan.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a node holds for a declared key: a head of fixed layout, the transactions that are known to have changed it, and the value.
 *
 * <pre>
 * 0   format, {@value #FORMAT}
 * 1   state: V value, N no such row, L being loaded, G gone
 * 2   generation of the prefix, 8 bytes
 * 10  token of who loads it, 8 bytes; 0 for V and N
 * 18  when it was loaded, or began to be, or went: milliseconds since 1970, 8 bytes
 * 26  V and N: from when it is loaded anew ahead of its end; L: until when its loader has it alone. Milliseconds since 1970, 8 bytes
 * 34  how many transaction ids follow, at most {@value #MOST_XIDS}
 * 35  those ids, the newest last, 4 bytes each
 *     the value
 * </pre>
 * Numbers have their highest byte first. The scripts beside this class read and write the same layout.
 *
 * @param value empty but for V; not copied
 */
record Entry(State state, long generation, long token, long atMillis, long untilMillis, int[] xids, byte[] value) {
    static final int MOST_XIDS = 8;

    private static final byte FORMAT = 1;
    private static final int HEAD = 35;
    private static final byte[] NOTHING = {};

    /** What the entry says. */
    enum State {
        VALUE('V'),
        NONE('N'),
        LEASE('L'),
        GONE('G');

        private final byte letter;

        State(char letter) {
            this.letter = (byte) letter;
        }

        private static Optional<State> of(byte letter) {
            return Arrays.stream(values()).filter(state -> state.letter == letter).findFirst();
        }
    }

    static Entry value(long generation, long atMillis, long refreshMillis, int[] xids, byte[] value) {
        return new Entry(State.VALUE, generation, 0, atMillis, refreshMillis, xids, value);
    }

    static Entry none(long generation, long atMillis, int[] xids) {
        return new Entry(State.NONE, generation, 0, atMillis, Long.MAX_VALUE, xids, NOTHING);
    }

    /** Whether it answers a read: a value, or that there is none. */
    boolean answers() {
        return state == State.VALUE || state == State.NONE;
    }

    /** The last transaction that is known to have changed it; 0 for none. */
    int lastXid() {
        return xids.length == 0 ? 0 : xids[xids.length - 1];
    }

    byte[] bytes() {
        ByteBuffer all = head(value.length);
        return all.put(value).array();
    }

    /** All before the value: what tells it from any other entry of its key. */
    byte[] headBytes() {
        return head(0).array();
    }

    private ByteBuffer head(int more) {
        ByteBuffer head = ByteBuffer.allocate(HEAD + 4 * xids.length + more);
        head.put(FORMAT).put(state.letter).putLong(generation).putLong(token).putLong(atMillis).putLong(untilMillis).put((byte) xids.length);
        for (int xid : xids) {
            head.putInt(xid);
        }
        return head;
    }

    /** Empty when these bytes are no entry of this format: something else was stored under the key, before the prefix was declared or past the router. */
    static Optional<Entry> parse(byte[] bytes) {
        if (bytes.length < HEAD || bytes[0] != FORMAT) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        Optional<State> state = State.of(in.get());
        long generation = in.getLong();
        long token = in.getLong();
        long at = in.getLong();
        long until = in.getLong();
        int count = in.get();
        if (state.isEmpty() || count < 0 || count > MOST_XIDS || in.remaining() < 4 * count) {
            return Optional.empty();
        }
        int[] xids = new int[count];
        for (int i = 0; i < count; i++) {
            xids[i] = in.getInt();
        }
        byte[] value = state.get() == State.VALUE ? Arrays.copyOfRange(bytes, HEAD + 4 * count, bytes.length) : NOTHING;
        return Optional.of(new Entry(state.get(), generation, token, at, until, xids, value));
    }

    /** The ids with another behind them; the oldest goes when there are too many. */
    static int[] with(int[] xids, int xid) {
        int drop = Math.max(0, xids.length + 1 - MOST_XIDS);
        int[] all = Arrays.copyOfRange(xids, drop, xids.length + 1);
        all[all.length - 1] = xid;
        return all;
    }

    boolean knows(int xid) {
        return Arrays.stream(xids).anyMatch(known -> known == xid);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry && Arrays.equals(bytes(), entry.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(headBytes());
    }

    @Override
    public String toString() {
        return state + " of generation " + generation + " at " + atMillis + " after " + Arrays.toString(xids) + ", " + value.length + " bytes";
    }
}
