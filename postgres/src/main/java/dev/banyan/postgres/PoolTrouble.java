package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.PostgresError.Severity;
import dev.banyan.topology.DatabaseRouter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What a client is told that gets no server connection: which pool, its numbers, and what to do. */
final class PoolTrouble {
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private PoolTrouble() {}

    /** A client has waited as long as it may. */
    static PostgresError patienceOver(PoolFigures pool, DatabaseRouter.Pool settings, Optional<PostgresError> lastFailure) {
        String patience = text(settings.patience());
        return lastFailure.map(failure -> new PostgresError(Severity.ERROR, failure.state(),
                        failure.message() + " (tried for " + patience + ")", named(pool), "see 'banyan status'; the statement was not sent, and can be sent again"))
                .orElseGet(() -> new PostgresError(Severity.ERROR, TOO_MANY_CONNECTIONS,
                        "no server connection became free within " + patience + " (" + named(pool) + ")", "",
                        pool.open() < settings.size()
                                ? "the server's " + settings.perServer() + " connections are taken by other users and databases: raise database.router.pool.per-server"
                                : "raise database.router.pool.size (now " + settings.size() + ") if the server can bear more, or keep transactions shorter"));
    }

    /** As many wait as may. */
    static PostgresError lineFull(PoolFigures pool, DatabaseRouter.Pool settings) {
        return new PostgresError(Severity.ERROR, TOO_MANY_CONNECTIONS,
                "as many clients wait for a server connection as may: " + settings.queue() + " (" + named(pool) + ")", "",
                "raise database.router.pool.size (now " + settings.size() + ") or database.router.pool.queue");
    }

    private static String named(PoolFigures pool) {
        return "pool " + pool.login() + " at " + pool.member().name() + ": " + pool.open() + " open, " + pool.busy() + " busy, " + pool.waiting() + " waiting";
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis < 1_000 ? millis + " ms" : millis % 1_000 == 0 ? millis / 1_000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    /** Whether the same may go well in a moment: the server could not be reached, or it starts, stops or recovers. */
    static boolean mayHeal(PostgresError failure) {
        return failure.state().startsWith("08") || failure.state().startsWith("57P");
    }

    /** The server has no room for a connection more; what is open already will serve. */
    static boolean isCrowded(PostgresError failure) {
        return failure.state().startsWith("53");
    }
}
