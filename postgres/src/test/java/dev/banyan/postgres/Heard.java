package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client has been sent, as words: {@code Z I}, {@code D a b}, {@code C SELECT 1}, {@code E 42601 message}, {@code S name value}. */
final class Heard {
    private final ByteBuf bytes = Unpooled.buffer();
    private long received;

    void add(ByteBuf more) {
        received += more.readableBytes();
        bytes.writeBytes(more);
    }

    /** Bytes since the beginning. */
    long received() {
        return received;
    }

    /** The whole messages that have come since the last time. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        while (bytes.readableBytes() >= 5 && bytes.readableBytes() > bytes.getInt(bytes.readerIndex() + 1)) {
            char type = (char) bytes.readByte();
            words.add(word(type, bytes.readSlice(bytes.readInt() - 4)));
        }
        bytes.discardReadBytes();
        return words;
    }

    /** Bytes of a message that is not whole. */
    int rest() {
        return bytes.readableBytes();
    }

    private static String word(char type, ByteBuf body) {
        return switch (type) {
            case 'Z' -> "Z " + (char) body.readByte();
            case 'D' -> row(body);
            case 'C' -> "C " + text(body);
            case 'S' -> "S " + text(body) + " " + text(body);
            case 'd' -> "d " + body.toString(StandardCharsets.UTF_8).strip();
            case 'A' -> "A " + body.skipBytes(4).toString(StandardCharsets.UTF_8).replace('\0', ' ').strip();
            case 'E', 'N' -> error(type, body);
            case 'R' -> "R " + body.readInt() + (body.isReadable() ? " " + ByteBufUtil.hexDump(body) : "");
            case 'K' -> "K " + body.readInt() + " " + ByteBufUtil.hexDump(body);
            default -> String.valueOf(type);
        };
    }

    private static String error(char type, ByteBuf body) {
        String state = "";
        String message = "";
        for (byte field = body.readByte(); field != 0; field = body.readByte()) {
            String text = text(body);
            state = field == 'C' ? text : state;
            message = field == 'M' ? text : message;
        }
        return type + " " + state + " " + message;
    }

    private static String row(ByteBuf body) {
        StringBuilder row = new StringBuilder("D");
        for (int columns = body.readShort(); columns > 0; columns--) {
            int length = body.readInt();
            row.append(' ').append(length < 0 ? "null" : length > 100 ? length + " bytes" : body.getCharSequence(body.readerIndex(), length, StandardCharsets.UTF_8));
            body.skipBytes(Math.max(0, length));
        }
        return row.toString();
    }

    private static String text(ByteBuf body) {
        String text = body.readCharSequence(body.bytesBefore((byte) 0), StandardCharsets.UTF_8).toString();
        body.skipBytes(1);
        return text;
    }
}
