package dev.banyan.http.cache;

import dev.banyan.net.Loops;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a response is stored under: scheme, host in lower case, path and query, as bytes {@code https://host/path?query}. A request is looked up by one that is
 * filled anew each time ({@link #set}); what a store keeps is a {@link #copy}.
 *
 * <p>Clients choose URLs, so the hash is seeded anew in each process: nobody can find URLs that fall together. Should some do so all the same, the order lets a map
 * keep them in a tree.
 */
public final class CacheKey implements Comparable<CacheKey> {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = Loops.secrets().nextLong();
    private static final long SALT = Loops.secrets().nextLong() | 1;
    private static final long ODD = 0x9E37_79B9_7F4A_7C15L;

    private byte[] bytes;
    private int length;
    private long hash;

    public CacheKey(byte[] url) {
        set(url, url.length);
    }

    /** Becomes the key of another URL; the array stays the caller's and is read until the next call. */
    public void set(byte[] url, int newLength) {
        bytes = url;
        length = newLength;
        hash = hash(url, newLength);
    }

    /** One that keeps its own bytes. */
    public CacheKey copy() {
        return new CacheKey(Arrays.copyOf(bytes, length));
    }

    public int length() {
        return length;
    }

    /** Differs between processes. */
    long hash() {
        return hash;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    boolean startsWith(byte[] prefix) {
        return length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Eight bytes at a time, each multiplied to 128 bits whose halves are folded. */
    private static long hash(byte[] bytes, int length) {
        long h = SEED ^ length * ODD;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            h = fold(h ^ (long) EIGHT.get(bytes, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | bytes[at] & 0xFF;
        }
        return fold(fold(h ^ rest) + ODD);
    }

    private static long fold(long x) {
        long y = x + ODD;
        return y * SALT ^ Math.unsignedMultiplyHigh(y, SALT) ^ Long.rotateLeft(x, 23);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && key.hash == hash && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public int compareTo(CacheKey other) {
        return Arrays.compareUnsigned(bytes, 0, length, other.bytes, 0, other.length);
    }

    /** The URL. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
