package dev.banyan.http.gateway;

import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.RequestHead;
import java.nio.charset.StandardCharsets;

/** What is known of a request when places in texts are filled in; reused for each. Owned by one IO loop. */
final class Facts {
    private static final byte[] LOCALHOST = HeadBuffer.ascii("localhost");
    private static final byte[] HTTP = HeadBuffer.ascii("http");
    private static final byte[] HTTPS = HeadBuffer.ascii("https");

    private final RouteSearch search;
    private Call call;
    private byte[] requestId = new byte[0];

    Facts(RouteSearch search) {
        this.search = search;
    }

    /** @param id the request's, copied */
    void begin(Call of, byte[] id) {
        call = of;
        if (requestId.length != id.length) {
            requestId = new byte[id.length];
        }
        System.arraycopy(id, 0, requestId, 0, id.length);
    }

    void client(HeadBuffer out) {
        out.put(HeadBuffer.ascii(call.client()));
    }

    /** The host that was asked for, without its port. */
    void host(HeadBuffer out) {
        RequestHead head = search.head();
        if (head.hostStart() < 0) {
            out.put(LOCALHOST);
        } else {
            out.put(head.bytes(), head.hostStart(), Host.end(head));
        }
    }

    void scheme(HeadBuffer out) {
        out.put(call.secure() ? HTTPS : HTTP);
    }

    /** The whole path, normalised. */
    void path(HeadBuffer out) {
        search.path.write(out);
    }

    /** What follows the route's own segments, without a slash before it. */
    void rest(int depth, HeadBuffer out) {
        search.path.writeRest(depth, out);
    }

    void segment(int segment, HeadBuffer out) {
        if (segment < search.path.count()) {
            search.path.writeSegment(segment, out);
        }
    }

    /** Without its question mark. */
    void query(HeadBuffer out) {
        RequestHead head = search.head();
        out.put(head.bytes(), search.queryFrom(), head.targetEnd());
    }

    void requestId(HeadBuffer out) {
        out.put(requestId);
    }

    /** Who calls; nothing when nobody has said. */
    void identity(HeadBuffer out) {
        if (call.identity().isPresent()) {
            out.put(HeadBuffer.ascii(headerValue(call.identity().get().name())));
        }
    }

    /** A name as a header's value: what is not visible ASCII, and {@code %}, as codes of its UTF-8, so that no two names look alike. */
    static String headerValue(String name) {
        if (name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '%')) {
            return name;
        }
        StringBuilder value = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            value.append(b > ' ' && b < 0x7f && b != '%' ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return value.toString();
    }
}
