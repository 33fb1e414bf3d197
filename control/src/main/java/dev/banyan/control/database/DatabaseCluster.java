package dev.banyan.control.database;

import dev.banyan.control.Later;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Failover;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The embedded database's servers as one thing: the only actor on them. It looks at them every {@code failover.interval}, and at once when one of their
 * processes ends; what it sees, {@link Remedies} decides upon, and {@link Deeds} does. Moves ask it for what they need, and wait.
 *
 * <p>Guarded by its own monitor; {@link #now} is free to read. Whoever waits for something drives it on, so that it needs no thread of its own.
 */
public final class DatabaseCluster {
    private static final Duration GLANCE = Duration.ofMillis(5);
    /** For a replica to begin to follow before a switchover to it, and for what goes on by itself after one. */
    private static final Duration READY = Duration.ofSeconds(30);
    /** Between the end of a look that took all its time and the next. */
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** Acts in a row without a new look; far more than any situation needs. */
    private static final int ACTS = 100;

    private final DatabasePorts ports;
    private final Later later;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final Consumer<ClusterRecord> records;
    private final Deeds deeds;
    private final Queue<UnaryOperator<Situation>> happened = new ConcurrentLinkedQueue<>();
    private volatile Situation now;
    private volatile boolean watching;
    private volatile String progress = "";
    /** Why replicas that were being made were given up, by name. */
    private final Map<String, String> givenUp = new ConcurrentHashMap<>();
    private volatile long lookedAt;
    private String failing = "";
    /** A write of the record failed, so that only the disk knows which one is there. */
    private boolean unsure;

    /** @param records hears each change of the record, under this one's monitor */
    public DatabaseCluster(DatabasePorts ports, Later later, Clock clock, Consumer<Decision> decisions, Consumer<ClusterRecord> records) {
        this.ports = ports;
        this.later = later;
        this.clock = clock;
        this.decisions = decisions;
        this.records = records;
        this.deeds = new Deeds(ports, clock, this::happen, text -> progress = text);
        ports.servers().onEnd(name -> happen(was -> was.with(name, was.sight(name).ended("its process ended", was.now()))));
    }

    /**
     * Starts every recorded server in its recorded role, the first server of a new site when there is none, and returns when the primary takes writes. From
     * then on the servers are watched. Does nothing when they are.
     *
     * @throws BanyanException when the primary does not come up and no replica can take its place; then {@link #stop} cleans up
     */
    public void start(Failover rules) throws InterruptedException {
        synchronized (this) {
            if (now != null) {
                return;
            }
            ClusterRecord record = ports.store().read().orElseGet(ClusterRecord::first);
            happened.clear();
            ports.store().write(record);
            records.accept(record);
            now = Situation.of(rules, record, ports.servers().names(), clock.nanos());
            now = deeds.perform(new Remedy.Start(record.primary(), Role.PRIMARY), now);
            for (String replica : record.replicas()) {
                now = deeds.perform(new Remedy.Start(replica, Role.STANDBY), now);
            }
        }
        until(is -> is.shown().primary().isPresent(), DatabaseCluster::cannotStart);
        watching = true;
        watch();
    }

    private static Optional<String> cannotStart(Situation now) {
        Sight leader = now.leader();
        return leader.down() && !leader.why().isEmpty() && now.record().synchronous().isEmpty() ? Optional.of(leader.why()) : Optional.empty();
    }

    /** Stops all servers, the primary first, so that each replica gets all of its log. Does nothing when none runs. Blocks. */
    public synchronized void stop() throws InterruptedException {
        watching = false;
        if (now == null) {
            return;
        }
        Situation was = now;
        now = null;
        ports.door().use(new View(was.record().epoch(), Optional.empty(), List.of(), false));
        ports.servers().stop(was.primary());
        for (String name : was.sights().keySet()) {
            ports.servers().stop(name);
        }
    }

    /** How many replicas there shall be: missing ones are made from now on. */
    public void keep(int replicas) {
        happen(was -> was.wishing(was.wishes().of(replicas)));
    }

    /** Whether missing replicas are made; not while a move changes how many there are. */
    public void mend(boolean on) {
        happen(was -> was.wishing(was.wishes().mending(on)));
    }

    /**
     * Makes a replica of that name and returns when it follows the primary and is used for reads.
     *
     * @param notices hears how far its copy is
     * @throws BanyanException when it could not be made; what there was of it is deleted
     */
    public void add(String name, Consumer<String> notices) throws InterruptedException {
        String[] said = {progress};
        happen(was -> was.record().members().contains(name) ? was : was.wishing(was.wishes().coming(name)));
        until(is -> is.shown().replicas().contains(name), is -> {
            if (!said[0].equals(progress)) {
                said[0] = progress;
                notices.accept(said[0]);
            }
            boolean wanted = is.wishes().coming().contains(name) || is.record().members().contains(name);
            return wanted ? Optional.empty() : Optional.of(name + " did not become a replica: " + givenUp.getOrDefault(name, "it was let go"));
        });
    }

    /**
     * Lets a replica go and returns when its data are deleted. Does nothing when there is none of that name.
     *
     * @throws BanyanException USAGE when it is the primary
     */
    public void remove(String name) throws InterruptedException {
        happen(was -> was.sights().containsKey(name) || was.wishes().coming().contains(name) ? was.wishing(was.wishes().going(name)) : was);
        until(is -> !is.sights().containsKey(name), is -> is.primary().equals(name)
                ? Optional.of(name + " is the primary: move its role first, with banyan switchover") : Optional.empty());
    }

    /**
     * Moves the primary's role, without an error for clients: see {@link Switchover}.
     *
     * @param to the replica that becomes the primary; the one with the longest log when empty. One that is about to follow has a moment to
     * @return the new primary
     * @throws BanyanException when it cannot be done; then the old primary goes on
     */
    public String switchOver(Optional<String> to, Consumer<String> notices) throws InterruptedException {
        long deadline = clock.nanos() + READY.toNanos();
        until(is -> to.filter(is.record().replicas()::contains).filter(name -> !is.streams(name)).isEmpty() || clock.nanos() - deadline >= 0,
                _ -> Optional.empty());
        Attempt attempt = attempt(to, notices);
        if (attempt.failure().isEmpty()) {
            return attempt.to();
        }
        if (!primary().equals(Optional.of(attempt.to()))) {
            throw attempt.failure().get();
        }
        notices.accept("the switchover goes on by itself: " + attempt.failure().get().getMessage());
        long patience = clock.nanos() + READY.toNanos();
        until(is -> is.shown().primary().equals(Optional.of(attempt.to())),
                _ -> clock.nanos() - patience < 0 ? Optional.empty() : Optional.of(attempt.failure().get().getMessage()));
        return attempt.to();
    }

    private synchronized Attempt attempt(Optional<String> asked, Consumer<String> notices) throws InterruptedException {
        round();
        String to = Switchover.candidate(asked, now);
        Switchover switchover = new Switchover(ports, deeds, clock, this::tell, notices);
        try {
            switchover.run(now, to);
            return new Attempt(to, Optional.empty());
        } catch (BanyanException e) {
            return new Attempt(to, Optional.of(e));
        } finally {
            unsure = switchover.unsure();
            become(switchover.now());
            mendAll();
        }
    }

    private record Attempt(String to, Optional<BanyanException> failure) {}

    /**
     * The replica that a switchover asked for now would make the primary.
     *
     * @throws BanyanException USAGE when there is none, NO_SUCH_THING when the one asked for is none of the servers
     */
    public String candidate(Optional<String> asked) {
        Situation is = now;
        if (is == null) {
            throw new BanyanException(ErrorCode.USAGE, "no switchover: this site runs no database servers of its own");
        }
        return Switchover.candidate(asked, is);
    }

    /** The name of the server that takes writes, or is to; empty when none runs. */
    public Optional<String> primary() {
        return Optional.ofNullable(now).map(Situation::primary);
    }

    /** What is known; empty when the servers do not run. */
    public Optional<DatabaseStatus> status() {
        return Optional.ofNullable(now).map(is -> DatabaseStatus.of(is, ports.servers()::address));
    }

    /** Looks when it is time to, and does what there is to do. */
    public synchronized void round() throws InterruptedException {
        if (now == null) {
            return;
        }
        mendAll();
        Situation is = now;
        if (is != null && is.now() - lookedAt >= is.rules().interval().toNanos()) {
            lookedAt = is.now();
            become(deeds.look(is.sights().keySet().stream().filter(name -> watched(name, is)).toList(), is));
            mendAll();
        }
    }

    private static boolean watched(String name, Situation is) {
        boolean recruit = is.recruit().filter(r -> r.name().equals(name) && r.progress() == Recruit.Progress.STARTED).isPresent();
        return (is.record().members().contains(name) || recruit) && !is.sight(name).down();
    }

    private void mendAll() throws InterruptedException {
        become(now.at(clock.nanos()));
        for (var change = happened.poll(); change != null; change = happened.poll()) {
            become(change.apply(now));
        }
        for (int acts = 0; acts < ACTS && isSure(); acts++) {
            Optional<Order> order = Remedies.next(now);
            if (order.isEmpty() || !done(order.get())) {
                return;
            }
        }
    }

    private boolean done(Order order) throws InterruptedException {
        boolean again = order.remedy().toString().equals(failing);
        try {
            if (!again) {
                order.told().ifPresent(this::tell);
            }
            if (order.remedy() instanceof Remedy.GiveUp(var name)) {
                order.told().ifPresent(told -> givenUp.put(name, told.why()));
            }
            become(deeds.perform(order.remedy(), now));
            failing = "";
            return true;
        } catch (RuntimeException e) {
            if (!again) {
                tell(new Order.Reason("try again", Deeds.why(e), order.remedy().toString()));
            }
            failing = order.remedy().toString();
            unsure = order.remedy() instanceof Remedy.Write || order.remedy() instanceof Remedy.Clone;
            become(deeds.failed(order.remedy(), Deeds.why(e), now));
            return false;
        }
    }

    private boolean isSure() {
        if (unsure) {
            try {
                become(deeds.reread(now));
                unsure = false;
            } catch (BanyanException e) {
                return false;
            }
        }
        return true;
    }

    private void become(Situation next) {
        boolean changed = !next.record().equals(now.record());
        now = next;
        if (changed) {
            records.accept(next.record());
        }
    }

    private void tell(Order.Reason told) {
        decisions.accept(new Decision(told.what(), told.why(), told.seen(), clock.now()));
    }

    private void happen(UnaryOperator<Situation> change) {
        happened.add(change);
        if (watching) {
            later.after(Duration.ZERO, this::roundQuietly);
        }
    }

    private void watch() {
        Situation is = now;
        if (watching && is != null) {
            long passed = clock.nanos() - lookedAt;
            later.after(Duration.ofNanos(Math.max(SHORTEST.toNanos(), is.rules().interval().toNanos() - passed)), () -> {
                roundQuietly();
                watch();
            });
        }
    }

    private void roundQuietly() {
        try {
            round();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            tell(new Order.Reason("look at the database's servers again", "a bug in Banyan: " + e, "the last look"));
        }
    }

    private void until(Function<Situation, Boolean> reached, Function<Situation, Optional<String>> hopeless) throws InterruptedException {
        for (;;) {
            round();
            Situation is = now;
            if (is == null) {
                throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the database's servers are being stopped");
            }
            if (happened.isEmpty() && reached.apply(is)) {
                return;
            }
            Optional<String> why = happened.isEmpty() ? hopeless.apply(is) : Optional.empty();
            if (why.isPresent()) {
                throw new BanyanException(ErrorCode.ENGINE_FAILED, why.get());
            }
            clock.sleep(GLANCE);
        }
    }
}
