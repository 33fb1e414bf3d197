package dev.banyan.http.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where a head is put together before it is copied once into the buffer that is sent; grows to the largest it has seen. Owned by one IO loop. */
public final class HeadBuffer {
    private static final byte[] HEX = ascii("0123456789abcdef");

    private byte[] bytes = new byte[4096];
    private int at;

    public HeadBuffer clear() {
        at = 0;
        return this;
    }

    public HeadBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    public HeadBuffer put(byte[] source, int from, int to) {
        int length = to - from;
        room(length);
        System.arraycopy(source, from, bytes, at, length);
        at += length;
        return this;
    }

    public HeadBuffer put(char one) {
        room(1);
        bytes[at++] = (byte) one;
        return this;
    }

    /** Puts a number in decimal digits. */
    public HeadBuffer decimal(long number) {
        if (number < 0) {
            return put(ascii(Long.toString(number)));
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--, rest /= 10) {
            bytes[i] = (byte) ('0' + rest % 10);
        }
        at += digits;
        return this;
    }

    /** Puts a text of ISO 8859-1. */
    public HeadBuffer text(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[at++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** Puts 16 hexadecimal digits. */
    public HeadBuffer hex(long number) {
        room(16);
        hex(bytes, at, number);
        at += 16;
        return this;
    }

    /** Writes a number as 16 hexadecimal digits. */
    public static void hex(byte[] to, int at, long number) {
        for (int i = 15; i >= 0; i--, number >>>= 4) {
            to[at + i] = HEX[(int) (number & 15)];
        }
    }

    private void room(int length) {
        if (at + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + length));
        }
    }

    /** The bytes put so far, at the beginning of an array that may be longer; valid until more is put. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return at;
    }

    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, at);
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
