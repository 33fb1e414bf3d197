package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What goes to a client: the server's bytes as they came, and what the router says itself. The beginning of an answer can be held back, so that
 * a read whose server fails is asked again unseen. Owned by one session.
 */
final class ClientOutput {
    private static final int SHORT = 6;

    private final Channel channel;
    private boolean holding;
    private ByteBuf held;

    ClientOutput(Channel channel) {
        this.channel = channel;
    }

    /** From now on what is forwarded is held back. */
    void hold() {
        holding = true;
    }

    boolean isHolding() {
        return holding;
    }

    /** The client sees what was held back, and all that follows. */
    void letGo() {
        holding = false;
        if (held != null) {
            write(held);
            held = null;
        }
    }

    /** What was held back never was. */
    void forget() {
        holding = false;
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** A stretch of what the server sent. */
    void forward(ByteBuf from, int start, int end) {
        if (holding) {
            held = held == null ? channel.alloc().directBuffer(end - start) : held;
            held.writeBytes(from, start, end - start);
        } else if (start == from.readerIndex() && end == from.writerIndex()) {
            write(from.retain());
        } else {
            write(from.retainedSlice(start, end - start));
        }
    }

    /** A message without a body, in its turn among the server's. */
    void answer(byte type) {
        ByteBuf message = channel.alloc().directBuffer(SHORT).writeByte(type).writeInt(4);
        if (holding) {
            forward(message, message.readerIndex(), message.writerIndex());
            message.release();
        } else {
            write(message);
        }
    }

    /** ReadyForQuery. @param status I, T or E */
    void ready(byte status) {
        write(channel.alloc().directBuffer(SHORT).writeByte('Z').writeInt(5).writeByte(status));
    }

    void completed(String tag) {
        ByteBuf message = channel.alloc().directBuffer(SHORT + tag.length());
        message.writeByte('C').writeInt(4 + tag.length() + 1);
        message.writeCharSequence(tag, StandardCharsets.US_ASCII);
        write(message.writeByte(0));
    }

    /** One row of one column of text. */
    void row(String column, String value) {
        ByteBuf message = channel.alloc().directBuffer(128);
        Rows.describe(message, List.of(column));
        Rows.row(message, List.of(value));
        write(message);
    }

    void error(PostgresError why) {
        ByteBuf message = channel.alloc().directBuffer(256);
        why.writeTo(message);
        write(message);
    }

    /** The end of a start-up: the server's settings, what cancels, ready. */
    void welcome(Map<String, String> parameters, CancelKey key) {
        ByteBuf hello = channel.alloc().directBuffer(512);
        parameters.forEach((name, value) -> {
            hello.writeByte('S');
            int at = hello.writerIndex();
            hello.writeInt(0);
            hello.writeCharSequence(name, StandardCharsets.UTF_8);
            hello.writeByte(0);
            hello.writeCharSequence(value, StandardCharsets.UTF_8);
            hello.writeByte(0);
            hello.setInt(at, hello.writerIndex() - at);
        });
        hello.writeByte('K').writeInt(8 + key.secret().length).writeInt(key.processId()).writeBytes(key.secret());
        write(hello);
        ready((byte) 'I');
        flush();
    }

    private void write(ByteBuf message) {
        channel.write(message, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }
}
