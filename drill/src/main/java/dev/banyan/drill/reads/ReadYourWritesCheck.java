package dev.banyan.drill.reads;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Checks that no session is shown its own past. Each session has a counter that only it writes, with versions that only grow: so whoever
 * reads a version that is less than one it has written, seen, or been told of has found a violation, without any model of the database.
 */
public final class ReadYourWritesCheck {
    private static final long LINE_SECONDS = 5;

    private final ReadYourWritesOptions options;
    private final Store store;
    private final Clock clock;
    private final Consumer<String> progress;
    private final Findings findings;
    private long leftAtTheEnd;

    private ReadYourWritesCheck(ReadYourWritesOptions options, Store store, Clock clock, Consumer<String> progress) {
        this.options = options;
        this.store = store;
        this.clock = clock;
        this.progress = progress;
        this.findings = new Findings(options.operations());
    }

    /**
     * Runs the check in a table of its own, which it makes and takes away. Blocks until all is done.
     *
     * @param random makes the sessions' choices
     * @param progress gets a line every five seconds
     * @throws BanyanException USAGE, when an option is out of bounds or the database is remote without a reason; ENGINE_FAILED, when it
     *     cannot be used at all
     */
    public static ReadYourWritesReport run(ReadYourWritesOptions options, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        options.check();
        return run(options, JdbcStore.of(options, clock), loops, clock, random, progress);
    }

    static ReadYourWritesReport run(ReadYourWritesOptions options, Store store, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        try {
            return new ReadYourWritesCheck(options, store, clock, progress).run(loops, random);
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the database cannot be used for the check: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "the check was interrupted before it could report", e);
        }
    }

    private ReadYourWritesReport run(Loops loops, RandomGenerator random) throws SQLException, InterruptedException {
        store.prepare(options.sessions());
        boolean carries = store.carries();
        Counters counters = new Counters(options.sessions());
        long start = clock.nanos();
        List<Future<?>> sessions = new ArrayList<>();
        for (int i = 0; i < options.sessions(); i++) {
            RandomGenerator own = Loops.random(random.nextLong());
            sessions.add(loops.blocking().submit(new SessionRun(i, store, counters, findings, options, carries, Duration.ZERO, clock, own)));
        }
        boolean ended = await(sessions, start);
        double seconds = (clock.nanos() - start) / 1e9;
        SortedMap<String, Long> at = store.readsByServer();
        store.remove();
        return new ReadYourWritesReport(options.sessions(), seconds, options.operations() - (ended ? 0 : leftAtTheEnd), findings.reads.sum(), findings.writes.sum(),
                findings.transactions.sum(), findings.carried.sum(), carries, findings.failures(), Math.max(0, findings.reconnects.sum() - options.sessions()),
                findings.violations(), findings.examples(), findings.readTimes(), findings.writeTimes(), at, ended);
    }

    /** Whether all operations were done; an operation that is stuck for longer than the limit is left behind with its session. */
    private boolean await(List<Future<?>> sessions, long start) throws InterruptedException {
        long limit = start + options.limit().toNanos();
        boolean ended = true;
        for (Future<?> session : sessions) {
            while (!over(session)) {
                long seconds = (clock.nanos() - start) / 1_000_000_000;
                progress.accept(seconds + " s: " + (options.operations() - findings.left()) + " of " + options.operations() + " operations, "
                        + findings.violations().values().stream().mapToLong(Long::longValue).sum() + " violations");
                if (clock.nanos() - limit > 0) {
                    leftAtTheEnd = ended ? findings.left() : leftAtTheEnd;
                    ended = false;
                    findings.stop();
                    session.cancel(true);
                }
            }
        }
        return ended;
    }

    private static boolean over(Future<?> session) throws InterruptedException {
        if (session.isCancelled()) {
            return true;
        }
        try {
            session.get(LINE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session of the check failed", e.getCause());
        }
    }
}
