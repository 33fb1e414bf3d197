package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.topology.Edge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes the key that a request's response is stored under. Reused. Owned by one IO loop. */
final class KeyWriter {
    private static final byte[] HTTP = ascii("http://");
    private static final byte[] HTTPS = ascii("https://");
    private static final byte[] PORT_80 = ascii(":80");
    private static final byte[] PORT_443 = ascii(":443");

    private final HeadBuffer out = new HeadBuffer();
    private final CacheKey key = new CacheKey(new byte[0]);
    private final Edge.Key rules;
    private final List<byte[]> ignored;

    KeyWriter(Edge.Key rules) {
        this.rules = rules;
        this.ignored = rules.ignored().stream().map(name -> name.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }

    /** The key of a request, until the next is asked for. */
    CacheKey of(RequestHead head, boolean secure, byte[] fallbackHost) {
        out.clear().put(secure ? HTTPS : HTTP);
        if (head.hostStart() >= 0) {
            host(head.bytes(), head.hostStart(), withoutPort(head, secure ? PORT_443 : PORT_80));
        } else {
            out.put(fallbackHost);
        }
        byte[] bytes = head.bytes();
        int query = query(bytes, head.pathStart(), head.targetEnd());
        if (query == head.pathStart()) {
            out.put('/');
        }
        if (query == head.targetEnd() || ignored.isEmpty() && !rules.sorted()) {
            out.put(bytes, head.pathStart(), head.targetEnd());
        } else {
            out.put(bytes, head.pathStart(), query);
            parameters(bytes, query + 1, head.targetEnd());
        }
        key.set(out.bytes(), out.length());
        return key;
    }

    private void host(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            out.put((char) Grammar.lower(bytes[i]));
        }
    }

    private static int withoutPort(RequestHead head, byte[] usual) {
        int from = head.hostEnd() - usual.length;
        return from > head.hostStart() && Grammar.equalsIgnoreCase(head.bytes(), from, head.hostEnd(), usual) ? from : head.hostEnd();
    }

    private static int query(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '?') {
            at++;
        }
        return at;
    }

    /** Only {@code &} separates: who splits at {@code ;} too could be shown one query and stored another. */
    private void parameters(byte[] bytes, int from, int to) {
        List<byte[]> kept = new ArrayList<>();
        for (int at = from; at <= to; ) {
            int end = at;
            while (end < to && bytes[end] != '&') {
                end++;
            }
            if (!ignores(bytes, at, end)) {
                kept.add(Arrays.copyOfRange(bytes, at, end));
            }
            at = end + 1;
        }
        if (rules.sorted()) {
            kept.sort(KeyWriter::byName);
        }
        char separator = '?';
        for (byte[] parameter : kept) {
            out.put(separator).put(parameter);
            separator = '&';
        }
    }

    /** Parameters of one name keep their order, which may mean something. */
    private static int byName(byte[] a, byte[] b) {
        return Arrays.compare(a, 0, nameEnd(a), b, 0, nameEnd(b));
    }

    private static int nameEnd(byte[] parameter) {
        int at = 0;
        while (at < parameter.length && parameter[at] != '=') {
            at++;
        }
        return at;
    }

    /** A name that holds {@code ;} or an escape is none that is ignored: what it names is not certain. */
    private boolean ignores(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '=') {
            end++;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == ';') {
                return false;
            }
        }
        for (byte[] name : ignored) {
            boolean open = name.length > 0 && name[name.length - 1] == '*';
            int length = open ? name.length - 1 : name.length;
            boolean fits = open ? end - from >= length : end - from == length;
            if (fits && Arrays.equals(bytes, from, from + length, name, 0, length)) {
                return true;
            }
        }
        return false;
    }
}
