package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;

/** The answer to {@code SELECT pg_current_wal_insert_lsn()}: a position as text in the only column of a row. */
final class LsnRow {
    private static final int COLUMNS_AND_LENGTH = 6;

    private LsnRow() {}

    /** Reads it from a DataRow whose body is from..to; {@link Lsn#NONE} when it is null or something else. Allocates nothing. */
    static long read(ByteBuf in, int from, int to) {
        if (to - from <= COLUMNS_AND_LENGTH || in.getShort(from) != 1 || in.getInt(from + 2) != to - from - COLUMNS_AND_LENGTH) {
            return Lsn.NONE;
        }
        long high = 0;
        long low = 0;
        boolean slash = false;
        for (int i = from + COLUMNS_AND_LENGTH; i < to; i++) {
            byte c = in.getByte(i);
            int digit = Character.digit(c, 16);
            if (c == '/') {
                high = low;
                low = 0;
                slash = true;
            } else if (digit < 0) {
                return Lsn.NONE;
            } else {
                low = low << 4 | digit;
            }
        }
        return slash ? high << 32 | low : Lsn.NONE;
    }
}
