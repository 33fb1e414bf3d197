package dev.banyan.cache.journal;

import dev.banyan.cache.journal.RowWrite.Cell;
import dev.banyan.cache.journal.RowWrite.Effect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link RowWrite} as bytes: the effect's kind, the table, the key's cells, the effect's columns. Lengths and numbers are base 128, seven bits a byte,
 * the lowest first; a text is its length and its UTF-8; of what may be NULL the length is one more, and 0 is NULL; amounts are zigzag.
 */
final class WriteCodec {
    private static final int PUT = 1;
    private static final int ADD = 2;
    private static final int DELETE = 3;

    private WriteCodec() {}

    static byte[] encode(RowWrite write) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(96);
        out.write(switch (write.effect()) {
            case Effect.Put _ -> PUT;
            case Effect.Add _ -> ADD;
            case Effect.Delete _ -> DELETE;
        });
        text(out, write.table());
        number(out, write.key().size());
        for (Cell cell : write.key()) {
            text(out, cell.column());
            value(out, cell.value());
        }
        switch (write.effect()) {
            case Effect.Put(Map<String, Optional<String>> values) -> {
                number(out, values.size());
                values.forEach((column, value) -> {
                    text(out, column);
                    value(out, value);
                });
            }
            case Effect.Add(Map<String, Long> amounts) -> {
                number(out, amounts.size());
                amounts.forEach((column, amount) -> {
                    text(out, column);
                    number(out, amount << 1 ^ amount >> 63);
                });
            }
            case Effect.Delete() -> { /* the key says all */ }
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException when the bytes are not one whole write */
    static RowWrite decode(ByteBuffer in) {
        int kind = in.hasRemaining() ? in.get() : 0;
        String table = text(in);
        List<Cell> key = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            key.add(new Cell(text(in), value(in)));
        }
        Effect effect = switch (kind) {
            case PUT -> new Effect.Put(values(in));
            case ADD -> new Effect.Add(amounts(in));
            case DELETE -> new Effect.Delete();
            default -> throw new IllegalArgumentException("a write of kind " + kind);
        };
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes behind a write");
        }
        return new RowWrite(table, key, effect);
    }

    private static Map<String, Optional<String>> values(ByteBuffer in) {
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        for (int i = count(in); i > 0; i--) {
            values.put(text(in), value(in));
        }
        return values;
    }

    private static Map<String, Long> amounts(ByteBuffer in) {
        Map<String, Long> amounts = new LinkedHashMap<>();
        for (int i = count(in); i > 0; i--) {
            String column = text(in);
            long zigzag = number(in);
            amounts.put(column, zigzag >>> 1 ^ -(zigzag & 1));
        }
        return amounts;
    }

    private static void number(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void value(ByteArrayOutputStream out, Optional<String> value) {
        if (value.isEmpty()) {
            number(out, 0);
            return;
        }
        byte[] bytes = value.get().getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length + 1L);
        out.writeBytes(bytes);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!in.hasRemaining()) {
                throw new IllegalArgumentException("a write ends in a number");
            }
            byte next = in.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    /** Of things that take at least a byte each. */
    private static int count(ByteBuffer in) {
        return length(in, number(in));
    }

    private static int length(ByteBuffer in, long length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length of " + length + " with " + in.remaining() + " bytes left");
        }
        return (int) length;
    }

    private static String text(ByteBuffer in) {
        return utf8(in, number(in));
    }

    private static Optional<String> value(ByteBuffer in) {
        long length = number(in);
        return length == 0 ? Optional.empty() : Optional.of(utf8(in, length - 1));
    }

    private static String utf8(ByteBuffer in, long length) {
        byte[] bytes = new byte[length(in, length)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
