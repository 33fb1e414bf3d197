package dev.banyan.http.gateway;

import dev.banyan.http.wire.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Values by short texts, found for a piece of a byte array without making an object. Immutable. */
final class ByteMap<V> {
    private final byte[][] keys;
    private final Object[] values;
    private final boolean fold;
    private final boolean empty;

    private ByteMap(int slots, boolean fold, boolean empty) {
        this.keys = new byte[slots][];
        this.values = new Object[slots];
        this.fold = fold;
        this.empty = empty;
    }

    /**
     * From a map whose texts hold a byte a character.
     *
     * @param fold whether the case of ASCII letters means nothing
     */
    static <V> ByteMap<V> of(Map<String, V> entries, boolean fold) {
        ByteMap<V> map = new ByteMap<>(Integer.highestOneBit(Math.max(1, entries.size())) * 4, fold, entries.isEmpty());
        entries.forEach((key, value) -> map.put(key.getBytes(StandardCharsets.ISO_8859_1), value));
        return map;
    }

    private void put(byte[] key, V value) {
        int slot = slot(key, 0, key.length);
        keys[slot] = key;
        values[slot] = value;
    }

    /** The value of {@code bytes[from, to)}, or null. */
    @SuppressWarnings("unchecked")
    V find(byte[] bytes, int from, int to) {
        return empty ? null : (V) values[slot(bytes, from, to)];
    }

    /** Where a text is, or would be; a quarter of the slots at most are taken. */
    private int slot(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + folded(bytes[i]);
        }
        int slot = (hash ^ hash >>> 15) & keys.length - 1;
        while (keys[slot] != null && !same(keys[slot], bytes, from, to)) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private boolean same(byte[] key, byte[] bytes, int from, int to) {
        if (key.length != to - from) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (folded(key[i]) != folded(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    private byte folded(byte b) {
        return fold ? Grammar.lower(b) : b;
    }
}
