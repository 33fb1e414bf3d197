package dev.banyan.http;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The property that smuggling would have to break: whatever bytes are read as a head, the head that is written for a server reads as one
 * head of just that length, with the same method, target and framing, without a field of the client's hop; and written once more it is the
 * same but for what each hop adds.
 */
final class CanonicalForm {
    private static final int MOST = 1_000;
    private static final byte[] FALLBACK = "fallback".getBytes(StandardCharsets.US_ASCII);

    private CanonicalForm() {}

    /** Throws an {@link AssertionError} when the property does not hold; true when the bytes began with a whole head. */
    static boolean check(byte[] bytes, boolean trusted) {
        RequestHead head = new RequestHead();
        HeadVerdict verdict = head.read(bytes, 0, bytes.length, MOST);
        if (verdict != HeadVerdict.WHOLE) {
            return false;
        }
        require(head.end() <= bytes.length, "the head ends past the bytes");
        byte[] first = write(head, trusted);
        RequestHead again = read(first);
        require(same(head.bytes(), head.start(), head.methodEnd(), again.bytes(), again.start(), again.methodEnd()), "another method");
        require(head.method() == again.method(), "another method");
        require(target(head).equals(target(again)), "another target: " + target(head) + " and " + target(again));
        require(head.chunked() == again.chunked() && head.contentLength() == again.contentLength(), "another framing");
        require(again.minorVersion() == 1 && !again.lastOfConnection(), "not one of many requests of HTTP/1.1");
        require((head.upgrade() >= 0) == (again.upgrade() >= 0), "another upgrade");
        requireNoHopByHop(again);
        byte[] second = write(again, false);
        RequestHead third = read(second);
        require(target(again).equals(target(third)) && again.contentLength() == third.contentLength() && again.chunked() == third.chunked(), "no fixed point");
        require(again.fields().count() == third.fields().count() || trusted, "fields come or go: " + again.fields().count() + " and " + third.fields().count());
        return true;
    }

    private static byte[] write(RequestHead head, boolean trusted) {
        HeadBuffer out = new HeadBuffer();
        Peer peer = Peer.of("192.0.2.1", false, new DoorSettings(trusted ? TRUSTING : PLAIN));
        RequestId id = new RequestId();
        SplittableRandom random = new SplittableRandom(7);
        id.of(head.fields(), random);
        new RequestWriter(out, new FreshnessCookie(), random, false).write(head, peer, FALLBACK, id, FieldEdits.NONE, null);
        return Arrays.copyOf(out.bytes(), out.length());
    }

    private static final dev.banyan.topology.FrontDoor PLAIN = Site.frontDoor("");
    private static final dev.banyan.topology.FrontDoor TRUSTING = Site.frontDoor("  trusted-proxies: [192.0.2.0/24]\n");

    private static RequestHead read(byte[] written) {
        RequestHead head = new RequestHead();
        HeadVerdict verdict = head.read(written, 0, written.length, MOST);
        require(verdict == HeadVerdict.WHOLE, "what is written is " + verdict + ": " + new String(written, StandardCharsets.ISO_8859_1));
        require(head.end() == written.length, "what is written holds more than a head: " + new String(written, StandardCharsets.ISO_8859_1));
        return head;
    }

    /** Path and query as a server sees them. */
    private static String target(RequestHead head) {
        String path = new String(head.bytes(), head.pathStart(), head.targetEnd() - head.pathStart(), StandardCharsets.ISO_8859_1);
        if (path.isEmpty()) {
            return head.method() == Method.OPTIONS ? "*" : "/";
        }
        return path.startsWith("?") ? "/" + path : path;
    }

    private static void requireNoHopByHop(RequestHead head) {
        Fields fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case KEEP_ALIVE, PROXY_CONNECTION, TE, HTTP2_SETTINGS, IMITATION -> throw new AssertionError(fields.name(i) + " was passed on");
                case CONNECTION -> require(head.upgrade() >= 0 && fields.value(i).equals("Upgrade"), "Connection: " + fields.value(i));
                case UPGRADE -> require(head.upgrade() == i, "an upgrade that was not offered");
                default -> require(fields.name(i) == FieldName.OTHER || fields.find(fields.name(i)) == i || repeats(fields.name(i)), fields.name(i) + " twice");
            }
        }
    }

    private static boolean repeats(FieldName name) {
        return switch (name) {
            case COOKIE, EXPECT, X_FORWARDED_HOST, X_FORWARDED_PROTO, X_FORWARDED_PORT, X_REAL_IP -> true;
            default -> false;
        };
    }

    private static boolean same(byte[] a, int from, int to, byte[] b, int fromB, int toB) {
        return Arrays.equals(a, from, to, b, fromB, toB);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
