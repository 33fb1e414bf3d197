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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Each arrival is one step of whichever virtual user is free; when none is, it waits, and its latency grows. Steps run on virtual threads.
 * Safe for any thread.
 */
final class PhotosTraffic implements Traffic {
    /** Passwords are hashed slowly on purpose: more people who join at once would only wait for the processor. */
    private static final int JOIN_AT_ONCE = 4;
    private static final int JOIN_TRIES = 3;
    private static final int MOST_WAITING = 10_000;
    private static final Duration AUDIT_PAUSE = Duration.ofMillis(100);

    private final Client client;
    private final Clock clock;
    private final Tally tally;
    private final ExecutorService workers;
    private final PhotosAudit audit;
    private final Ledger ledger;
    private final boolean temporary;
    private final AtomicReference<RuntimeException> broken = new AtomicReference<>();
    private final long patienceNanos;
    private final Map<String, VirtualUser> users = new ConcurrentHashMap<>();
    private final Deque<VirtualUser> free = new ArrayDeque<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean keep;

    /** An arrival for which there is no user yet. */
    private record Waiting(long due, long since) {}

    private PhotosTraffic(Client client, Target target, Tally tally, LoadOptions options, Loops loops, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.tally = tally;
        this.workers = loops.blocking();
        this.patienceNanos = options.timeout().toNanos();
        this.audit = new PhotosAudit(client, new PhotosApi(target), name -> users.containsKey(name) ? users.get(name).token() : "");
        this.temporary = options.ledger().isEmpty();
        this.keep = true;
        this.ledger = Ledger.open(options.ledger().orElseGet(PhotosTraffic::temporary));
        if (ledger.writes() > 0) {
            ledger.close();
            throw new BanyanException(ErrorCode.USAGE, "--ledger: " + ledger.file() + " holds " + ledger.writes() + " writes of an earlier run; name a new file");
        }
    }

    /**
     * Lets the users join: each makes an account, signs in and looks around, a few at a time, before the first arrival. These requests are no
     * part of the load and its figures; the accounts stand in the ledger.
     *
     * @throws BanyanException SITE_IS_DOWN, when one cannot join in three tries; USAGE, when the ledger is one of an earlier run
     */
    static PhotosTraffic open(LoadOptions options, Client client, Target target, Tally tally, Loops loops, Clock clock, RandomGenerator random)
            throws InterruptedException {
        PhotosTraffic traffic = new PhotosTraffic(client, target, tally, options, loops, clock);
        try {
            traffic.allJoin(options, target, random);
            return traffic;
        } catch (InterruptedException | RuntimeException e) {
            traffic.keep = !traffic.temporary;
            traffic.close();
            throw e;
        }
    }

    private void allJoin(LoadOptions options, Target target, RandomGenerator random) throws InterruptedException {
        KnownPhotos known = new KnownPhotos();
        String run = Long.toString(random.nextLong() >>> 24, 36);
        Semaphore places = new Semaphore(JOIN_AT_ONCE);
        Tally aside = new Tally(clock);
        List<Future<?>> joins = new ArrayList<>();
        for (int i = 0; i < options.users(); i++) {
            VirtualUser user = new VirtualUser("v" + run + "n" + i, new PhotosApi(target), new Exchanges(client, tally), ledger, known,
                    Loops.random(random.nextLong()));
            joins.add(workers.submit(() -> {
                places.acquire();
                try {
                    join(user, options, aside);
                } finally {
                    places.release();
                }
                return null;
            }));
        }
        allOf(joins);
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("banyan-load-", ".ledger");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "no temporary file for the ledger: " + e + "; name a place with --ledger", e);
        }
    }

    private void join(VirtualUser user, LoadOptions options, Tally aside) {
        for (int i = 0; i < JOIN_TRIES; i++) {
            if (user.join(new Exchanges(client, aside))) {
                users.put(user.name(), user);
                release(user);
                return;
            }
        }
        throw new BanyanException(ErrorCode.SITE_IS_DOWN, "virtual user " + user.name() + " could not join " + options.url() + " in " + JOIN_TRIES + " tries ("
                + aside.byKind() + "): is it the photos application, and up? For another site use --script url");
    }

    private static void allOf(List<Future<?>> joins) throws InterruptedException {
        try {
            for (Future<?> join : joins) {
                join.get();
            }
        } catch (ExecutionException e) {
            joins.forEach(join -> join.cancel(true));
            if (e.getCause() instanceof BanyanException known) {
                throw known;
            }
            throw new IllegalStateException("a virtual user failed to join", e.getCause());
        }
    }

    @Override
    public void arrive(long intended) {
        tally.arrived(intended);
        VirtualUser user;
        synchronized (this) {
            dropExpired(clock.nanos());
            user = free.pollFirst();
            if (user == null && waiting.size() < MOST_WAITING) {
                waiting.add(new Waiting(intended, clock.nanos()));
                return;
            }
        }
        if (user == null) {
            drop(intended, clock.nanos());
        } else {
            workers.execute(() -> steps(user, intended));
        }
    }

    /** Takes the step that is due, and those that wait, until none does. */
    private void steps(VirtualUser user, long due) {
        long next = due;
        boolean more;
        do {
            take(user, next);
            Waiting waited = nextWaiting();
            more = waited != null;
            next = more ? waited.due() : 0;
        } while (more);
        release(user);
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

    private synchronized Waiting nextWaiting() {
        dropExpired(clock.nanos());
        return waiting.poll();
    }

    /** The user who has rested longest comes first, so that all take part. */
    private void release(VirtualUser user) {
        Waiting next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free.addLast(user);
                return;
            }
        }
        workers.execute(() -> steps(user, next.due()));
    }

    private void dropExpired(long now) {
        while (!waiting.isEmpty() && now - waiting.peek().since() > patienceNanos) {
            drop(waiting.remove().due(), now);
        }
    }

    private void drop(long intended, long now) {
        Outcome.Times times = new Outcome.Times(intended, now, now, now);
        tally.sent(times);
        tally.request("dropped", new Outcome.Failed(Failure.of(Failure.Kind.DROPPED_BY_GENERATOR), times), Optional.empty());
        tally.ended(intended, now);
    }

    @Override
    public AuditReport audit() throws InterruptedException {
        if (broken.get() != null) {
            throw broken.get();
        }
        Exchanges aside = new Exchanges(client, new Tally(clock));
        users.values().stream().filter(user -> user.token().isEmpty()).forEach(user -> user.signIn(aside));
        AuditReport report = Audit.of(ledger.file(), audit, workers, clock, AUDIT_PAUSE);
        keep = !temporary || !report.clean();
        return report;
    }

    /** A temporary ledger stays when it may still be needed: when something is wrong, or the audit did not happen. */
    @Override
    public void close() {
        ledger.close();
        if (keep) {
            return;
        }
        try {
            Files.deleteIfExists(ledger.file());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the temporary ledger " + ledger.file() + " cannot be removed: " + e, e);
        }
    }
}
