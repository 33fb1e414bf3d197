package dev.banyan.http;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.telemetry.TraceParent;
import dev.banyan.telemetry.TraceState;
import java.util.random.RandomGenerator;

/**
 * What a request is called in every log along its way: a W3C trace id (32 hexadecimal digits) that is {@code X-Request-Id} too, kept when
 * a well-formed {@code traceparent} comes in, drawn otherwise. Reused for each request. Owned by one IO loop.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
final class RequestId {
    static final int LENGTH = 32;

    /** What is done about its trace. */
    enum Tracing {
        /** Nothing: what comes in goes on. */
        OFF,
        /** It goes on, with a parent of our own, which says that nothing is recorded. */
        UNRECORDED,
        RECORDED
    }

    private final byte[] hex = new byte[LENGTH];
    private final TraceParent context = new TraceParent();
    private int traceparent;
    private boolean stateful;
    private Tracing tracing = Tracing.OFF;
    private long asks;

    /** Becomes the name of a client's request: the one it brings, or a new one. */
    void of(Fields fields, RandomGenerator random) {
        of(fields, false, random);
    }

    /**
     * Becomes the name of a request: the one it brings, or a new one.
     *
     * @param edge whether it comes from an edge of the site, whose X-Request-Id is believed
     */
    void of(Fields fields, boolean edge, RandomGenerator random) {
        tracing = Tracing.OFF;
        traceparent = -1;
        int named = -1;
        int found = 0;
        int states = 0;
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case TRACEPARENT -> {
                    traceparent = i;
                    found++;
                }
                case TRACESTATE -> states++;
                case X_REQUEST_ID -> named = i;
                default -> { }
            }
        }
        if (found != 1 || !take(fields.bytes(), fields.valueStart(traceparent), fields.valueEnd(traceparent))) {
            traceparent = -1; // two of them are none (section 3.2)
            if (!edge || named < 0 || !name(fields.bytes(), fields.valueStart(named), fields.valueEnd(named))) {
                draw(random);
            }
        }
        stateful = traceparent >= 0 && states > 0 && states(fields);
    }

    /** Whether what vendors say in all tracestate fields together may go on. */
    private static boolean states(Fields fields) {
        int members = 0;
        int bytes = 0;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.TRACESTATE) {
                int more = TraceState.members(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                bytes += fields.valueEnd(i) - fields.valueStart(i);
                members += more;
                if (more < 0 || members > TraceState.MOST_MEMBERS || bytes > TraceState.LONGEST) {
                    return false;
                }
            }
        }
        return members > 0;
    }

    /** The field that it came in, or -1 when it was drawn. */
    int traceparent() {
        return traceparent;
    }

    /** What that says; only when there is one. */
    TraceParent context() {
        return context;
    }

    /** Whether its tracestate goes on. */
    boolean stateful() {
        return stateful;
    }

    /** What is done about its trace from now on. */
    void trace(Tracing how) {
        tracing = how;
    }

    Tracing tracing() {
        return tracing;
    }

    /** @param span what asks a server; 0 for one that nobody records */
    void asks(long span) {
        asks = span;
    }

    long asks() {
        return asks;
    }

    /** Takes the trace id of a {@code traceparent} field; false when it is malformed, or its trace or parent is all zero. */
    boolean take(byte[] bytes, int from, int to) {
        if (!context.read(bytes, from, to)) {
            return false;
        }
        System.arraycopy(bytes, from + 3, hex, 0, LENGTH);
        return true;
    }

    private boolean name(byte[] bytes, int from, int to) {
        boolean good = to - from == LENGTH;
        for (int i = from; good && i < to; i++) {
            good = bytes[i] >= '0' && bytes[i] <= '9' || bytes[i] >= 'a' && bytes[i] <= 'f';
        }
        if (good) {
            System.arraycopy(bytes, from, hex, 0, LENGTH);
        }
        return good;
    }

    /** Becomes that one. */
    void take(byte[] id) {
        System.arraycopy(id, 0, hex, 0, LENGTH);
    }

    void draw(RandomGenerator random) {
        HeadBuffer.hex(hex, 0, random.nextLong() | 1);
        HeadBuffer.hex(hex, 16, random.nextLong());
    }

    byte[] hex() {
        return hex;
    }

    /** The trace's id as two numbers. */
    long high() {
        return number(0);
    }

    long low() {
        return number(16);
    }

    private long number(int from) {
        long value = 0;
        for (int i = from; i < from + 16; i++) {
            byte b = hex[i];
            value = value << 4 | (b <= '9' ? b - '0' : b - 'a' + 10);
        }
        return value;
    }

    @Override
    public String toString() {
        return new String(hex, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
