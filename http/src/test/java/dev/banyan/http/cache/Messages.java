package dev.banyan.http.cache;

import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;

/** Heads for tests, from lines. */
final class Messages {
    /** 2026-03-01T12:00:00Z. */
    static final long NOON = 1_772_366_400_000L;
    /** {@link #NOON} as HTTP writes it. */
    static final String NOON_DATE = "Sun, 01 Mar 2026 12:00:00 GMT";

    private Messages() {}

    /** @param lines a start line without its version, then fields; as {@code GET /a} */
    static RequestHead request(String... lines) {
        byte[] bytes = bytes(lines[0] + " HTTP/1.1\r\nHost: shop.example", lines);
        RequestHead head = new RequestHead();
        require(head.read(bytes, 0, bytes.length, 100));
        return head;
    }

    /** What a GET with these fields asks for. */
    static RequestRules asked(String... fields) {
        String[] lines = new String[fields.length + 1];
        lines[0] = "GET /a";
        System.arraycopy(fields, 0, lines, 1, fields.length);
        return rules(lines);
    }

    static RequestRules rules(String... lines) {
        RequestRules rules = new RequestRules();
        rules.read(request(lines));
        return rules;
    }

    static ResponseHead response(int status, String... fields) {
        String[] lines = new String[fields.length + 1];
        System.arraycopy(fields, 0, lines, 1, fields.length);
        byte[] bytes = bytes("HTTP/1.1 " + status + " Said", lines);
        ResponseHead head = new ResponseHead();
        require(head.read(bytes, 0, bytes.length, 100));
        return head;
    }

    private static byte[] bytes(String first, String[] lines) {
        StringBuilder text = new StringBuilder(first).append("\r\n");
        for (int i = 1; i < lines.length; i++) {
            text.append(lines[i]).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void require(HeadVerdict verdict) {
        if (verdict != HeadVerdict.WHOLE) {
            throw new IllegalArgumentException("no head: " + verdict);
        }
    }
}
