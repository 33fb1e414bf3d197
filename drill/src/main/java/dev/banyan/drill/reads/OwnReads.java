package dev.banyan.drill.reads;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * A few sessions that write and read their own counters beside whatever else happens, without hurry, until they are told that it is enough: the same as
 * {@link ReadYourWritesCheck}, while somebody breaks the site. In a table of its own, which it makes and takes away. Used by one thread.
 */
public final class OwnReads implements AutoCloseable {
    private static final int SESSIONS = 6;
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Half of the operations write: what is looked for is the read after it. */
    private static final int WRITES = 40;
    private static final int TRANSACTIONS = 10;
    private static final int CARRIES = 10;
    /** A session that waits for a server that stands still gives up after this. */
    private static final Duration END = Duration.ofSeconds(20);

    private final Store store;
    private final Findings findings = new Findings(Long.MAX_VALUE);
    private final List<Future<?>> sessions = new ArrayList<>();

    private OwnReads(Store store) {
        this.store = store;
    }

    /**
     * Begins.
     *
     * @param database as applications have it
     * @throws BanyanException USAGE, when it is remote without a reason; ENGINE_FAILED, when it cannot be used at all
     */
    public static OwnReads begin(Secret database, Optional<String> allowRemote, Loops loops, Clock clock, RandomGenerator random) {
        ReadYourWritesOptions options = new ReadYourWritesOptions(database, SESSIONS, Long.MAX_VALUE, Duration.ofDays(1), WRITES, TRANSACTIONS, CARRIES, List.of(), allowRemote);
        return begin(options, JdbcStore.of(options, clock), loops, clock, random);
    }

    static OwnReads begin(ReadYourWritesOptions options, Store store, Loops loops, Clock clock, RandomGenerator random) {
        OwnReads reads = new OwnReads(store);
        try {
            store.prepare(options.sessions());
            boolean carries = store.carries();
            Counters counters = new Counters(options.sessions());
            for (int i = 0; i < options.sessions(); i++) {
                reads.sessions.add(loops.blocking().submit(new SessionRun(i, store, counters, reads.findings, options, carries, PAUSE, clock, Loops.random(random.nextLong()))));
            }
            return reads;
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the database cannot be used to look for reads that miss their own writes: " + e.getMessage(), e);
        }
    }

    /**
     * What the sessions saw so far.
     *
     * @param reads how many there were
     * @param stale those that did not show what their session had written or seen, or showed what nobody had
     * @param examples a sentence for each of the first of these
     */
    public record Seen(long reads, long stale, List<String> examples) {}

    public Seen seen() {
        return new Seen(findings.reads.sum(), findings.violations().values().stream().mapToLong(Long::longValue).sum(), findings.examples());
    }

    /** Ends the sessions and takes their table away; what they saw stays to be asked. */
    @Override
    public void close() {
        findings.stop();
        try {
            for (Future<?> session : sessions) {
                end(session);
            }
            store.remove();
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the table " + JdbcStore.TABLE + " of the drill is left behind: " + e.getMessage() + "; the next drill takes it away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Future<?> session) throws InterruptedException {
        try {
            session.get(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            session.cancel(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session of the check failed", e.getCause());
        }
    }
}
