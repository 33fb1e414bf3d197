package dev.banyan.http.wire;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer that the front door gives itself.
 *
 * @param status the HTTP status
 * @param reason for the access log, and for the client where the body is not another: one sentence that names no server and no secret
 * @param fields all but those of framing and connection; the body's length is added
 * @param body what the client gets; shared, not to be changed
 */
public record LocalAnswer(int status, String reason, List<FieldLine> fields, byte[] body) {
    private static final FieldLine NO_STORE = new FieldLine("Cache-Control", "no-store");
    private static final FieldLine PLAIN_TEXT = new FieldLine("Content-Type", "text/plain; charset=utf-8");

    public static final LocalAnswer NO_SERVERS = new LocalAnswer(503, "no application server is ready", 1);
    public static final LocalAnswer QUEUE_FULL = new LocalAnswer(503, "all application servers are busy and the queue is full", 1);
    public static final LocalAnswer QUEUED_TOO_LONG = new LocalAnswer(503, "all application servers stayed busy", 1);
    public static final LocalAnswer NO_ANSWER = new LocalAnswer(502, "the application server gave no answer", 0);
    public static final LocalAnswer BAD_ANSWER = new LocalAnswer(502, "the application server's answer was malformed", 0);
    public static final LocalAnswer UNREACHABLE = new LocalAnswer(502, "no application server could be reached", 1);
    public static final LocalAnswer ANSWER_TIMED_OUT = new LocalAnswer(504, "the application server did not answer in time", 0);
    public static final LocalAnswer HEAD_TIMED_OUT = new LocalAnswer(408, "the request's head did not arrive in time", 0);
    public static final LocalAnswer BODY_TIMED_OUT = new LocalAnswer(408, "the request's body stopped arriving", 0);
    public static final LocalAnswer BAD_BODY = new LocalAnswer(400, "the request's body broke its framing", 0);
    public static final LocalAnswer PLAIN_ON_TLS = new LocalAnswer(400, "this port speaks TLS: use https", 0);
    public static final LocalAnswer BODY_TOO_LARGE = of(HeadVerdict.BODY_TOO_LARGE);

    public LocalAnswer {
        fields = List.copyOf(fields);
    }

    /**
     * One whose body is its reason as plain text, never stored by a cache.
     *
     * @param retryAfterSeconds when trying again makes sense, or 0
     */
    public LocalAnswer(int status, String reason, int retryAfterSeconds) {
        this(status, reason, usual(retryAfterSeconds), text(status, reason));
    }

    public static LocalAnswer of(HeadVerdict fault) {
        return new LocalAnswer(fault.status(), fault.reason(), 0);
    }

    private static List<FieldLine> usual(int retryAfterSeconds) {
        List<FieldLine> fields = new ArrayList<>(List.of(PLAIN_TEXT, NO_STORE));
        if (retryAfterSeconds > 0) {
            fields.add(new FieldLine("Retry-After", Integer.toString(retryAfterSeconds)));
        }
        return fields;
    }

    private static byte[] text(int status, String reason) {
        return (status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + ": " + reason + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The same with one more field. */
    public LocalAnswer with(FieldLine field) {
        List<FieldLine> more = new ArrayList<>(fields);
        more.add(field);
        return new LocalAnswer(status, reason, more, body);
    }

    /** The same with its fields changed. */
    public LocalAnswer edited(FieldEdits edits) {
        if (edits.isEmpty()) {
            return this;
        }
        List<FieldLine> edited = new ArrayList<>(fields.stream().filter(field -> !edits.removes(field.name())).toList());
        edited.addAll(edits.added());
        return new LocalAnswer(status, reason, edited, body);
    }

    /** Whether an answer of this status has no body and no length (RFC 9110 section 8.6). */
    public boolean bodiless() {
        return status == 204 || status == 304;
    }

    /** A whole HTTP/1.1 response that ends its connection where {@code close} says so; without the body for HEAD. */
    public byte[] message(boolean close, boolean withoutBody) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n");
        fields.forEach(field -> head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        if (!bodiless()) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append(close ? "Connection: close\r\n\r\n" : "\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        if (withoutBody || bodiless()) {
            return bytes;
        }
        byte[] whole = Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, whole, bytes.length, body.length);
        return whole;
    }

    @Override
    public boolean equals(Object other) {
        return this == other; // an array has no value of its own
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return status + " " + reason;
    }
}
