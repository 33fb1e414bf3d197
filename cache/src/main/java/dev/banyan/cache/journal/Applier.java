package dev.banyan.cache.journal;

import dev.banyan.cache.journal.PendingRows.Batch;
import dev.banyan.cache.journal.PendingRows.RowWork;
import dev.banyan.cache.journal.Target.Outcome;
import dev.banyan.cache.journal.Target.Refused;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Takes batch after batch to the database. Where it fails it tries again for ever, with pauses of 50 ms doubling to 5 s, each shortened at random by
 * up to a fifth; whether a transaction that failed was committed is read from the journal's row in the database before anything is done again.
 * Owned by one thread, but for its listeners.
 */
final class Applier {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final double JITTER = 0.2;
    /** Before this nobody needs to hear of it: a failover takes about as long. */
    private static final Duration WORTH_SAYING = Duration.ofSeconds(10);

    private final SegmentLog log;
    private final PendingRows pending;
    private final Target target;
    private final Duration delay;
    private final Clock clock;
    private final RandomGenerator random;
    private final JournalMetrics metrics;
    private final Consumer<Decision> decisions;
    private final Runnable applied;
    private final Consumer<BanyanException> fenced;
    private final List<AppliedListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean open = true;
    private boolean claimed;
    private long has;
    private int failures;
    private long failingSinceNanos;
    private boolean said;

    /**
     * @param applied called when the database is known to have more
     * @param fenced called when another one applies this journal
     */
    Applier(SegmentLog log, PendingRows pending, Target target, Duration delay, Clock clock, RandomGenerator random, JournalMetrics metrics, Consumer<Decision> decisions, Runnable applied,
            Consumer<BanyanException> fenced) {
        this.log = log;
        this.pending = pending;
        this.target = target;
        this.delay = delay;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
        this.decisions = decisions;
        this.applied = applied;
        this.fenced = fenced;
    }

    void listen(AppliedListener listener) {
        listeners.add(listener);
    }

    /** Applies until {@link #end}. */
    void run() {
        try {
            while (open) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            target.close();
            ended.complete(null);
        }
    }

    private void step() throws InterruptedException {
        try {
            if (!turn()) {
                pending.awaitReady(clock::nanos, delay.toNanos());
            }
        } catch (SQLException | IOException | RuntimeException | Error e) {
            if (open) {
                pause(failed(e));
            }
        }
    }

    /** Claims the journal at first, then applies a batch if one is ready; false when there was nothing to do. */
    boolean turn() throws SQLException, IOException {
        if (!claimed) {
            claim();
        }
        Optional<Batch> ready = pending.ready(clock.nanos(), delay.toNanos());
        if (ready.isPresent()) {
            apply(ready.get());
        }
        succeeded();
        return ready.isPresent();
    }

    private void claim() throws SQLException, IOException {
        long applied = target.claim(log.journal());
        long ours = log.firstNew() - 1;
        if (applied > ours) {
            decide("count write-behind writes from " + ours, "the database has the journal's writes up to " + applied + ", and its folder ends at " + ours + ": the folder is an older copy, what it holds is applied already", "journal " + log.journal());
            target.lower(log.journal(), ours);
            applied = ours;
        }
        restore(applied, ours);
        claimed = true;
        this.applied.run();
    }

    /** Makes pending again what the database has not, as far as the journal still has it. */
    private void restore(long applied, long upTo) throws IOException {
        long oldest = log.oldest();
        if (applied < oldest - 1) {
            decide("apply write-behind writes from " + oldest, "the database has them up to " + applied + " only: it is an older copy, or a failover has lost what it had; the writes in between were applied once and are not in the journal any more", "journal " + log.journal());
        }
        List<Logged> lacking = new ArrayList<>();
        log.read(applied, upTo, lacking::add);
        pending.restore(lacking, applied, clock.nanos());
        has = applied;
    }

