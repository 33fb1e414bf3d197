package dev.banyan.postgres.sql;

/**
 * SipHash-1-3 (Aumasson and Bernstein 2012) over bytes that come one after the other: keyed, so that only who knows the key can look for two
 * inputs of one value. Owned by one loop.
 */
final class KeyedHash {
    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long word;
    private int count;

    private final long[] saved = new long[6];

    KeyedHash(long seed) {
        this.key0 = mixed(seed + 0x9e3779b97f4a7c15L);
        this.key1 = mixed(seed + 2 * 0x9e3779b97f4a7c15L);
    }

    void begin() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        word = 0;
        count = 0;
    }

    void add(int b) {
        word |= (b & 0xffL) << ((count & 7) << 3);
        if ((++count & 7) == 0) {
            flush();
        }
    }

    /** The bytes [from, to), each as the table has it. */
    void add(byte[] bytes, int from, int to, byte[] table) {
        for (int i = from; i < to; i++) {
            add(table[bytes[i] & 0xff]);
        }
    }

    void add(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            add(bytes[i]);
        }
    }

    /** Remembers the bytes so far, for one {@link #restore}. */
    void save() {
        saved[0] = v0;
        saved[1] = v1;
        saved[2] = v2;
        saved[3] = v3;
        saved[4] = word;
        saved[5] = count;
    }

    /** As if nothing had been added since {@link #save}. */
    void restore() {
        v0 = saved[0];
        v1 = saved[1];
        v2 = saved[2];
        v3 = saved[3];
        word = saved[4];
        count = (int) saved[5];
    }

    long end() {
        word |= (long) count << 56;
        flush();
        v2 ^= 0xff;
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void flush() {
        v3 ^= word;
        round();
        v0 ^= word;
        word = 0;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }

    /** The finaliser of SplitMix64: makes two unlike keys of one seed. */
    private static long mixed(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
