package dev.banyan.cache.journal;

import dev.banyan.cache.journal.RowWrite.Effect;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Writes that are acknowledged when they are on disk, and taken to the database in batches: in order for each row, and once in effect.
 * Safe for any thread.
 *
 * <p>Between rows the order is the journal's only from batch to batch. A row must always be named by the same text: {@code 1}, not {@code 01} at times.
 */
public final class WriteBehindJournal implements AutoCloseable {
    private static final int LARGEST_SEGMENT = 8 << 20;
    private static final int SMALLEST_SEGMENT = 256 << 10;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Disk disk;
    private final SegmentLog log;
    private final PendingRows pending;
    private final Commits commits;
    private final Applier applier;
    private final Target target;
    private final Clock clock;
    private final JournalMetrics metrics;

    private WriteBehindJournal(Setup setup, Disk disk, Target target) throws IOException {
        this.disk = disk;
        this.target = target;
        this.clock = setup.clock();
        this.metrics = new JournalMetrics(setup.registry());
        long most = setup.limits().journal().bytes();
        SegmentLog.Recovered recovered = SegmentLog.open(disk, identity(setup.random()), Math.clamp(most / 8, SMALLEST_SEGMENT, LARGEST_SEGMENT));
        this.log = recovered.log();
        this.pending = new PendingRows(setup.limits().batch());
        pending.unsettled(new PendingRows.Unsettled(recovered.bytes(), recovered.writes(), recovered.millis()));
        this.commits = new Commits(log, setup.folder(), pending, setup.limits().journal(), setup.patience(), clock, metrics, setup.decisions());
        this.applier = new Applier(log, pending, target, setup.limits().delay(), clock, setup.random(), metrics, setup.decisions(), commits::applied, commits::end);
        metrics.watch(this::figures);
    }

    /**
     * Opens the journal of a folder, or makes one. The database need not be there: what it has of an earlier run's writes is asked when it is.
     *
     * @throws BanyanException DISK when the folder cannot be used or a segment is damaged, SITE_IS_HELD when another process has it
     */
    public static WriteBehindJournal open(Setup setup) {
        return open(setup, FolderDisk.open(setup.folder()), new PostgresTarget(setup.primary(), "process " + ProcessHandle.current().pid() + ", journal in " + setup.folder().toAbsolutePath()));
    }

    static WriteBehindJournal open(Setup setup, Disk disk, Target target) {
        try {
            WriteBehindJournal journal = new WriteBehindJournal(setup, disk, target);
            setup.loops().blocking().execute(journal.commits::run);
            setup.loops().blocking().execute(journal.applier::run);
            return journal;
        } catch (IOException e) {
            disk.close();
            throw new BanyanException(ErrorCode.DISK, "the write-behind journal in " + setup.folder() + " cannot be opened (" + e + "): mend the disk, or put the folder elsewhere", e);
        } catch (RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /** A random UUID (RFC 9562, version 4). */
    private static UUID identity(RandomGenerator random) {
        return new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & ~(3L << 62) | 2L << 62);
    }

    /**
     * Puts a write on disk.
     *
     * @return completes, on the journal's own thread which must not be blocked, when the write is durable, and from then on it is pending;
     *     exceptionally with a {@link BanyanException}, and then it must not be acknowledged: BUSY when there was no room for as long as an append
     *     waits, DISK when the disk is full or fails, USAGE when the write is larger than the journal takes, SITE_IS_HELD when another process has
     *     taken the journal over
     */
    public CompletableFuture<Appended> append(RowWrite write) {
        if (write.key().isEmpty() || write.effect() instanceof Effect.Put(Map<String, Optional<String>> values) && write.key().stream().anyMatch(cell -> values.containsKey(cell.column()))) {
            throw new IllegalArgumentException("a write to " + write.table() + " has a key, and puts no value in its columns");
        }
        return commits.append(write);
    }

    /**
     * What the writes that the database does not have yet, those on their way included, do to a row; empty when there are none. Does not block.
     *
     * @throws BanyanException BUSY while it is not known which writes of an earlier run the database has ({@link Figures#settled})
     */
    public Optional<Pending> pending(String table, List<RowWrite.Cell> key) {
        if (!pending.settled()) {
            throw Refusals.unsettled(pending.sizes());
        }
        return pending.of(new RowKey(table, key));
    }

    /** Takes all that is appended by now to the database, without gathering, and waits for it; false when it was not done in time. */
    public boolean drain(Duration atMost) {
        long end = clock.nanos() + atMost.toNanos();
        long upTo = log.next() - 1;
        pending.hurry(upTo);
        try {
            return pending.awaitApplied(upTo, () -> end - clock.nanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Figures figures() {
        PendingRows.Sizes sizes = pending.sizes();
        Duration lag = sizes.writes() == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.now().toEpochMilli() - sizes.oldestMillis()));
        return new Figures(sizes.bytes(), sizes.writes(), sizes.rows(), lag, metrics.appended.total(), metrics.applied.total(), metrics.deadLetters.total(), pending.settled());
    }

    /** Hears from now on what was applied. */
    public void onApplied(AppliedListener listener) {
        applier.listen(listener);
    }

    /**
     * Ends appending, takes all that was appended to the database, and closes. Between {@link #drain} and {@link #close} another write may be
     * acknowledged; here none can.
     *
     * @return whether the database has all of it; what it does not have stays in the folder
     */
    public boolean finish(Duration atMost) {
        commits.end(Refusals.closed(disk));
        boolean all = finished(commits.ended()) && drain(atMost) && pending.settled();
        close();
        return all;
    }

    /** Ends appending with what is under way on disk, and applying without waiting for the database; what it does not have stays in the folder. */
    @Override
    public void close() {
        commits.end(Refusals.closed(disk));
        applier.end();
        finished(commits.ended());
        if (!finished(applier.ended())) {
            target.close();
            finished(applier.ended());
        }
        disk.close();
    }

    private static boolean finished(CompletableFuture<Void> part) {
        try {
            part.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true; // a disk that fails was told of when it began to
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
