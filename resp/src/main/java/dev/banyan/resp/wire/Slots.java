package dev.banyan.resp.wire;

/** Which part of a key is hashed, and its slot of Redis Cluster's 16384 (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec). */
public final class Slots {
    public static final int COUNT = 16384;

    /** CRC-16/XMODEM: polynomial 0x1021, nothing reflected, begins with 0. */
    private static final char[] CRC = new char[256];

    static {
        for (int first = 0; first < 256; first++) {
            int crc = first << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            CRC[first] = (char) crc;
        }
    }

    private Slots() {}

    /** The slot of the key in the first {@code length} bytes. */
    public static int of(byte[] key, int length) {
        long tag = tag(key, length);
        int crc = 0;
        for (int i = from(tag); i < from(tag) + length(tag); i++) {
            crc = crc << 8 & 0xffff ^ CRC[(crc >>> 8 ^ key[i]) & 0xff];
        }
        return crc & COUNT - 1;
    }

    /**
     * The part of a key that is hashed, to be read by {@link #from} and {@link #length}: what lies between the first brace that opens and the
     * first behind it that closes, if that is anything; else the whole key.
     */
    public static long tag(byte[] key, int length) {
        for (int open = 0; open < length; open++) {
            if (key[open] != '{') {
                continue;
            }
            for (int close = open + 1; close < length; close++) {
                if (key[close] == '}') {
                    return close == open + 1 ? length : (long) (open + 1) << 32 | close - open - 1;
                }
            }
            return length;
        }
        return length;
    }

    public static int from(long tag) {
        return (int) (tag >>> 32);
    }

    public static int length(long tag) {
        return (int) tag;
    }
}
