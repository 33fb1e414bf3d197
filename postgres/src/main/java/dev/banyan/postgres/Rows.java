package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows of text columns that the router itself answers with. */
final class Rows {
    private static final int TEXT_OID = 25;

    private Rows() {}

    /** The first column of a DataRow whose body is from..to, as text; empty when it is null. */
    static String first(ByteBuf in, int from, int to) {
        int length = to - from < 6 || in.getShort(from) == 0 ? -1 : in.getInt(from + 2);
        return length <= 0 || length > to - from - 6 ? "" : in.toString(from + 6, length, StandardCharsets.UTF_8);
    }

    /** Appends the RowDescription. */
    static void describe(ByteBuf out, List<String> columns) {
        out.writeByte('T');
        int start = out.writerIndex();
        out.writeInt(0).writeShort(columns.size());
        for (String column : columns) {
            out.writeCharSequence(column, StandardCharsets.UTF_8);
            out.writeByte(0).writeInt(0).writeShort(0).writeInt(TEXT_OID).writeShort(-1).writeInt(-1).writeShort(0);
        }
        out.setInt(start, out.writerIndex() - start);
    }

    /** Appends a DataRow. @param values a null is SQL's */
    static void row(ByteBuf out, List<String> values) {
        out.writeByte('D');
        int start = out.writerIndex();
        out.writeInt(0).writeShort(values.size());
        for (String value : values) {
            if (value == null) {
                out.writeInt(-1);
            } else {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length).writeBytes(bytes);
            }
        }
        out.setInt(start, out.writerIndex() - start);
    }
}
