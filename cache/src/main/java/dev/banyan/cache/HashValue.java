package dev.banyan.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fields and values as the bytes of an entry: for each a length of 4 bytes and UTF-8, field and value in turn. A column that is NULL is no field. */
final class HashValue {
    private HashValue() {}

    static byte[] bytes(Map<String, String> fields) {
        List<byte[]> parts = new ArrayList<>();
        fields.forEach((field, value) -> {
            parts.add(field.getBytes(StandardCharsets.UTF_8));
            parts.add(value.getBytes(StandardCharsets.UTF_8));
        });
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum());
        parts.forEach(part -> all.putInt(part.length).put(part));
        return all.array();
    }

    /** @throws IllegalStateException for bytes that were not written by this class */
    static Map<String, String> parse(byte[] bytes) {
        Map<String, String> fields = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            String field = next(in);
            fields.put(field, next(in));
        }
        return fields;
    }

    private static String next(ByteBuffer in) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalStateException("a hash's entry is cut off at " + in.position() + " of " + in.limit() + " bytes");
        }
        String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /** Of columns and their texts; those that are NULL are left out. */
    static byte[] of(List<Column> columns, List<Optional<String>> texts) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String field = columns.get(i).name();
            texts.get(i).ifPresent(text -> fields.put(field, text));
        }
        return bytes(fields);
    }
}
