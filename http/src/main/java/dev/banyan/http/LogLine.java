package dev.banyan.http;

import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;

/** What of a request its access log line will say, copied while the head is there; reused. Owned by one IO loop. */
final class LogLine {
    /** A longer target is cut in the log. */
    private static final int LONGEST = 1024;

    final byte[] method = new byte[Method.LONGEST];
    final byte[] target = new byte[LONGEST];
    final byte[] host = new byte[256];
    final byte[] id = new byte[RequestId.LENGTH];
    /** Whether its way is recorded under that id. */
    boolean traced;
    int methodLength;
    int targetLength;
    int hostLength;

    void begin(RequestHead head, RequestId requestId) {
        methodLength = copy(head.bytes(), head.start(), head.methodEnd(), method);
        targetLength = copy(head.bytes(), head.pathStart(), head.targetEnd(), target);
        hostLength = head.hostStart() < 0 ? 0 : copy(head.bytes(), head.hostStart(), head.hostEnd(), host);
        System.arraycopy(requestId.hex(), 0, id, 0, id.length);
        traced = requestId.tracing() == RequestId.Tracing.RECORDED;
    }

    void clear() {
        methodLength = 0;
        targetLength = 0;
        hostLength = 0;
        traced = false;
        java.util.Arrays.fill(id, (byte) '0');
    }

    private static int copy(byte[] from, int start, int end, byte[] to) {
        int length = Math.min(end - start, to.length);
        System.arraycopy(from, start, to, 0, length);
        return length;
    }
}
