package dev.banyan.http;

import dev.banyan.telemetry.LineBuffer;

/** Writes one JSON line a request, without allocating. Owned by one IO loop. */
final class AccessLog {
    private final LineBuffer out;

    AccessLog(LineBuffer out) {
        this.out = out;
    }

    /**
     * @param sentNanos when the request was last sent to a server; 0 when it never was
     * @param note why it did not end as the server would have it; may be empty
     */
    void write(LogLine line, Peer peer, int status, long bytes, long beganNanos, long sentNanos, long now, String server, int tries, String note) {
        out.text("{\"client\":").json(peer.ip());
        out.text(",\"method\":").json(line.method, 0, line.methodLength);
        out.text(",\"host\":").json(line.host, 0, line.hostLength);
        out.text(",\"path\":").json(line.target, 0, line.targetLength);
        out.text(",\"status\":").number(status);
        out.text(",\"bytes\":").number(bytes);
        out.text(",\"ms\":").millis(now - beganNanos);
        if (sentNanos != 0) {
            out.text(",\"waited_ms\":").millis(sentNanos - beganNanos);
        }
        if (!server.isEmpty()) {
            out.text(",\"server\":").json(server);
        }
        if (tries > 1) {
            out.text(",\"tries\":").number(tries);
        }
        if (!note.isEmpty()) {
            out.text(",\"note\":").json(note);
        }
        out.text(",\"id\":").json(line.id, 0, line.id.length).text("}");
        out.end(now);
    }

    void tick(long now) {
        out.tick(now);
    }

    void flush() {
        out.flush();
    }
}
