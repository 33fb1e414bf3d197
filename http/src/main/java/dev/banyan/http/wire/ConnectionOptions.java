package dev.banyan.http.wire;

import static dev.banyan.http.wire.Grammar.SP;
import static dev.banyan.http.wire.Grammar.TAB;

import java.nio.charset.StandardCharsets;

/** What a message's {@code Connection} fields say (RFC 9110 section 7.6.1): options, and the names of fields that end here. */
public final class ConnectionOptions {
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(StandardCharsets.US_ASCII);

    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean namesFields;

    /** Reads every {@code Connection} field; {@link HeadVerdict#WHOLE} or a fault. */
    public HeadVerdict read(Fields fields) {
        close = false;
        keepAlive = false;
        upgrade = false;
        namesFields = false;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.CONNECTION) {
                HeadVerdict verdict = readList(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                if (verdict.fault()) {
                    return verdict;
                }
            }
        }
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict readList(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            int comma = start;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            int end = trimEnd(bytes, start, comma);
            start = trimStart(bytes, start, end);
            if (start < end) {
                HeadVerdict verdict = readOption(bytes, start, end);
                if (verdict.fault()) {
                    return verdict;
                }
            }
            start = comma + 1;
        }
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict readOption(byte[] bytes, int from, int to) {
        if (Grammar.equalsIgnoreCase(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Grammar.equalsIgnoreCase(bytes, from, to, CLOSE)) {
            close = true;
        } else if (Grammar.equalsIgnoreCase(bytes, from, to, UPGRADE)) {
            upgrade = true;
        } else {
            namesFields = true;
            // A client must not strip what frames, routes or identifies its own request.
            return switch (FieldName.of(bytes, from, to)) {
                case CONTENT_LENGTH, TRANSFER_ENCODING, HOST, CONNECTION, COOKIE -> HeadVerdict.BAD_CONNECTION;
                default -> HeadVerdict.WHOLE;
            };
        }
        return HeadVerdict.WHOLE;
    }

    /** Whether some {@code Connection} field of the message names this field. */
    public boolean names(Fields fields, int field) {
        if (!namesFields) {
            return false;
        }
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.CONNECTION && listNames(fields, i, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listNames(Fields fields, int list, int field) {
        byte[] bytes = fields.bytes();
        int to = fields.valueEnd(list);
        int start = fields.valueStart(list);
        while (start < to) {
            int comma = start;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            int end = trimEnd(bytes, start, comma);
            start = trimStart(bytes, start, end);
            if (sameName(bytes, start, end, fields.nameStart(field), fields.nameEnd(field))) {
                return true;
            }
            start = comma + 1;
        }
        return false;
    }

    private static boolean sameName(byte[] bytes, int from, int to, int nameStart, int nameEnd) {
        if (to - from != nameEnd - nameStart) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (Grammar.lower(bytes[from + i]) != Grammar.lower(bytes[nameStart + i])) {
                return false;
            }
        }
        return true;
    }

    private static int trimStart(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == SP || bytes[i] == TAB)) {
            i++;
        }
        return i;
    }

    private static int trimEnd(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && (bytes[i - 1] == SP || bytes[i - 1] == TAB)) {
            i--;
        }
        return i;
    }

    public boolean close() {
        return close;
    }

    public boolean keepAlive() {
        return keepAlive;
    }

    public boolean upgrade() {
        return upgrade;
    }
}
