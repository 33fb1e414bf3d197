package dev.banyan.net;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** As much of ASN.1's distinguished encoding (ITU-T X.690) as keys and one simple certificate need. */
final class Der {
    static final byte[] NULL = {5, 0};
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return element(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return element(SET, parts);
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] integer(BigInteger value) {
        return element(2, value.toByteArray());
    }

    static byte[] bits(byte[] bytes, int unused) {
        return element(3, new byte[] {(byte) unused}, bytes);
    }

    static byte[] octets(byte[] bytes) {
        return element(4, bytes);
    }

    static byte[] utf8(String text) {
        return element(12, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bool(boolean value) {
        return element(1, new byte[] {(byte) (value ? 0xff : 0)});
    }

    /** A moment as {@code YYYYMMDDhhmmssZ}. */
    static byte[] time(String text) {
        return element(24, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] oid(int... arcs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(arcs[0] * 40 + arcs[1]);
        for (int arc : Arrays.copyOfRange(arcs, 2, arcs.length)) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift > 0) {
                    out.write(arc >>> shift & 0x7f | 0x80);
                }
            }
            out.write(arc & 0x7f);
        }
        return element(6, out.toByteArray());
    }

    /** An element with its tag as it is, contents joined. */
    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length > 0xffff) {
            throw new IllegalArgumentException("an element of " + length + " bytes is longer than this writes");
        } else if (length > 0xff) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7f) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** Walks over elements. Damaged input throws {@link IndexOutOfBoundsException}. */
    static final class Reader {
        private final byte[] bytes;
        private int at;
        private final int end;

        Reader(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        private Reader(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        boolean more() {
            return at < end;
        }

        int tag() {
            return bytes[at] & 0xff;
        }

        /** What is inside the element here. */
        Reader enter() {
            int start = contentStart();
            return new Reader(bytes, start, start + length());
        }

        byte[] content() {
            int start = contentStart();
            java.util.Objects.checkFromIndexSize(start, length(), bytes.length);
            return Arrays.copyOfRange(bytes, start, start + length());
        }

        void skip() {
            at = contentStart() + length();
        }

        private int contentStart() {
            int first = bytes[at + 1] & 0xff;
            return at + 2 + (first > 0x80 ? first & 0x7f : 0);
        }

        private int length() {
            int first = bytes[at + 1] & 0xff;
            if (first < 0x80) {
                return first;
            }
            int length = 0;
            for (int i = 0; i < (first & 0x7f); i++) {
                length = length << 8 | bytes[at + 2 + i] & 0xff;
            }
            return java.util.Objects.checkIndex(length, bytes.length);
        }
    }
}
