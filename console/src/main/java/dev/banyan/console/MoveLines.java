package dev.banyan.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A move as lines of JSON, a {@link MoveReport} each, the last one its end: for the command line. When the reader goes away the move goes
 * on.
 */
final class MoveLines implements Answer.Writer, AutoCloseable {
    static final String TYPE = "application/x-ndjson";
    private static final int BEHIND = 1_000;

    private final MoveReport begun;
    private final BlockingQueue<MoveReport> waiting = new LinkedBlockingQueue<>(BEHIND);
    private final Runnable deaf;

    /** Begins the move, so that what is wrong with it is told by the HTTP status. */
    MoveLines(Moves moves, Move move, String who) {
        this.deaf = moves.listen(this::hear);
        try {
            this.begun = moves.begin(move, who);
        } catch (RuntimeException e) {
            deaf.run();
            throw e;
        }
    }

    @Override
    public void write(OutputStream out) throws IOException {
        try {
            line(begun, out);
            for (MoveReport report = begun; !report.isOver(); ) {
                report = waiting.take();
                if (report.number() == begun.number()) {
                    line(report, out);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        deaf.run();
    }

    /** A reader that is too slow misses the oldest reports, never the end. */
    private void hear(MoveReport report) {
        while (!waiting.offer(report)) {
            waiting.poll();
        }
    }

    private static void line(MoveReport report, OutputStream out) throws IOException {
        out.write(Json.write(report));
        out.write('\n');
        out.flush();
    }
}
