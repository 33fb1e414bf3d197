package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers, in the version that a client speaks, and commands. What version 2 has no type for is written as Redis does there. */
public final class ReplyWriter {
    private static final int LINE_END = '\r' << 8 | '\n';
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] NULL_2 = ascii("$-1\r\n");
    private static final byte[] NULL_3 = ascii("_\r\n");

    private ReplyWriter() {}

    /** @param protocol 2 or 3 */
    public static void write(Reply reply, int protocol, ByteBuf out) {
        boolean old = protocol < 3;
        switch (reply) {
            case Reply.Simple(String text) -> text('+', text, out);
            case Reply.Failure(String text) -> failure(out, text);
            case Reply.Number(long value) -> number(out, value);
            case Reply.Bulk(byte[] bytes) -> bulk(out, bytes);
            case Reply.Null _ -> nullBulk(out, protocol);
            case Reply.Array(List<Reply> items) -> items('*', items.size(), items, protocol, out);
            case Reply.Pairs(List<Reply> items) -> items(old ? '*' : '%', old ? items.size() : items.size() / 2, items, protocol, out);
            case Reply.Members(List<Reply> items) -> items(old ? '*' : '~', items.size(), items, protocol, out);
            case Reply.Push(List<Reply> items) -> items(old ? '*' : '>', items.size(), items, protocol, out);
            case Reply.Real(String text) -> textOrBulk(old, ',', text, out);
            case Reply.BigNumber(String text) -> textOrBulk(old, '(', text, out);
            case Reply.Truth(boolean value) -> truth(old, value, out);
            case Reply.Verbatim verbatim -> verbatim(old, verbatim, out);
        }
    }

    private static void items(char kind, int count, List<Reply> items, int protocol, ByteBuf out) {
        header(kind, count, out);
        for (Reply item : items) {
            write(item, protocol, out);
        }
    }

    private static void textOrBulk(boolean bulk, char kind, String text, ByteBuf out) {
        if (bulk) {
            bulk(out, text.getBytes(StandardCharsets.UTF_8));
        } else {
            text(kind, text, out);
        }
    }

    private static void truth(boolean old, boolean value, ByteBuf out) {
        if (old) {
            number(out, value ? 1 : 0);
        } else {
            text('#', value ? "t" : "f", out);
        }
    }

    private static void verbatim(boolean old, Reply.Verbatim verbatim, ByteBuf out) {
        if (old) {
            bulk(out, verbatim.bytes());
            return;
        }
        header('=', verbatim.bytes().length + 4, out);
        out.writeCharSequence(verbatim.format(), StandardCharsets.ISO_8859_1);
        out.writeByte(':').writeBytes(verbatim.bytes()).writeShort(LINE_END);
    }

    public static void ok(ByteBuf out) {
        out.writeBytes(OK);
    }

    public static void nullBulk(ByteBuf out, int protocol) {
        out.writeBytes(protocol < 3 ? NULL_2 : NULL_3);
    }

    public static void number(ByteBuf out, long value) {
        header(':', value, out);
    }

    public static void bulk(ByteBuf out, byte[] bytes) {
        header('$', bytes.length, out);
        out.writeBytes(bytes).writeShort(LINE_END);
    }

    /** An error, its code first. A line break in it becomes a space, as in Redis. */
    public static void failure(ByteBuf out, String text) {
        text('-', text, out);
    }

    /** What announces an array, of whose items the caller writes each. */
    public static void array(ByteBuf out, int items) {
        header('*', items, out);
    }

    /** A command: its name and its arguments. */
    public static void command(ByteBuf out, byte[]... arguments) {
        array(out, arguments.length);
        for (byte[] argument : arguments) {
            bulk(out, argument);
        }
    }

    private static void text(char kind, String text, ByteBuf out) {
        out.writeByte(kind);
        ByteBufUtil.writeUtf8(out, text.indexOf('\r') < 0 && text.indexOf('\n') < 0 ? text : text.replace('\r', ' ').replace('\n', ' '));
        out.writeShort(LINE_END);
    }

    private static void header(char kind, long number, ByteBuf out) {
        out.writeByte(kind);
        if (number >= 0 && number < 10) {
            out.writeByte('0' + (int) number);
        } else {
            ByteBufUtil.writeAscii(out, Long.toString(number));
        }
        out.writeShort(LINE_END);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
