package dev.banyan.postgres;

import dev.banyan.balance.Choice;
import dev.banyan.balance.HealthChange;
import dev.banyan.balance.Outcome;
import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.DatabaseRouter.Consistency;
import dev.banyan.topology.DatabaseRouter.From;
import dev.banyan.topology.DatabaseRouter.Reads;
import dev.banyan.topology.Decision;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The cluster's members, how far each replica is, and which of them gets a read. Shared by all loops; what changes is published as immutable
 * snapshots ({@link Roster}, {@link Replica.Standing}), so that a choice neither locks nor allocates.
 *
 * <p>What holds: a replica that is chosen for a session has replayed all that the session must see, by a sample of it; it never says so of
 * itself without one. See {@link Seen} for what a session must see.
 */
final class Members implements AutoCloseable {
    /** A session that never pauses long enough for a sample would stay with its replica for ever, whatever others come: not longer than this. */
    private static final long HELD_NANOS = 1_000_000_000;

    private final Clock clock;
    private final RandomGenerator random;
    private final Consumer<Decision> decisions;
    private final ServerGroup group;
    private final Sampling sampling;
    private final Map<EventLoop, WaitingRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong floor = new AtomicLong();
    /** What was required before anything was known of the primary. */
    private final AtomicLong early = new AtomicLong();
    /** When the last commit was answered. */
    private volatile long committedNanos;
    private volatile Reads reads;
    private volatile Consumer<Member> whenSilent = _ -> { };
    private volatile Roster roster = Roster.EMPTY;

    /**
     * @param home the loop on which the members are asked how far they are
     * @param monitors opens the connections for that
     * @param random seeds the choices
     * @param registry gets the lag of each replica
     * @param decisions told when a replica gets reads or no more, once a change; it hands over and returns
     */
    Members(DatabaseRouter settings, EventLoop home, Monitor.Opener monitors, Clock clock, RandomGenerator random, Optional<Registry> registry,
            Consumer<Decision> decisions) {
        this.clock = clock;
        this.random = random;
        this.decisions = decisions;
        this.reads = settings.reads();
        this.group = ReadGroup.of(settings.reads(), random.nextLong(), this::tell);
        this.sampling = new Sampling(this, home, monitors, clock, registry);
    }

    /** What a new session has seen: nothing. */
    Seen seen() {
        return new Seen(this, random.nextLong());
    }

    /** Goes on with other settings. */
    void use(DatabaseRouter settings) {
        reads = settings.reads();
        ReadGroup.reconfigure(group, settings.reads());
        sampling.refresh();
    }

    /** From now on these are the members. */
    synchronized void use(Cluster cluster) {
        Roster before = roster;
        roster = before.next(cluster, group, clock.nanos());
        if (before.cluster().epoch() != cluster.epoch()) {
            // What the last primary had beyond the new one is lost: nobody can wait for it.
            committed.set(Lsn.NONE);
        }
        sampling.refresh();
        wake();
    }

    Cluster cluster() {
        return roster.cluster();
    }

    /**
     * A replica that has all the session must see, with a place taken at it; null when there is none now. Nothing is allocated.
     */
    Replica choose(Seen seen, long nowNanos) {
        Roster now = roster;
        if (now.size() == 0 || reads.from() != From.REPLICAS) {
            return null;
        }
        sampling.used(nowNanos);
        long excluded = excluded(now, seen, nowNanos);
        if (excluded == now.all()) {
            return null;
        }
        if (mayGo(now, seen, nowNanos)) {
            seen.wantFree(nowNanos);
            return null;
        }
        return take(now, seen, excluded, nowNanos);
    }

    private Replica take(Roster now, Seen seen, long excluded, long nowNanos) {
        Choice choice = group.choose(seen, excluded, nowNanos);
        if (!(choice instanceof Server server)) {
            return null;
        }
        Replica replica = now.at(server);
        if (replica == null || (excluded & server.slotBit()) != 0) {
            // To the group an exclusion is a wish, and it may know a newer roster. Here it is a promise.
            server.finish(Outcome.CLIENT_LEFT, nowNanos);
            return null;
        }
        return replica;
    }

    /** The slots of the replicas that this session cannot read at. */
    private long excluded(Roster now, Seen seen, long nowNanos) {
        Reads settings = reads;
        boolean own = settings.consistency() == Consistency.READ_YOUR_WRITES;
        seen.settle(sampling.primary(), now.has(seen.at()));
        if (own && seen.atPrimary()) {
            return now.all();
        }
        long bound = own ? Math.max(seen.position(), floor.get()) : seen.asked();
        long oldest = settings.consistency() == Consistency.BOUNDED_STALENESS ? nowNanos - settings.staleness().toNanos() : 0;
        long excluded = 0;
        for (int i = 0; i < now.size(); i++) {
            Replica replica = now.replica(i);
            Replica.Standing standing = replica.standing();
            boolean held = own && seen.at() != null && seen.at() != replica;
            boolean old = settings.consistency() == Consistency.BOUNDED_STALENESS && standing.throughNanos() - oldest < 0;
            if (held || old || !standing.fit() || standing.sample().position() < bound) {
                excluded |= replica.server().slotBit();
            }
        }
        return excluded;
    }

