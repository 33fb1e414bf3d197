package dev.banyan.postgres;

import dev.banyan.telemetry.EventLog;
import java.util.function.Consumer;

/**
 * A statement that took longer than {@code database.router.slow}.
 *
 * @param text with {@code ?} for each literal, for those may be secrets
 * @param server where it ran
 * @param nanos from sending it to its answer's end
 * @param rows that it returned or changed
 */
public record SlowStatement(String text, String user, String database, String server, boolean replica, long nanos, long rows, boolean failed) {
    /** Has slow statements written to the log, one event each; never blocks. */
    public static Consumer<SlowStatement> to(EventLog log) {
        return slow -> log.warn("postgres", "slow statement", "duration_ms", slow.nanos / 1_000_000, "server", slow.server, "role", slow.replica ? "replica" : "primary",
                "rows", slow.rows, "failed", slow.failed, "user", slow.user, "database", slow.database, "statement", slow.text);
    }
}
