package dev.banyan.http;

import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.LineBuffer;
import java.util.ArrayDeque;

/**
 * Writes one JSON line a request, without allocating once it has as many {@link LogLine}s as there are requests in flight; an idle
 * connection holds none. A line's time is when the request ended. Owned by one IO loop.
 */
final class AccessLog {
    /** As many are kept for the next requests, 1.4 KiB each. */
    private static final int MOST_SPARE = 1024;

    private final LineBuffer out;
    private final ArrayDeque<LogLine> spare = new ArrayDeque<>();
    private final Clock clock;
    private final WallTime time = new WallTime();

    AccessLog(LineBuffer out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** A line for a request whose head is there; {@link #write} takes it back. */
    LogLine begin(RequestHead head, RequestId id) {
        LogLine line = blank();
        line.begin(head, id);
        return line;
    }

    /** A line for what never became a request. */
    LogLine begin() {
        LogLine line = blank();
        line.clear();
        return line;
    }

    private LogLine blank() {
        LogLine line = spare.poll();
        return line == null ? new LogLine() : line;
    }

    /**
     * @param line taken back
     * @param sentNanos when the request was last sent to a server; 0 when it never was
     * @param note why it did not end as the server would have it; may be empty
     */
    void write(LogLine line, Peer peer, int status, long bytes, long beganNanos, long sentNanos, long now, String server, int tries, String note) {
        byte[] moment = time.at(now, clock);
        out.text("{\"time\":\"").raw(moment, 0, moment.length);
        out.text("\",\"client\":").json(peer.ip());
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
        out.text(",\"id\":").json(line.id, 0, line.id.length);
        if (line.traced) {
            out.text(",\"trace_id\":").json(line.id, 0, line.id.length);
        }
        out.text("}");
        out.end(now);
        if (spare.size() < MOST_SPARE) {
            spare.push(line);
        }
    }

    void tick(long now) {
        out.tick(now);
    }

    void flush() {
        out.flush();
    }
}
