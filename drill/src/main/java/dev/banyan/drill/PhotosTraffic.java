package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Each arrival is one step of whichever virtual user is free; when none is, it waits, and its latency grows. Steps run on virtual threads.
 * Safe for any thread.
 */
final class PhotosTraffic implements Traffic {
    private static final Duration AUDIT_PAUSE = Duration.ofMillis(100);

    private final Client client;
    private final Clock clock;
    private final Tally tally;
    private final ExecutorService workers;
    private final Ledger ledger;
    private final boolean temporary;
    private final List<VirtualUser> users;
    private final Deque<VirtualUser> free;
    private final Waiting<Long> waiting;
    private final AtomicReference<RuntimeException> broken = new AtomicReference<>();
    private boolean saturating;
    private boolean clean;

    private PhotosTraffic(LoadOptions options, Client client, Tally tally, Ledger ledger, Loops loops, Clock clock, List<VirtualUser> users) {
        this.client = client;
        this.clock = clock;
        this.tally = tally;
        this.workers = loops.blocking();
        this.ledger = ledger;
        this.temporary = options.ledger().isEmpty();
        this.users = List.copyOf(users);
        this.free = new ArrayDeque<>(users);
        this.waiting = new Waiting<>(options.timeout().toNanos());
    }

    /**
     * Opens the ledger and lets the users join.
     *
     * @throws BanyanException SITE_IS_DOWN, when one cannot join; USAGE, when the ledger is one of an earlier run; DISK, when it cannot be
     *     written
     */
    static PhotosTraffic open(LoadOptions options, Client client, Target target, Tally tally, Loops loops, Clock clock, RandomGenerator random,
            Consumer<LoadProgress> progress) throws InterruptedException {
        Ledger ledger = ledger(options);
        try {
            List<VirtualUser> users = new Joining(options, loops.blocking(), client, clock).all(target, tally, ledger, random, progress);
            return new PhotosTraffic(options, client, tally, ledger, loops, clock, users);
        } catch (InterruptedException | RuntimeException e) {
            ledger.close();
            if (options.ledger().isEmpty()) {
                delete(ledger.file());
            }
            throw e;
        }
    }

    private static Ledger ledger(LoadOptions options) {
        Ledger ledger = Ledger.open(options.ledger().orElseGet(PhotosTraffic::temporaryFile));
        if (ledger.writes() > 0) {
            ledger.close();
            throw new BanyanException(ErrorCode.USAGE, "--ledger: " + ledger.file() + " holds " + ledger.writes() + " writes of an earlier run; name a new file");
        }
        return ledger;
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("banyan-load-", ".ledger");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "no temporary file for the ledger: " + e + "; name a place with --ledger", e);
        }
    }

    @Override
    public void arrive(long intended) {
        tally.arrived(intended);
        VirtualUser user;
        synchronized (this) {
            long now = clock.nanos();
            waiting.expire(now, this::drop);
            user = free.pollFirst();
            if (user == null) {
                if (!waiting.add(intended, now)) {
                    drop(intended);
                }
                return;
            }
        }
        workers.execute(() -> steps(user, intended));
    }

    @Override
    public void saturate(boolean on) {
        List<VirtualUser> idle;
        synchronized (this) {
            saturating = on;
            if (!on) {
                return;
            }
            idle = List.copyOf(free);
            free.clear();
        }
        idle.forEach(user -> {
            long now = arrivedUnasked();
            workers.execute(() -> steps(user, now));
        });
    }

    private long arrivedUnasked() {
        long now = clock.nanos();
        tally.arrived(now);
        return now;
    }

    /** Takes the step that is due, then those that wait, until none does. */
    private void steps(VirtualUser user, long due) {
        for (Optional<Long> next = Optional.of(due); next.isPresent(); next = nextOrFree(user)) {
            take(user, next.get());
        }
    }

    /** Whatever goes wrong here is ours, not the site's: the run ends, and then says it. */
    private void take(VirtualUser user, long due) {
        try {
            user.step(due);
        } catch (RuntimeException e) {
            broken.compareAndSet(null, e);
        } finally {
            tally.ended(due, clock.nanos());
        }
    }

    /** The user goes to the end of the line, so that all take part. */
    private synchronized Optional<Long> nextOrFree(VirtualUser user) {
        waiting.expire(clock.nanos(), this::drop);
        Optional<Long> next = waiting.next();
        if (next.isEmpty() && saturating) {
            return Optional.of(arrivedUnasked());
        }
        if (next.isEmpty()) {
            free.addLast(user);
        }
        return next;
    }

    private void drop(long intended) {
        long now = clock.nanos();
        Outcome.Times times = new Outcome.Times(intended, now, now, now);
        tally.sent(times);
        tally.dropped(times);
        tally.ended(intended, now);
    }

    @Override
    public AuditReport audit() throws InterruptedException {
        if (broken.get() != null) {
            throw broken.get();
        }
        Tally aside = new Tally(clock);
        users.stream().filter(user -> !user.signedIn()).forEach(user -> user.signIn(aside));
        Map<String, VirtualUser> byName = users.stream().collect(Collectors.toMap(VirtualUser::name, Function.identity()));
        AuditReport report = Audit.of(ledger.file(), new PhotosAudit(client, name -> byName.get(name).session()), workers, clock, AUDIT_PAUSE);
        clean = report.clean();
        return temporary && !clean ? report.keptIn(ledger.file()) : report;
    }

    /** A temporary ledger stays when something is wrong, or the audit did not happen. */
    @Override
    public void close() {
        ledger.close();
        if (temporary && clean) {
            delete(ledger.file());
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the temporary ledger " + temporary + " cannot be removed: " + e, e);
        }
    }
}
