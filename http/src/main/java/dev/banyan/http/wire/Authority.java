package dev.banyan.http.wire;

/** The grammar of a host with an optional port, as in {@code Host} (RFC 9110 section 7.2): a name, an IPv4 address or a bracketed IPv6 one. */
public final class Authority {
    private Authority() {}

    public static boolean valid(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        int afterHost = bytes[from] == '[' ? afterBracket(bytes, from, to) : afterName(bytes, from, to);
        return afterHost > from && (afterHost == to || bytes[afterHost] == ':' && port(bytes, afterHost + 1, to));
    }

    private static int afterBracket(byte[] bytes, int from, int to) {
        int i = from + 1;
        while (i < to && (Grammar.hex(bytes[i]) >= 0 || bytes[i] == ':' || bytes[i] == '.')) {
            i++;
        }
        return i < to && bytes[i] == ']' && i > from + 1 ? i + 1 : from;
    }

    private static int afterName(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ':' && bytes[i] != '[' && bytes[i] != ']' && Grammar.host(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean port(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Grammar.digit(bytes[i])) {
                return false;
            }
        }
        return to - from <= 5;
    }
}
