package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes a value of an answer that lies in a buffer whole. */
public final class ReplyReader {
    private ReplyReader() {}

    /**
     * Reads one answer, which a {@link ReplyScanner} has found whole at the reader's index; attributes before it, and in it, are skipped.
     *
     * @throws ProtocolFault when a value in it is none
     */
    public static Reply read(ByteBuf in) {
        while (true) {
            byte kind = in.readByte();
            String line = line(in);
            if (kind != '|') {
                return value(kind, line, in);
            }
            items(length(line) * 2, in);
        }
    }

    private static Reply value(byte kind, String line, ByteBuf in) {
        return switch (kind) {
            case '+' -> new Reply.Simple(line);
            case '-' -> new Reply.Failure(line);
            case ':' -> new Reply.Number(number(line));
            case '_' -> Reply.NULL;
            case ',' -> new Reply.Real(line);
            case '(' -> new Reply.BigNumber(line);
            case '#' -> new Reply.Truth(truth(line));
            case '$' -> line.equals("-1") ? Reply.NULL : new Reply.Bulk(bytes(line, in));
            case '!' -> new Reply.Failure(new String(bytes(line, in), StandardCharsets.UTF_8));
            case '=' -> verbatim(bytes(line, in));
            case '*' -> line.equals("-1") ? Reply.NULL : new Reply.Array(items(length(line), in));
            case '~' -> new Reply.Members(items(length(line), in));
            case '>' -> new Reply.Push(items(length(line), in));
            case '%' -> new Reply.Pairs(items(length(line) * 2, in));
            default -> throw new ProtocolFault("an answer cannot begin with the byte " + (kind & 0xff));
        };
    }

    private static String line(ByteBuf in) {
        int end = in.bytesBefore((byte) '\r');
        if (end < 0) {
            throw new ProtocolFault("a line of an answer has no end");
        }
        String line = in.readString(end, StandardCharsets.UTF_8);
        in.skipBytes(2);
        return line;
    }

    private static List<Reply> items(int count, ByteBuf in) {
        List<Reply> items = new ArrayList<>(Math.min(count, in.readableBytes()));
        for (int i = 0; i < count; i++) {
            items.add(read(in));
        }
        return items;
    }

    private static byte[] bytes(String length, ByteBuf in) {
        byte[] bytes = new byte[length(length)];
        in.readBytes(bytes).skipBytes(2);
        return bytes;
    }

    private static Reply verbatim(byte[] bytes) {
        if (bytes.length < 4 || bytes[3] != ':') {
            throw new ProtocolFault("a verbatim string does not begin with its format");
        }
        return new Reply.Verbatim(new String(bytes, 0, 3, StandardCharsets.UTF_8), java.util.Arrays.copyOfRange(bytes, 4, bytes.length));
    }

    private static boolean truth(String line) {
        return switch (line) {
            case "t" -> true;
            case "f" -> false;
            default -> throw new ProtocolFault("a boolean is neither t nor f");
        };
    }

    private static int length(String line) {
        return Math.toIntExact(number(line));
    }

    private static long number(String line) {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new ProtocolFault("no number: " + (line.length() > 32 ? line.substring(0, 32) : line));
        }
    }
}
