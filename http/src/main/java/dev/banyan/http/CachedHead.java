package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.cache.CacheStatus;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.wire.ContentRange;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Writes the head of an answer that comes out of the cache into the lane's buffer. Owned by one IO loop. */
final class CachedHead {
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] AGE = ascii("Age: ");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_TYPE = ascii("content-type:");
    private static final byte[][] STATUS_LINES = new byte[600][];

    private final HeadBuffer out;

    CachedHead(HeadBuffer out) {
        this.out = out;
    }

    /** The stored status and fields; what follows from {@link #content} or its like on must end it. */
    CachedHead begin(int status, StoredHead stored, long nowMillis, CacheStatus what) {
        out.clear().put(statusLine(status)).put(stored.fields());
        out.put(AGE).decimal(stored.age(nowMillis)).put(CRLF);
        what.write(out);
        return this;
    }

    /** The same for several ranges, whose type is another. */
    CachedHead beginMultipart(StoredHead stored, String type, long nowMillis, CacheStatus what) {
        out.clear().put(statusLine(206));
        withoutType(stored.fields());
        out.text("Content-Type: ").text(type).put(CRLF);
        out.put(AGE).decimal(stored.age(nowMillis)).put(CRLF);
        what.write(out);
        return this;
    }

    private void withoutType(byte[] fields) {
        for (int from = 0; from < fields.length; ) {
            int end = from;
            while (fields[end] != '\n') {
                end++;
            }
            if (!Grammar.equalsIgnoreCase(fields, from, Math.min(fields.length, from + CONTENT_TYPE.length), CONTENT_TYPE)) {
                out.put(fields, from, end + 1);
            }
            from = end + 1;
        }
    }

    /** Which bytes come. */
    CachedHead range(long first, long end, long of) {
        ContentRange.write(first, end - 1, of, out);
        return this;
    }

    /** That no bytes come, for there are none such. */
    CachedHead unsatisfied(long length) {
        ContentRange.writeUnsatisfied(length, out);
        return this;
    }

    /** Content of a known length comes, or of one that is not known (-1). */
    void content(long length) {
        if (length >= 0) {
            out.put(LENGTH).decimal(length).put(CRLF);
        } else {
            out.put(CHUNKED);
        }
        out.put(CRLF);
    }

    /** No content comes, and nothing is said of its length. */
    void nothing() {
        out.put(CRLF);
    }

    private static byte[] statusLine(int status) {
        byte[] line = STATUS_LINES[status];
        if (line == null) {
            line = ("HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n").getBytes(StandardCharsets.US_ASCII);
            STATUS_LINES[status] = line; // every loop would write an equal one
        }
        return line;
    }
}
