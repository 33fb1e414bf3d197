package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Messages of a server, put together until they are sent. */
final class FakeReply {
    private ByteBuf out = Unpooled.buffer();

    /** What has come together, to be sent. */
    ByteBuf take() {
        ByteBuf all = out;
        out = Unpooled.buffer();
        return all;
    }

    ByteBuf bytes() {
        return out;
    }

    void authenticated() {
        out.writeByte('R').writeInt(8).writeInt(0);
    }

    void parameter(String name, String value) {
        message('S', Sent.text(name), Sent.text(value));
    }

    void key(int process) {
        message('K', Sent.int32(process), Sent.int32(process * 31));
    }

    void ready(char status) {
        out.writeByte('Z').writeInt(5).writeByte(status);
    }

    /** A message of numbers of two bytes, or of nothing. */
    void empty(char type, int... shorts) {
        out.writeByte(type).writeInt(4 + 2 * shorts.length);
        for (int number : shorts) {
            out.writeShort(number);
        }
    }

    void columns() {
        message('T', Sent.int16(1), Sent.text("answer"), new byte[4 + 2], Sent.int32(25), Sent.int16(-1), Sent.int32(-1), Sent.int16(0));
    }

    void row(String... values) {
        byte[] columns = new byte[0];
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            columns = Sent.join(columns, Sent.int32(bytes.length), bytes);
        }
        message('D', Sent.int16(values.length), columns);
    }

    void complete(String tag) {
        message('C', Sent.text(tag));
    }

    void copyData(String row) {
        message('d', (row + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** CopyInResponse or CopyOutResponse of one column. */
    void copy(char type) {
        message(type, new byte[1], Sent.int16(1), Sent.int16(0));
    }

    void notification(int process, String channel, String payload) {
        message('A', Sent.int32(process), Sent.text(channel), Sent.text(payload));
    }

    void error(String severity, String state, String message) {
        message('E', Sent.text("S" + severity), Sent.text("V" + severity), Sent.text("C" + state), Sent.text("M" + message), new byte[1]);
    }

    private void message(char type, byte[]... content) {
        out.writeBytes(Sent.message(type, content));
    }
}
