package dev.banyan.cache.journal;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Decision;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Group commit: appends line up, and one thread puts all that are there on disk with one write and one force, while the next line up. First come,
 * first served, also where there is no room.
 */
final class Commits {
    private static final int GROUP_BYTES = 1 << 20;
    private static final int GROUP_WRITES = 8_192;
    private static final int LARGEST = 64 << 20;
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long DISK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SegmentLog log;
    private final Object where;
    private final PendingRows pending;
    private final ByteSize most;
    private final Duration patience;
    private final Clock clock;
    private final JournalMetrics metrics;
    private final Consumer<Decision> decisions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private BanyanException ending;
    private volatile boolean quiet = true;
    private BanyanException failing; // the committing thread's, as the next
    private long retryNanos;

    /** @param where named in messages */
    Commits(SegmentLog log, Object where, PendingRows pending, ByteSize most, Duration patience, Clock clock, JournalMetrics metrics, Consumer<Decision> decisions) {
        this.log = log;
        this.where = where;
        this.pending = pending;
        this.most = most;
        this.patience = patience;
        this.clock = clock;
        this.metrics = metrics;
        this.decisions = decisions;
    }

    private record Waiting(RowWrite write, byte[] bytes, long sinceNanos, CompletableFuture<Appended> answer) {
        int size() {
            return Integer.BYTES + bytes.length;
        }
    }

    CompletableFuture<Appended> append(RowWrite write) {
        Waiting waiting = new Waiting(write, WriteCodec.encode(write), clock.nanos(), new CompletableFuture<>());
        long largest = Math.min(LARGEST, most.bytes());
        if (waiting.size() > largest) {
            refuse(waiting, "size", Refusals.tooLarge(waiting.size(), largest));
            return waiting.answer;
        }
        BanyanException closed;
        lock.lock();
        try {
            closed = ending;
            if (closed == null) {
                queue.addLast(waiting);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        if (closed != null) {
            refuse(waiting, "closed", closed);
        }
        return waiting.answer;
    }

    /** Commits until {@link #end}; then closes the log. */
    void run() {
        try {
            while (awaitWork()) {
                turn();
            }
            log.close(pending.sizes().applied(), clock.now().toEpochMilli());
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(Refusals.disk(where, e));
        } catch (InterruptedException e) {
            ended.completeExceptionally(Refusals.closed(where));
            Thread.currentThread().interrupt();
        } finally {
            end(Refusals.closed(where));
            refuseAll();
            ended.complete(null);
        }
    }

    /** Waits for something to do; false when the end has come and all that had room is on disk. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Waiting head = queue.peekFirst();
                if (head != null && hasRoom(head, 0, pending.sizes())) {
                    return true;
                }
                if (ending != null) {
                    return false;
                }
                if (head != null) {
                    pending.hurry(log.next() - 1);
                }
                if (head == null && quiet) {
                    changed.await();
                } else if (changed.awaitNanos(head == null ? QUIET_NANOS : remaining(head)) <= 0) {
                    return true; // the head's patience has ended, or it is quiet
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long remaining(Waiting head) {
        return head.sinceNanos + patience.toNanos() - clock.nanos();
    }

    /** Commits what has room, refuses who has waited too long, and tidies up when there is nothing to commit. */
    void turn() {
        List<Waiting> late = new ArrayList<>();
        List<Waiting> group = new ArrayList<>();
        PendingRows.Sizes sizes = pending.sizes();
        lock.lock();
        try {
            collect(group, sizes);
            while (!queue.isEmpty() && remaining(queue.peekFirst()) <= 0) {
                late.add(queue.removeFirst());
            }
        } finally {
            lock.unlock();
        }
        late.forEach(waiting -> refuse(waiting, "full", Refusals.full(most, sizes, patience)));
        if (group.isEmpty()) {
            tidy(sizes.applied());
        } else {
            commit(group, sizes.applied());
        }
    }

    private void collect(List<Waiting> group, PendingRows.Sizes sizes) {
        long bytes = 0;
        while (!queue.isEmpty() && group.size() < GROUP_WRITES && (group.isEmpty() || bytes + queue.peekFirst().size() <= GROUP_BYTES) && hasRoom(queue.peekFirst(), bytes, sizes)) {
            bytes += queue.peekFirst().size();
            group.add(queue.removeFirst());
        }
    }

    private boolean hasRoom(Waiting waiting, long more, PendingRows.Sizes sizes) {
        return sizes.bytes() + more + waiting.size() <= most.bytes() && sizes.memory() + more <= most.bytes();
    }

    private void commit(List<Waiting> group, long applied) {
        if (failing != null && clock.nanos() - retryNanos < 0) {
            group.forEach(waiting -> refuse(waiting, "disk", failing));
            return;
        }
        long millis = clock.now().toEpochMilli();
        long began = clock.nanos();
        long first;
        try {
            first = log.append(group.stream().map(Waiting::bytes).toList(), applied, millis);
        } catch (IOException | RuntimeException e) {
            fail(e);
            group.forEach(waiting -> refuse(waiting, "disk", failing));
            return;
        } catch (Error e) {
            group.forEach(waiting -> refuse(waiting, "disk", Refusals.disk(where, e)));
            throw e;
        }
        long now = clock.nanos();
        metrics.forces.record(now - began);
        metrics.appended.add(group.size());
        works();
        quiet = false;
        List<Logged> logged = new ArrayList<>(group.size());
        for (Waiting waiting : group) {
            logged.add(new Logged(first + logged.size(), waiting.write, waiting.size(), millis));
        }
        pending.add(logged, now);
        for (int i = 0; i < group.size(); i++) {
            group.get(i).answer.complete(new Appended(first + i));
        }
    }

    /** What nobody waits for: a seal, so that damage to the last group can be told from a torn one, and segments that are done with. */
    private void tidy(long applied) {
        boolean sealed = quiet;
        quiet = true;
        try {
            if (!sealed) {
                log.seal(applied, clock.now().toEpochMilli(), false);
            }
            log.remove(applied);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Exception cause) {
        boolean first = failing == null;
        failing = Refusals.disk(where, cause);
        retryNanos = clock.nanos() + DISK_PAUSE_NANOS;
        if (first) {
            decisions.accept(new Decision("refuse write-behind writes", failing.getMessage(), Optional.ofNullable(cause.getMessage()).orElse(cause.toString()), clock.now()));
        }
    }

    private void works() {
        if (failing != null) {
            decisions.accept(new Decision("take write-behind writes again", "the journal in " + where + " can be written again", failing.getMessage(), clock.now()));
            failing = null;
        }
    }

    private void refuse(Waiting waiting, String why, BanyanException failure) {
        metrics.refused(why).increment();
        waiting.answer.completeExceptionally(failure);
    }

    private void refuseAll() {
        List<Waiting> left;
        BanyanException why;
        lock.lock();
        try {
            left = new ArrayList<>(queue);
            queue.clear();
            why = ending;
        } finally {
            lock.unlock();
        }
        left.forEach(waiting -> refuse(waiting, "closed", why));
    }

    /** There may be more room, or a segment to remove. */
    void applied() {
        lock.lock();
        try {
            quiet = false;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more. What has room is put on disk yet. */
    void end(BanyanException why) {
        lock.lock();
        try {
            if (ending == null) {
                ending = why;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Completes when {@link #run} is through. */
    CompletableFuture<Void> ended() {
        return ended;
    }
}