    private void apply(Batch batch) throws SQLException, IOException {
        List<RowWork> work = pending.work(batch);
        PendingRows.Sizes sizes = pending.sizes();
        long left = sizes.writes() - batch.writes();
        List<AppliedListener.Row> rows = rows(work, Set.of());
        tell(listener -> listener.applying(rows), rows, "that its writes set out");
        long began = clock.nanos();
        Outcome outcome = target.apply(new Target.Stretch(log.journal(), has, batch.last(), work, left, left == 0 ? Optional.empty() : pending.nextMillis(batch).map(Instant::ofEpochMilli)));
        switch (outcome) {
            case Outcome.Done(long xid, List<Refused> refused) -> {
                metrics.batches.record(clock.nanos() - began);
                done(batch, work, xid, refused);
            }
            case Outcome.Behind(long applied) -> {
                decide("apply write-behind writes again from " + (applied + 1), "the database had them up to " + has + " and now only up to " + applied + ": a failover lost them, or it was restored", "journal " + log.journal());
                restore(applied, has);
            }
            case Outcome.Fenced(String owner) -> {
                decide("stop applying write-behind writes", "another process has claimed the journal: its folder was copied", owner);
                open = false;
                fenced.accept(Refusals.fenced(owner));
            }
        }
    }

    private void done(Batch batch, List<RowWork> work, long xid, List<Refused> refused) {
        has = batch.last();
        Set<RowKey> dead = refused.stream().map(Refused::row).collect(Collectors.toSet());
        if (!dead.isEmpty()) {
            setAside(refused);
        }
        List<AppliedListener.Row> rows = rows(work, dead);
        tell(listener -> listener.applied(rows, xid), rows, "transaction " + xid);
        metrics.applied.add(batch.writes());
        metrics.coalesced.add(batch.writes() - work.size());
        pending.end(batch);
        tell(listener -> listener.ended(rows), rows, "transaction " + xid + ", whose writes are not pending any more");
        applied.run();
    }

    private static List<AppliedListener.Row> rows(List<RowWork> work, Set<RowKey> dead) {
        return work.stream().map(row -> new AppliedListener.Row(row.row().table(), row.row().key(), dead.contains(row.row()))).toList();
    }

    private void tell(Consumer<AppliedListener> news, List<AppliedListener.Row> rows, String what) {
        for (AppliedListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                decide("go on after a listener's failure", "what was told of write-behind writes failed (" + e + "): cached values of " + rows.size() + " rows may be old until they expire", what);
            }
        }
    }

    private void setAside(List<Refused> refused) {
        metrics.deadLetters.add(refused.size());
        Map<String, Long> tables = refused.stream().collect(Collectors.groupingBy(one -> one.row().table() + " (SQLSTATE " + one.sqlState() + ")", Collectors.counting()));
        decide("set aside writes to " + refused.size() + " rows", "the database refuses them: " + tables + "; they are in banyan.dead_letters, with the error", "journal " + log.journal());
    }

    private Duration failed(Throwable failure) {
        metrics.retries.increment();
        failures++;
        if (failures == 1) {
            failingSinceNanos = clock.nanos();
        }
        Duration failing = Duration.ofNanos(clock.nanos() - failingSinceNanos);
        if (!said && (failing.compareTo(WORTH_SAYING) >= 0 || SqlFailure.needsSomebody(failure))) {
            said = true;
            PendingRows.Sizes sizes = pending.sizes();
            decide("keep write-behind writes on disk", "they cannot be applied: " + (failure instanceof SQLException || failure instanceof BanyanException ? failure.getMessage() : failure.toString()), sizes.writes() + " writes of " + sizes.bytes() + " bytes wait; tried " + failures + " times in " + failing.toMillis() + " ms");
        }
        long whole = Math.min(FIRST_PAUSE.toMillis() << Math.min(failures - 1, 20), LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(Math.round(whole * (1 - JITTER * random.nextDouble())));
    }

    private void succeeded() {
        if (said) {
            decide("apply write-behind writes again", "the database takes them", "failed " + failures + " times");
        }
        said = false;
        failures = 0;
    }

    /** Ends early only when the applier is to end. */
    private void pause(Duration time) throws InterruptedException {
        long end = clock.nanos() + time.toNanos();
        for (long left = time.toNanos(); open && left > 0; left = end - clock.nanos()) {
            pending.await(left);
        }
    }

    private void decide(String what, String why, String seen) {
        decisions.accept(new Decision(what, why, seen, clock.now()));
    }

    /** Ends after what is under way. */
    void end() {
        open = false;
        pending.close();
    }

    /** Completes when {@link #run} is through. */
    CompletableFuture<Void> ended() {
        return ended;
    }
}
