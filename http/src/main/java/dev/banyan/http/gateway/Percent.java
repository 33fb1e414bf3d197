package dev.banyan.http.gateway;

import dev.banyan.http.wire.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-encoding: what is no code stands for itself; in queries, as forms write them, {@code +} is a blank. */
final class Percent {
    private Percent() {}

    /** Whether {@code query[from, to)} decodes to a text; nothing is made for it. */
    static boolean decodesTo(byte[] query, int from, int to, byte[] text) {
        int at = 0;
        for (int i = from; i < to; at++) {
            if (at == text.length || one(query, i, to, ' ') != text[at]) {
                return false;
            }
            i += length(query, i, to);
        }
        return at == text.length;
    }

    /** What {@code query[from, to)} decodes to. */
    static String query(byte[] query, int from, int to) {
        return new String(decoded(query, from, to, ' '), StandardCharsets.UTF_8);
    }

    /** What a part of a path decodes to. */
    static byte[] path(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return decoded(bytes, 0, bytes.length, '+');
    }

    private static byte[] decoded(byte[] bytes, int from, int to, char plus) {
        byte[] decoded = new byte[to - from];
        int at = 0;
        for (int i = from; i < to; i += length(bytes, i, to)) {
            decoded[at++] = one(bytes, i, to, plus);
        }
        return Arrays.copyOf(decoded, at);
    }

    private static byte one(byte[] bytes, int at, int to, char plus) {
        if (length(bytes, at, to) == 3) {
            return (byte) (Grammar.hex(bytes[at + 1]) << 4 | Grammar.hex(bytes[at + 2]));
        }
        return bytes[at] == '+' ? (byte) plus : bytes[at];
    }

    private static int length(byte[] bytes, int at, int to) {
        boolean code = bytes[at] == '%' && at + 2 < to && Grammar.hex(bytes[at + 1]) >= 0 && Grammar.hex(bytes[at + 2]) >= 0;
        return code ? 3 : 1;
    }
}
