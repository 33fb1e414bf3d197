package dev.banyan.cli;

import dev.banyan.telemetry.EventLog;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, closed in the reverse order, each of it whatever the others do. Owned by one thread at a time. */
final class Opened implements AutoCloseable {
    private final Deque<Part> parts = new ArrayDeque<>();
    private EventLog log;

    /** Notes that it was opened; what is more, what closes it may be a part's own way to close. */
    void add(String name, AutoCloseable close) {
        parts.push(new Part(name, close));
    }

    void logTo(EventLog where) {
        log = where;
        add("the log", () -> {
            log = null;
            where.close();
        });
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.close().close();
            } catch (Exception e) {
                if (log != null) {
                    log.error("cli", "could not close " + part.name(), "error", e.toString());
                }
            }
        }
    }

    private record Part(String name, AutoCloseable close) {}
}
