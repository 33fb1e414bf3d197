package dev.banyan.http;

import dev.banyan.http.wire.HeadVerdict;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * An answer that the front door gives itself.
 *
 * @param status the HTTP status
 * @param reason for the client and the access log: one sentence that names no server and no secret
 * @param retryAfterSeconds when trying again makes sense, or 0
 */
record LocalAnswer(int status, String reason, int retryAfterSeconds) {
    static final LocalAnswer NO_SERVERS = new LocalAnswer(503, "no application server is ready", 1);
    static final LocalAnswer QUEUE_FULL = new LocalAnswer(503, "all application servers are busy and the queue is full", 1);
    static final LocalAnswer QUEUED_TOO_LONG = new LocalAnswer(503, "all application servers stayed busy", 1);
    static final LocalAnswer NO_ANSWER = new LocalAnswer(502, "the application server gave no answer", 0);
    static final LocalAnswer BAD_ANSWER = new LocalAnswer(502, "the application server's answer was malformed", 0);
    static final LocalAnswer UNREACHABLE = new LocalAnswer(502, "no application server could be reached", 1);
    static final LocalAnswer ANSWER_TIMED_OUT = new LocalAnswer(504, "the application server did not answer in time", 0);
    static final LocalAnswer HEAD_TIMED_OUT = new LocalAnswer(408, "the request's head did not arrive in time", 0);
    static final LocalAnswer BODY_TIMED_OUT = new LocalAnswer(408, "the request's body stopped arriving", 0);
    static final LocalAnswer BAD_BODY = new LocalAnswer(400, "the request's body broke its framing", 0);
    static final LocalAnswer PLAIN_ON_TLS = new LocalAnswer(400, "this port speaks TLS: use https", 0);
    static final LocalAnswer BODY_TOO_LARGE = of(HeadVerdict.BODY_TOO_LARGE);

    static LocalAnswer of(HeadVerdict fault) {
        return new LocalAnswer(fault.status(), fault.reason(), 0);
    }

    /** The body, as plain text. */
    byte[] body() {
        return (status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + ": " + reason + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A whole HTTP/1.1 response that ends its connection where {@code close} says so; without the body for HEAD. */
    byte[] message(boolean close, boolean withoutBody) {
        byte[] body = body();
        String head = "HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length + "\r\nCache-Control: no-store\r\n"
                + (retryAfterSeconds > 0 ? "Retry-After: " + retryAfterSeconds + "\r\n" : "")
                + (close ? "Connection: close\r\n" : "") + "\r\n";
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        if (withoutBody) {
            return bytes;
        }
        byte[] whole = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, whole, bytes.length, body.length);
        return whole;
    }
}