    /** Whether it is time that the session waits for a sample, so that it may go to any replica again. */
    private boolean mayGo(Roster now, Seen seen, long nowNanos) {
        return now.size() > 1 && reads.consistency() == Consistency.READ_YOUR_WRITES && seen.heldFor(HELD_NANOS, nowNanos) && worthWaiting(seen, nowNanos);
    }

    /** Whether waiting can help: some replica is healthy and only behind, and by less than a read's patience when it was last asked. */
    boolean worthWaiting(Seen seen, long nowNanos) {
        Roster now = roster;
        Reads settings = reads;
        if (settings.from() != From.REPLICAS || settings.patience().isZero()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            Replica.Standing standing = now.replica(i).standing();
            if (standing.fit() && standing.lagNanos() < settings.patience().toNanos()) {
                return true;
            }
        }
        return false;
    }

    /** Calls back on the loop, once: when a replica has all the session must see, when waiting cannot help any more, or at the deadline. */
    void await(Seen seen, EventLoop loop, long deadlineNanos, Runnable again) {
        room(loop).enter(() -> ready(seen), seen, deadlineNanos, again);
        sampling.hurry();
    }

    /** Calls back on the loop, once: when {@link Seen#position} covers all the session has read, or at the deadline. */
    void settle(Seen seen, EventLoop loop, long deadlineNanos, Runnable again) {
        room(loop).enter(() -> settled(seen), seen, deadlineNanos, again);
        sampling.hurry();
    }

    private WaitingRoom room(EventLoop loop) {
        return rooms.computeIfAbsent(loop, at -> new WaitingRoom(at, clock));
    }

    private boolean ready(Seen seen) {
        long now = clock.nanos();
        Roster current = roster;
        long excluded = excluded(current, seen, now);
        if (seen.wantsFree() && !seen.settled()) {
            return !worthWaiting(seen, now);
        }
        return excluded != current.all() || !worthWaiting(seen, now);
    }

    private boolean settled(Seen seen) {
        seen.settle(sampling.primary(), roster.has(seen.at()));
        return seen.settled();
    }

    /** Somebody waits for a sample. */
    boolean awaited() {
        for (WaitingRoom room : rooms.values()) {
            if (room.occupied()) {
                return true;
            }
        }
        return false;
    }

    /** There is something new to look at for those who wait. */
    void wake() {
        rooms.values().forEach(WaitingRoom::lookAgain);
    }

    /**
     * A floor for all sessions, as a browser's cookie carries it from one application server to another. At most what the primary is known to
     * have: a made-up value costs freshness for once and nothing else.
     */
    void require(long lsn) {
        long most = position();
        if (most == Lsn.NONE) {
            early.accumulateAndGet(lsn, Math::max);
        } else {
            floor.accumulateAndGet(Math.min(lsn, most), Math::max);
        }
    }

    /** The highest position that any commit through this router, or the last sample of the primary, is known to have. */
    long position() {
        Sample primary = sampling.primary();
        return Math.max(committed.get(), primary == null ? Lsn.NONE : primary.position());
    }

    /** A sample of the primary that was sent after the last commit tells better what there is: a crash may have lost what was not flushed. */
    void primaryHas(Sample sample) {
        long known = committed.get();
        if (known > sample.position() && sample.sentAtOrAfter(committedNanos)) {
            committed.compareAndSet(known, sample.position());
        }
    }

    /**
     * The first sample of a primary, or of one that has less than before: a new one, or one that crashed and lost commits that were never
     * flushed. No floor above what there is.
     */
    void firstOfPrimary(long position) {
        long waiting = early.getAndSet(Lsn.NONE);
        floor.updateAndGet(current -> Math.min(Math.max(current, waiting), position));
    }

    /** A commit was answered, with the primary's position after it. */
    void committed(long lsn, long nowNanos) {
        committedNanos = nowNanos;
        if (lsn > committed.get()) {
            committed.accumulateAndGet(lsn, Math::max);
        }
    }

    Reads reads() {
        return reads;
    }

    Roster roster() {
        return roster;
    }

    ServerGroup group() {
        return group;
    }

    /** Who hears of a replica that does not answer: what was asked there and not answered yet is better asked elsewhere. */
    void whenSilent(Consumer<Member> listener) {
        whenSilent = listener;
    }

    void silent(Member replica) {
        whenSilent.accept(replica);
    }

    void tell(Decision decision) {
        decisions.accept(decision);
    }

    private void tell(HealthChange change) {
        decisions.accept(new Decision(change.what(), change.why(), change.seen(), clock.now()));
    }

    @Override
    public void close() {
        sampling.close();
    }
}
