package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a server's messages that carry texts only. */
final class AdminWriter {
    private static final int TEXT_OID = 25;

    private AdminWriter() {}

    static void columns(ByteBuf out, List<String> names) {
        int start = begin(out, 'T');
        out.writeShort(names.size());
        for (String name : names) {
            text(out, name);
            out.writeInt(0).writeShort(0).writeInt(TEXT_OID).writeShort(-1).writeInt(-1).writeShort(0);
        }
        end(out, start);
    }

    static void row(ByteBuf out, List<String> values) {
        int start = begin(out, 'D');
        out.writeShort(values.size());
        for (String value : values) {
            byte[] bytes = value.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length).writeBytes(bytes);
        }
        end(out, start);
    }

    static void complete(ByteBuf out, String tag) {
        int start = begin(out, 'C');
        text(out, tag);
        end(out, start);
    }

    /** A statement has no parameters. */
    static void noParameters(ByteBuf out) {
        int start = begin(out, 't');
        out.writeShort(0);
        end(out, start);
    }

    static void parameter(ByteBuf out, String name, String value) {
        int start = begin(out, 'S');
        text(out, name);
        text(out, value);
        end(out, start);
    }

    static void key(ByteBuf out, int processId, byte[] secret) {
        int start = begin(out, 'K');
        out.writeInt(processId).writeBytes(secret);
        end(out, start);
    }

    static void ready(ByteBuf out) {
        out.writeByte('Z').writeInt(5).writeByte('I');
    }

    /** A message of no content: ParseComplete, BindComplete, CloseComplete, NoData, EmptyQueryResponse. */
    static void bare(ByteBuf out, char type) {
        out.writeByte(type).writeInt(4);
    }

    static void error(ByteBuf out, PostgresError error) {
        error.writeTo(out);
    }

    private static int begin(ByteBuf out, char type) {
        out.writeByte(type);
        int start = out.writerIndex();
        out.writeInt(0);
        return start;
    }

    private static void end(ByteBuf out, int start) {
        out.setInt(start, out.writerIndex() - start);
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte(0);
    }
}
