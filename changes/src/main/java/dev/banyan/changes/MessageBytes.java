package dev.banyan.changes;

import java.nio.charset.StandardCharsets;

/** Reads a message from its front; what is not there, or too much of it, is a {@link BadMessage}. Owned by one thread. */
final class MessageBytes {
    /** PostgreSQL's names have at most 63 bytes; a server built with longer ones has hardly more than this. */
    private static final int LONGEST_NAME = 1_023;

    private final byte[] bytes;
    private final int from;
    private int at;

    MessageBytes(byte[] bytes, int from) {
        this.bytes = bytes;
        this.from = from;
        this.at = from;
    }

    byte[] whole() {
        return bytes;
    }

    int at() {
        return at;
    }

    int left() {
        return bytes.length - at;
    }

    byte one() {
        need(1, "a byte");
        return bytes[at++];
    }

    int two() {
        need(2, "a 16-bit number");
        return (bytes[at++] & 0xff) << 8 | bytes[at++] & 0xff;
    }

    int four() {
        need(4, "a 32-bit number");
        return (bytes[at++] & 0xff) << 24 | (bytes[at++] & 0xff) << 16 | (bytes[at++] & 0xff) << 8 | bytes[at++] & 0xff;
    }

    long eight() {
        need(8, "a 64-bit number");
        return (long) four() << 32 | four() & 0xffff_ffffL;
    }

    /** A text that ends with a zero byte. */
    String name() {
        int end = at;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        if (end == bytes.length) {
            throw bad("a name has no end");
        }
        if (end - at > LONGEST_NAME) {
            throw bad("a name has " + (end - at) + " bytes, more than " + LONGEST_NAME);
        }
        String name = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        at = end + 1;
        return name;
    }

    /** Goes past so many bytes and gives where they begin. */
    int skip(int length, String what) {
        if (length < 0) {
            throw bad(what + " has the length " + length);
        }
        need(length, what);
        at += length;
        return at - length;
    }

    void mustEnd() {
        if (left() > 0) {
            throw bad(left() + " bytes are left over");
        }
    }

    BadMessage bad(String why) {
        String type = from >= bytes.length ? "" : " of type " + describe(bytes[from]);
        return new BadMessage("a message" + type + " with " + (bytes.length - from) + " bytes, at byte " + (at - from) + ": " + why);
    }

    static String describe(byte type) {
        return type > ' ' && type < 0x7f ? "'" + (char) type + "'" : "0x" + Integer.toHexString(type & 0xff);
    }

    private void need(int length, String what) {
        if (left() < length) {
            throw bad(what + " needs " + length + " bytes, " + left() + " are left");
        }
    }
}
