package dev.banyan.http.wire;

/** The character classes of HTTP's grammar (RFC 9110 section 5.6.2, RFC 9112 section 3, RFC 3986), as one table lookup a byte. */
public final class Grammar {
    public static final byte CR = '\r';
    public static final byte LF = '\n';
    public static final byte SP = ' ';
    public static final byte TAB = '\t';

    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            int classes = 0;
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                classes |= TOKEN;
            }
            // Field values: visible characters, blanks, and opaque bytes above ASCII (obs-text). No other control character.
            if (c >= 0x20 && c != 0x7f || c == TAB) {
                classes |= VALUE;
            }
            // A fragment never travels; the rest of visible ASCII does in practice, whatever RFC 3986 says of '|' or '{'.
            if (c > 0x20 && c < 0x7f && c != '#') {
                classes |= TARGET;
            }
            if (alphanumeric || "-._~%:[]".indexOf(c) >= 0) {
                classes |= HOST;
            }
            CLASS[c] = (byte) classes;
        }
    }

    private Grammar() {}

    public static boolean token(byte b) {
        return (CLASS[b & 0xff] & TOKEN) != 0;
    }

    public static boolean value(byte b) {
        return (CLASS[b & 0xff] & VALUE) != 0;
    }

    public static boolean target(byte b) {
        return (CLASS[b & 0xff] & TARGET) != 0;
    }

    public static boolean host(byte b) {
        return (CLASS[b & 0xff] & HOST) != 0;
    }

    public static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    public static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether {@code bytes[from, to)} is {@code lower}, ignoring the case of ASCII letters. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(bytes[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}
