package dev.banyan.http;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The cookie {@code banyan-lsn}: how far the database's log was when a client's last write was answered. It is the front door's own; servers
 * never see it. Found in a request's fields without allocating. Owned by one IO loop.
 */
final class FreshnessCookie {
    private static final byte[] NAME = "banyan-lsn=".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 16;
    /** Longer than any replica lags that still gets reads; past it the client reads as any other. */
    private static final String ATTRIBUTES = "; Path=/; Max-Age=60; HttpOnly; SameSite=Lax";

    private int field = -1;
    private int from;
    private int to;
    private long position;

    /** What {@code Set-Cookie} says. */
    static String value(long position, boolean secure) {
        return "banyan-lsn=" + Long.toHexString(position).toUpperCase(Locale.ROOT) + ATTRIBUTES + (secure ? "; Secure" : "");
    }

    /** Nothing is looked for in this request. */
    void none() {
        field = -1;
        position = 0;
    }

    /** Looks for it among the cookies of a request; the first one counts. */
    void find(Fields fields) {
        none();
        for (int i = 0; i < fields.count() && field < 0; i++) {
            if (fields.name(i) == FieldName.COOKIE) {
                find(fields, i);
            }
        }
    }

    /** The position that the request carries; 0 when it carries none that can be read. */
    long position() {
        return position;
    }

    /** Whether it is in that field. */
    boolean in(int other) {
        return field == other;
    }

    /** Whether the field holds nothing else. */
    boolean alone(Fields fields) {
        return from == fields.valueStart(field) && to == fields.valueEnd(field);
    }

    /** The other cookies of its field. */
    void writeOthers(Fields fields, HeadBuffer out) {
        out.put(fields.bytes(), fields.valueStart(field), from).put(fields.bytes(), to, fields.valueEnd(field));
    }

    private void find(Fields fields, int cookies) {
        byte[] bytes = fields.bytes();
        int end = fields.valueEnd(cookies);
        for (int pair = fields.valueStart(cookies); pair < end; pair = after(bytes, pair, end)) {
            if (named(bytes, pair, end)) {
                field = cookies;
                position = hex(bytes, pair + NAME.length, valueEnd(bytes, pair, end));
                cutOut(fields, pair);
                return;
            }
        }
    }

    /** From where to where it is left out: with the separator behind it, or, where it is the last, with the one before. */
    private void cutOut(Fields fields, int pair) {
        int end = fields.valueEnd(field);
        from = pair;
        to = after(fields.bytes(), pair, end);
        if (to == end) {
            while (from > fields.valueStart(field) && separates(fields.bytes()[from - 1])) {
                from--;
            }
        }
    }

    private static boolean named(byte[] bytes, int pair, int end) {
        if (end - pair < NAME.length) {
            return false;
        }
        for (int i = 0; i < NAME.length; i++) {
            if (bytes[pair + i] != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the next pair begins. */
    private static int after(byte[] bytes, int pair, int end) {
        int at = valueEnd(bytes, pair, end);
        while (at < end && separates(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int valueEnd(byte[] bytes, int pair, int end) {
        int at = pair;
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    private static boolean separates(byte b) {
        return b == ';' || b == ' ' || b == '\t';
    }

    /** 0 for what is no number of 1 to 16 hexadecimal digits that is a position. */
    private static long hex(byte[] bytes, int start, int end) {
        if (end == start || end - start > MOST_DIGITS) {
            return 0;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return 0;
            }
            value = value << 4 | digit;
        }
        return Math.max(0, value);
    }
}
