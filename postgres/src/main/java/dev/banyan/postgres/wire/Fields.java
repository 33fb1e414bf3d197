package dev.banyan.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Reads single fields out of messages that lie whole in a buffer. */
public final class Fields {
    private Fields() {}

    /** A field of an ErrorResponse or NoticeResponse whose body is from..to; empty when it is not there. */
    public static String ofError(ByteBuf in, int from, int to, char code) {
        for (int i = from; i < to && in.getByte(i) != 0; ) {
            int end = zero(in, i + 1, to);
            if (end < 0) {
                return "";
            }
            if (in.getByte(i) == code) {
                return in.toString(i + 1, end - i - 1, StandardCharsets.UTF_8);
            }
            i = end + 1;
        }
        return "";
    }

    /** Where the next zero byte is, from {@code from} on; -1 when there is none before {@code to}. */
    public static int zero(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in.getByte(i) == 0) {
                return i;
            }
        }
        return -1;
    }

    /** The text up to its zero byte; empty when there is none before {@code to}. */
    public static String text(ByteBuf in, int from, int to) {
        int end = zero(in, from, to);
        return end < 0 ? "" : in.toString(from, end - from, StandardCharsets.UTF_8);
    }
}
