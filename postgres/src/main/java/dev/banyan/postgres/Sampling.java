package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter.Consistency;
import dev.banyan.topology.DatabaseRouter.Reads;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks every member how far it is and publishes the answers. Owned by its home loop, but for what its methods say.
 *
 * <p>A member is asked every 10 ms while there are reads, five times a second when there are none, and at once when a session waits; then at a
 * pace that fits how far replicas have been behind, so that a replica that is kept 50 ms behind is not asked a thousand times a second.
 */
final class Sampling implements MemberWatch.Listener {
    private static final long ACTIVE_NANOS = 10_000_000;
    private static final long IDLE_NANOS = 200_000_000;
    private static final long AWAITED_NANOS = 1_000_000;
    private static final long TICK_NANOS = 100_000_000;
    /** Reads this long ago keep the pace up. */
    private static final long USE_NANOS = 1_000_000_000;
    private static final long LEAST_REACH_NANOS = 10_000_000_000L;

    private final Members members;
    private final EventLoop home;
    private final Monitor.Opener opener;
    private final Clock clock;
    private final ReplicaFigures figures;
    private final PositionHistory history = new PositionHistory(LEAST_REACH_NANOS);
    private final Map<Member, MemberWatch> watches = new HashMap<>();
    private final Map<Replica, ReplicaHealth> health = new HashMap<>();
    private final AtomicBoolean hurrying = new AtomicBoolean();
    private ScheduledFuture<?> ticks;
    private boolean closed;
    private long epoch;
    private long groupTickNanos;
    private volatile Sample primary;
    private volatile long usedNanos;

    Sampling(Members members, EventLoop home, Monitor.Opener opener, Clock clock, Optional<Registry> registry) {
        this.members = members;
        this.home = home;
        this.opener = opener;
        this.clock = clock;
        this.figures = new ReplicaFigures(registry, this::primary);
        this.usedNanos = clock.nanos() - USE_NANOS;
    }

    /** The last sample of the primary; null before the first of this epoch. Any thread. */
    Sample primary() {
        return primary;
    }

    /** A read asks for a replica. Any thread. */
    void used(long nowNanos) {
        long before = nowNanos - usedNanos;
        if (before > ACTIVE_NANOS / 2) {
            usedNanos = nowNanos;
            if (before > IDLE_NANOS) {
                hurry();
            }
        }
    }

    /** Somebody waits for a sample. Any thread. */
    void hurry() {
        if (hurrying.compareAndSet(false, true)) {
            home.execute(this::hurryNow);
        }
    }

    private void hurryNow() {
        hurrying.set(false);
        watches.values().forEach(MemberWatch::hurry);
    }

    /** The roster or the settings have changed. Any thread. */
    void refresh() {
        home.execute(this::refreshNow);
    }

    private void refreshNow() {
        if (closed) {
            return;
        }
        if (ticks == null) {
            ticks = home.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
        Roster roster = members.roster();
        Cluster cluster = roster.cluster();
        if (cluster.epoch() != epoch) {
            epoch = cluster.epoch();
            history.clear();
            primary = null;
        }
        history.reach(Math.max(LEAST_REACH_NANOS, 2 * members.reads().staleness().toNanos()));
        watches.values().removeIf(watch -> !isIn(watch.member(), cluster) && stop(watch));
        health.keySet().removeIf(replica -> !roster.has(replica) && left(replica));
        cluster.primary().ifPresent(this::watch);
        cluster.replicas().forEach(this::watch);
        members.wake();
    }

    private static boolean isIn(Member member, Cluster cluster) {
        return cluster.primary().filter(member::equals).isPresent() || cluster.replicas().contains(member);
    }

    private boolean left(Replica replica) {
        figures.remove(replica.member());
        return true;
    }

    private boolean stop(MemberWatch watch) {
        watch.stop();
        return true;
    }

    private void watch(Member member) {
        if (!watches.containsKey(member)) {
            MemberWatch watch = new MemberWatch(member, PositionQuestion.SQL, home, opener, clock, this);
            watches.put(member, watch);
            watch.start();
        }
    }

    private void tick() {
        watches.values().forEach(MemberWatch::tick);
        long now = clock.nanos();
        if (now - groupTickNanos >= Duration.ofSeconds(1).toNanos()) {
            groupTickNanos = now;
            members.group().tick(now);
        }
    }

    @Override
    public void answered(MemberWatch watch, long sentNanos, List<List<String>> rows) {
        Sample sample;
        try {
            sample = PositionQuestion.read(sentNanos, rows);
        } catch (IllegalArgumentException e) {
            lost(watch, "its answer about its position cannot be read: " + e.getMessage());
            return;
        }
        Roster roster = members.roster();
        if (roster.cluster().primary().filter(watch.member()::equals).isPresent()) {
            primaryIs(sample, roster);
        }
        roster.of(watch.member()).ifPresent(replica -> replicaIs(replica, watch.sinceNanos(), sample, roster));
        members.wake();
    }

    private void primaryIs(Sample sample, Roster roster) {
        if (roster.cluster().epoch() != epoch || sample.inRecovery()) {
            return;
        }
        if (primary == null || sample.position() < primary.position()) {
            members.firstOfPrimary(sample.position());
        }
        members.primaryHas(sample);
        history.add(sample.sentNanos(), sample.position());
        primary = sample;
    }

    private void replicaIs(Replica replica, long sinceNanos, Sample sample, Roster roster) {
        long through = history.through(sample.position(), sample.sentNanos() - Long.MAX_VALUE / 2);
        long lag = lag(sample);
        ReplicaHealth health = health(replica);
        Optional<String> unfit = health.unfit(sample, lag, members.reads(), primary);
        replica.stand(new Replica.Standing(sample, sinceNanos, unfit.isEmpty(), through, lag));
        figures.show(replica);
        health.is(unfit, roster, primary).ifPresent(members::tell);
    }

    /** By the primary's history where that knows; before it does, by the server's own word. */
    private long lag(Sample sample) {
        if (history.isEmpty() || history.isBefore(sample.position())) {
            return sample.lagNanos();
        }
        return Math.max(0, sample.sentNanos() - history.missingSince(sample.position(), sample.sentNanos()));
    }

    @Override
    public void lost(MemberWatch watch, String why) {
        Roster roster = members.roster();
        roster.of(watch.member()).ifPresent(replica -> {
            replica.stand(replica.standing().unfit());
            members.silent(replica.member());
            health(replica).is(Optional.of(why), roster, primary).ifPresent(members::tell);
        });
        members.wake();
    }

    private ReplicaHealth health(Replica replica) {
        return health.computeIfAbsent(replica, one -> new ReplicaHealth(one, clock));
    }

    @Override
    public long pace(MemberWatch watch) {
        Reads reads = members.reads();
        if (members.awaited()) {
            long lag = members.roster().of(watch.member()).map(replica -> replica.standing().lagNanos()).orElse(ACTIVE_NANOS);
            return Math.clamp(lag / 8, AWAITED_NANOS, ACTIVE_NANOS);
        }
        if (clock.nanos() - usedNanos > USE_NANOS) {
            return IDLE_NANOS;
        }
        boolean bounded = reads.consistency() == Consistency.BOUNDED_STALENESS;
        return bounded ? Math.clamp(reads.staleness().toNanos() / 4, AWAITED_NANOS, ACTIVE_NANOS) : ACTIVE_NANOS;
    }

    /** Ends all questions. Any thread. */
    void close() {
        home.execute(() -> {
            closed = true;
            if (ticks != null) {
                ticks.cancel(false);
            }
            watches.values().forEach(this::stop);
            watches.clear();
        });
    }
}
