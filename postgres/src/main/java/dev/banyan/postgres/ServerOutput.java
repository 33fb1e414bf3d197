package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;

/** What goes to a server: messages of a few bytes are put together before they are sent, many bytes pass as they lie. Owned by the connection's loop. */
final class ServerOutput {
    /** Bytes from which on a message is not copied beside others. */
    private static final int LARGE = 4 << 10;

    private final Channel channel;
    private ByteBuf small;

    ServerOutput(Channel channel) {
        this.channel = channel;
    }

    /** Where messages of a few bytes are put together. */
    ByteBuf buffer() {
        if (small == null) {
            small = channel.alloc().directBuffer(LARGE);
        }
        return small;
    }

    /** Nothing waits for a {@link #flush}. */
    boolean isEmpty() {
        return small == null;
    }

    /** Sends bytes; {@link #flush} lets them go. Takes over the buffer. */
    void send(ByteBuf bytes) {
        sendSmall();
        channel.write(bytes, channel.voidPromise());
    }

    /** Sends the next bytes of what a client sent: a few are copied beside others, many pass as they lie. */
    void append(ByteBuf in, int bytes) {
        if (bytes < LARGE) {
            buffer().writeBytes(in, bytes);
        } else {
            send(in.readRetainedSlice(bytes));
        }
    }

    private void sendSmall() {
        if (small != null) {
            channel.write(small, channel.voidPromise());
            small = null;
        }
    }

    void flush() {
        sendSmall();
        channel.flush();
    }

    /** A simple query. */
    void query(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        buffer().writeByte('Q').writeInt(4 + text.length + 1).writeBytes(text).writeByte(0);
    }

    /** The Parse of an unnamed statement without parameters. */
    void parse(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        buffer().writeByte('P').writeInt(4 + 1 + text.length + 1 + 2).writeByte(0).writeBytes(text).writeByte(0).writeShort(0);
    }

    /** What was not sent never will be. */
    void release() {
        if (small != null) {
            small.release();
            small = null;
        }
    }
}
