package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import java.util.random.RandomGenerator;

/**
 * Writes the head that a server gets from the head that a client sent: fields of that hop left out, who asked and by what name put in.
 * Reused for each request. Owned by one IO loop.
 */
final class RequestWriter {
    private static final byte[] VERSION_HOST = ascii(" HTTP/1.1\r\nHost: ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] FORWARDED_FOR = ascii("X-Forwarded-For: ");
    private static final byte[] FORWARDED_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] HTTP = ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] HTTPS = ascii("X-Forwarded-Proto: https\r\n");
    private static final byte[] FORWARDED = ascii("Forwarded: ");
    private static final byte[] FORWARDED_HOST_PARAMETER = ascii(";host=\"");
    private static final byte[] LIST = ascii(", ");
    private static final byte[] NOTHING = {};
    private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
    private static final byte[] TRACEPARENT = ascii("traceparent: 00-");
    /** Recorded, and of a trace whose id was drawn at random. */
    private static final byte[] RECORDED = ascii("-03\r\n");
    private static final byte[] RECORDED_NOT_RANDOM = ascii("-01\r\n");
    private static final byte[] UNRECORDED = ascii("-02\r\n");
    private static final byte[] UNRECORDED_NOT_RANDOM = ascii("-00\r\n");

    private final HeadBuffer out;
    private final FreshnessCookie freshness;
    private final RandomGenerator random;
    private final boolean shield;
    private int askingAt;

    /**
     * @param freshness found in each request's fields before; it is left out of what a server gets
     * @param shield whether the servers are the site's own front doors
     */
    RequestWriter(HeadBuffer out, FreshnessCookie freshness, RandomGenerator random, boolean shield) {
        this.out = out;
        this.freshness = freshness;
        this.random = random;
        this.shield = shield;
    }

    /**
     * Writes a whole head into the buffer.
     *
     * @param fallbackHost the host for a request of HTTP/1.0 that names none
     * @param id of the request, see {@link RequestId#of}
     * @param edits what else is left out and put in
     * @param target path and query in the place of the client's, or null
     */
    void write(RequestHead head, Peer peer, byte[] fallbackHost, RequestId id, FieldEdits edits, HeadBuffer target) {
        Fields fields = head.fields();
        out.clear().put(head.bytes(), head.start(), head.methodEnd()).put(' ');
        if (target != null) {
            out.put(target.bytes(), 0, target.length());
        } else {
            target(head);
        }
        out.put(VERSION_HOST);
        host(head, fallbackHost);
        out.put(CRLF);
        for (int i = 0; i < fields.count(); i++) {
            if (!passes(head, peer, i) || edits.removes(fields, i)) {
                continue;
            }
            if (freshness.in(i)) {
                otherCookies(head, i);
            } else {
                line(fields, i);
            }
        }
        if (head.chunked()) {
            out.put(CHUNKED);
        }
        if (head.upgrade() >= 0) {
            out.put(UPGRADE).put(head.bytes(), fields.valueStart(head.upgrade()), fields.valueEnd(head.upgrade())).put(CRLF);
        }
        forwarding(head, peer, fallbackHost);
        identity(fields, id);
        edits.write(out);
        out.put(CRLF);
    }

    private void target(RequestHead head) {
        if (head.pathStart() == head.targetEnd() || head.bytes()[head.pathStart()] == '?') {
            out.put(head.method() == Method.OPTIONS && head.pathStart() == head.targetEnd() ? '*' : '/');
        }
        out.put(head.bytes(), head.pathStart(), head.targetEnd());
    }

    private void host(RequestHead head, byte[] fallbackHost) {
        if (head.hostStart() >= 0) {
            out.put(head.bytes(), head.hostStart(), head.hostEnd());
        } else {
            out.put(fallbackHost);
        }
    }

    /** Whether a field goes on as it came. What is written anew, or only for trusted proxies' sake kept, does not. */
    private static boolean passes(RequestHead head, Peer peer, int field) {
        return switch (head.fields().name(field)) {
            case HOST, CONNECTION, TRANSFER_ENCODING, UPGRADE, KEEP_ALIVE, PROXY_CONNECTION, TE, HTTP2_SETTINGS, IMITATION -> false;
            case X_FORWARDED_FOR, FORWARDED, X_REQUEST_ID, TRACEPARENT, TRACESTATE -> false;
            case X_FORWARDED_HOST, X_FORWARDED_PROTO, X_FORWARDED_PORT, X_REAL_IP -> peer.trusted();
            // What some servers and frameworks read as one of those: a client's word for where the site is.
            case X_FORWARDED_SCHEME, X_FORWARDED_PROTOCOL, X_FORWARDED_SSL, X_FORWARDED_PREFIX, X_FORWARDED_SERVER, X_URL_SCHEME, X_HOST, X_ORIGINAL_HOST, FRONT_END_HTTPS -> peer.trusted();
            default -> !head.connection().names(head.fields(), field);
        };
    }

    private void line(Fields fields, int i) {
        out.put(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)).put(COLON);
        out.put(fields.bytes(), fields.valueStart(i), fields.valueEnd(i)).put(CRLF);
    }

    private void otherCookies(RequestHead head, int i) {
        Fields fields = head.fields();
        if (!freshness.alone(fields)) {
            out.put(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)).put(COLON);
            freshness.writeOthers(fields, out);
            out.put(CRLF);
        }
    }

    private void forwarding(RequestHead head, Peer peer, byte[] fallbackHost) {
        Fields fields = head.fields();
        boolean trusted = peer.trusted();
        out.put(FORWARDED_FOR);
        if (!written(fields, FieldName.X_FORWARDED_FOR, peer)) {
            out.put(peer.address());
        }
        out.put(CRLF);
        if (!trusted || fields.find(FieldName.X_FORWARDED_PROTO) < 0) {
            out.put(peer.secure() ? HTTPS : HTTP);
        }
        if (!trusted || fields.find(FieldName.X_FORWARDED_HOST) < 0) {
            out.put(FORWARDED_HOST);
            host(head, fallbackHost);
            out.put(CRLF);
        }
        out.put(FORWARDED);
        if (!written(fields, FieldName.FORWARDED, peer)) {
            out.put(peer.forwarded()).put(FORWARDED_HOST_PARAMETER);
            host(head, fallbackHost);
            out.put('"');
        }
        out.put(CRLF);
    }

    /**
     * Writes what a trusted peer says of those before it.
     *
     * @return whether that is all: between two caches of the site's own nothing is added to who asked, or the door behind them would take an edge for its client
     */
    private boolean written(Fields fields, FieldName name, Peer peer) {
        boolean any = false;
        for (int i = 0; peer.trusted() && i < fields.count(); i++) {
            if (fields.name(i) == name && fields.valueEnd(i) > fields.valueStart(i)) {
                out.put(any ? LIST : NOTHING).put(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                any = true;
            }
        }
        boolean all = any && shield && peer.edge();
        if (any && !all) {
            out.put(LIST);
        }
        return all;
    }

    /** What comes in goes on, with a parent of our own where requests are traced; nothing begins here where they are not. */
    private void identity(Fields fields, RequestId id) {
        askingAt = -1;
        if (id.tracing() != RequestId.Tracing.OFF) {
            out.put(TRACEPARENT).put(id.hex()).put('-');
            askingAt = out.length();
            out.hex(id.asks() != 0 ? id.asks() : random.nextLong() | 1).put(flags(id));
        } else if (id.traceparent() >= 0) {
            line(fields, id.traceparent());
        }
        for (int i = 0; id.stateful() && i < fields.count(); i++) {
            if (fields.name(i) == FieldName.TRACESTATE) {
                line(fields, i);
            }
        }
        out.put(REQUEST_ID).put(id.hex()).put(CRLF);
    }

    private static byte[] flags(RequestId id) {
        boolean random = id.traceparent() < 0 || id.context().random();
        if (id.tracing() == RequestId.Tracing.RECORDED) {
            return random ? RECORDED : RECORDED_NOT_RANDOM;
        }
        return random ? UNRECORDED : UNRECORDED_NOT_RANDOM;
    }

    /** Where in the head written last the 16 digits of the span that asks stand; -1 when it has none of ours. */
    int askingAt() {
        return askingAt;
    }
}
