package dev.banyan.balance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A hash that nobody without its key can aim: SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). For tables whose
 * keys strangers choose. Immutable.
 *
 * @param first the key's first half
 * @param second its second half
 */
public record SecretHash(long first, long second) {
    private static final long[] INITIAL = {0x736f6d6570736575L, 0x646f72616e646f6dL, 0x6c7967656e657261L, 0x7465646279746573L};

    /** One whose key is made from a secret of any length, always the same from the same. */
    public static SecretHash keyed(String secret) {
        try {
            ByteBuffer key = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
            return new SecretHash(key.getLong(), key.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The hash of bytes. */
    public long of(byte[] bytes, int from, int to) {
        State state = new State(first, second);
        long word = 0;
        int length = to - from;
        for (int i = 0; i < length; i++) {
            word |= (bytes[from + i] & 0xffL) << 8 * (i & 7);
            if ((i & 7) == 7) {
                state.take(word);
                word = 0;
            }
        }
        state.take(word | (long) length << 56);
        return state.end();
    }

    /** The hash of a number, as of its eight bytes, the lowest first. */
    public long of(long number) {
        State state = new State(first, second);
        state.take(number);
        state.take(8L << 56);
        return state.end();
    }

    @Override
    public String toString() {
        return "SecretHash"; // its key is a secret
    }

    /** Lives on the stack: it never leaves the method. */
    private static final class State {
        private long a;
        private long b;
        private long c;
        private long d;

        State(long first, long second) {
            a = first ^ INITIAL[0];
            b = second ^ INITIAL[1];
            c = first ^ INITIAL[2];
            d = second ^ INITIAL[3];
        }

        void take(long word) {
            d ^= word;
            round();
            round();
            a ^= word;
        }

        long end() {
            c ^= 0xff;
            for (int i = 0; i < 4; i++) {
                round();
            }
            return a ^ b ^ c ^ d;
        }

        private void round() {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
    }
}
