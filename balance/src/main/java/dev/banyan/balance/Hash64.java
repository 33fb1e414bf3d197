package dev.banyan.balance;

/**
 * A well-mixed 64-bit hash for keys and ring points; not for secrets. Words of eight bytes are folded in by the two halves of a 128-bit
 * product, the step of Wang Yi's wyhash (2019), and the end is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014; constants by Stafford, mix 13). The values are ours and stay the same from run to run:
 * where a key lies on the ring must not depend on the process.
 */
public final class Hash64 {
    /** 2^64 over the golden ratio, odd. */
    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** An odd constant with half of its bits set: the fractional digits of the square root of 3. */
    private static final long ROOT_3 = 0xBB67AE8584CAA73BL;

    private Hash64() {}

    /** The hash of characters; each counts with its low eight bits and its high eight bits apart, so that any text may come. */
    public static long of(CharSequence text) {
        long hash = GOLDEN ^ text.length();
        long word = 0;
        for (int i = 0; i < text.length(); i++) {
            word = word << 16 | text.charAt(i);
            if ((i & 3) == 3) {
                hash = fold(hash ^ word, ROOT_3);
                word = 0;
            }
        }
        return mix(fold(hash ^ word, ROOT_3));
    }

    /** The hash of the bytes from an index on. */
    public static long of(byte[] bytes, int from, int length) {
        long hash = GOLDEN ^ length;
        long word = 0;
        for (int i = 0; i < length; i++) {
            word = word << 8 | bytes[from + i] & 0xff;
            if ((i & 7) == 7) {
                hash = fold(hash ^ word, ROOT_3);
                word = 0;
            }
        }
        return mix(fold(hash ^ word, ROOT_3));
    }

    /** A bijection in which each bit of the input changes each bit of the output with a chance of about one half. */
    public static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** An index from 0 to {@code n} - 1 from a hash's upper half, by a multiplication instead of a division (Lemire 2019). */
    static int index(long hash, int n) {
        return (int) ((hash >>> 32) * n >>> 32);
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
