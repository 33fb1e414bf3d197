package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;

/** Command tags, as {@code INSERT 0 5} and {@code SELECT 12}. */
final class Tags {
    private Tags() {}

    /** How many rows a CommandComplete whose body is from..to speaks of; 0 when it names no number. */
    static long rows(ByteBuf in, int from, int to) {
        long rows = 0;
        long unit = 1;
        for (int i = to - 2; i >= from; i--) {
            byte c = in.getByte(i);
            if (c < '0' || c > '9') {
                return c == ' ' ? rows : 0;
            }
            rows += unit * (c - '0');
            unit *= 10;
        }
        return 0;
    }
}
