package dev.banyan.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where a head is put together before it is copied once into the buffer that is sent; grows to the largest it has seen. Owned by one IO loop. */
final class HeadBuffer {
    private byte[] bytes = new byte[4096];
    private int at;

    HeadBuffer clear() {
        at = 0;
        return this;
    }

    HeadBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    HeadBuffer put(byte[] source, int from, int to) {
        int length = to - from;
        room(length);
        System.arraycopy(source, from, bytes, at, length);
        at += length;
        return this;
    }

    HeadBuffer put(char one) {
        room(1);
        bytes[at++] = (byte) one;
        return this;
    }

    /** Puts 16 hexadecimal digits. */
    HeadBuffer hex(long number) {
        room(16);
        RequestId.put(bytes, at, number);
        at += 16;
        return this;
    }

    private void room(int length) {
        if (at + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + length));
        }
    }

    /** The bytes put so far, at the beginning of an array that may be longer; valid until more is put. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, at);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
