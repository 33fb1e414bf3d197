package dev.banyan.http;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import java.util.random.RandomGenerator;

/**
 * What a request is called in every log along its way: a W3C trace id (32 hexadecimal digits) that is {@code X-Request-Id} too, kept when
 * a well-formed {@code traceparent} comes in, drawn otherwise. Reused for each request. Owned by one IO loop.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
final class RequestId {
    static final int LENGTH = 32;
    /** version 2, trace id 32, parent id 16, flags 2, and three hyphens. */
    private static final int TRACEPARENT_LENGTH = 55;

    private final byte[] hex = new byte[LENGTH];
    private int traceparent;

    /** Becomes the name of a request: the one it brings, or a new one. */
    void of(Fields fields, RandomGenerator random) {
        traceparent = -1;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.TRACEPARENT) {
                traceparent = i;
            }
        }
        if (traceparent < 0 || !take(fields.bytes(), fields.valueStart(traceparent), fields.valueEnd(traceparent))) {
            traceparent = -1;
            draw(random);
        }
    }

    /** The field that it came in, or -1 when it was drawn. */
    int traceparent() {
        return traceparent;
    }

    /** Takes the trace id of a {@code traceparent} field; false when it is malformed, or its trace or parent is all zero. */
    boolean take(byte[] bytes, int from, int to) {
        if (to - from < TRACEPARENT_LENGTH || bytes[from + 2] != '-' || bytes[from + 35] != '-' || bytes[from + 52] != '-') {
            return false;
        }
        boolean zero = true;
        boolean zeroParent = true;
        for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
            if (i == 2 || i == 35 || i == 52) {
                continue;
            }
            byte b = bytes[from + i];
            if (!Grammar.digit(b) && !(b >= 'a' && b <= 'f')) {
                return false;
            }
            zero &= i < 3 || i > 34 || b == '0';
            zeroParent &= i < 36 || i > 51 || b == '0';
        }
        boolean version00 = bytes[from] == '0' && bytes[from + 1] == '0';
        boolean versionFf = bytes[from] == 'f' && bytes[from + 1] == 'f';
        if (zero || zeroParent || versionFf || version00 && to - from != TRACEPARENT_LENGTH) {
            return false;
        }
        System.arraycopy(bytes, from + 3, hex, 0, LENGTH);
        return true;
    }

    /** Becomes the one that a log line has. */
    void take(LogLine line) {
        System.arraycopy(line.id, 0, hex, 0, LENGTH);
    }

    void draw(RandomGenerator random) {
        HeadBuffer.hex(hex, 0, random.nextLong() | 1);
        HeadBuffer.hex(hex, 16, random.nextLong());
    }

    byte[] hex() {
        return hex;
    }

    @Override
    public String toString() {
        return new String(hex, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
