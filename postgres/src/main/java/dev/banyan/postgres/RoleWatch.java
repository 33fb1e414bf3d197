package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.RoleQuestion.Role;
import dev.banyan.postgres.Roles.Claim;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Failover;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the roles of servers that somebody else manages (Patroni, a cloud, a person): asks each what it is and publishes the cluster whenever
 * that changes. It promotes nobody. Owned by its loop.
 */
public final class RoleWatch implements AutoCloseable {
    private final EventLoop loop;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final Consumer<Cluster> clusters;
    private final long paceNanos;
    private final long lostNanos;
    private final List<MemberWatch> watches = new ArrayList<>();
    private final Map<Member, Heard> heard = new HashMap<>();
    private final long startedNanos;
    private ScheduledFuture<?> ticks;
    private Roles roles = Roles.UNKNOWN;
    private Cluster published = new Cluster(0, Optional.empty(), List.of(), false);
    private Optional<Member> lastPrimary = Optional.empty();
    private long lastTimeline;
    private boolean told;

    /** What a server said last, and when it was asked; why it did not answer since. */
    private record Heard(Role role, long atNanos, String trouble) {}

    RoleWatch(List<Member> members, Failover settings, EventLoop loop, Monitor.Opener monitors, Clock clock, Consumer<Decision> decisions, Consumer<Cluster> clusters) {
        this.loop = loop;
        this.clock = clock;
        this.decisions = decisions;
        this.clusters = clusters;
        this.paceNanos = settings.interval().toNanos();
        this.lostNanos = settings.interval().toNanos() * settings.fall();
        this.startedNanos = clock.nanos();
        members.forEach(member -> watches.add(new MemberWatch(member, RoleQuestion.SQL, loop, monitors, clock, new Listening())));
    }

    /**
     * Begins to follow.
     *
     * @param members in the order in which the site file lists them
     * @param settings how often they are asked, and how many answers may be missing before a primary counts as lost
     * @param login any user may ask
     * @param clusters told the first time, and whenever a role changes, on the loop: it hands over and returns
     * @param decisions told each change of the primary with its reason, likewise
     */
    public static RoleWatch follow(List<Member> members, Failover settings, EventLoop loop, ServerOpening servers, Login login, Clock clock,
            Consumer<Decision> decisions, Consumer<Cluster> clusters) {
        RoleWatch watch = new RoleWatch(members, settings, loop, new Monitors(servers, () -> login), clock, decisions, clusters);
        watch.start();
        return watch;
    }

    void start() {
        loop.execute(() -> {
            watches.forEach(MemberWatch::start);
            ticks = loop.scheduleAtFixedRate(this::tick, paceNanos, paceNanos, TimeUnit.NANOSECONDS);
        });
    }

    private void tick() {
        watches.forEach(MemberWatch::tick);
        decide();
    }

    private void decide() {
        List<Claim> claims = watches.stream().map(watch -> claim(watch.member())).toList();
        Roles next = roles.next(claims);
        if (next.primary().isEmpty() && !told && clock.nanos() - startedNanos < lostNanos) {
            return; // They are still being asked for the first time.
        }
        boolean sameServer = next.primary().equals(roles.primary());
        boolean changed = !told || !sameServer || next.timeline() != roles.timeline();
        if (changed && (!told || !next.why().equals(roles.why()) || !sameServer)) {
            decisions.accept(decision(next));
        }
        boolean publish = changed || !next.replicas().equals(roles.replicas());
        roles = next;
        told = true;
        if (publish) {
            publish();
        }
    }

    /** A primary that is lost and comes back as it was is no other primary: its epoch stays. */
    private void publish() {
        boolean another = roles.primary().isPresent() && !(roles.primary().equals(lastPrimary) && roles.timeline() == lastTimeline);
        if (another) {
            lastPrimary = roles.primary();
            lastTimeline = roles.timeline();
        }
        published = new Cluster(published.epoch() + (another ? 1 : 0), roles.primary(), roles.replicas(), false);
        clusters.accept(published);
    }

    private Claim claim(Member member) {
        Heard last = heard.get(member);
        if (last == null || last.role() == null) {
            return new Claim(member, Optional.empty(), false);
        }
        return new Claim(member, Optional.of(last.role()), clock.nanos() - last.atNanos() < lostNanos);
    }

    private Decision decision(Roles next) {
        String what = next.primary().map(member -> "follow " + member.name() + " as the primary").orElse("wait for a primary");
        StringBuilder seen = new StringBuilder();
        for (MemberWatch watch : watches) {
            seen.append(seen.isEmpty() ? "" : "; ").append(watch.member().name()).append(' ').append(inWords(watch.member()));
        }
        return new Decision(what, next.why(), seen.toString(), clock.now());
    }

    private String inWords(Member member) {
        Heard last = heard.get(member);
        if (last == null) {
            return "has not answered yet";
        }
        long silent = clock.nanos() - last.atNanos();
        if (last.trouble().isEmpty() && silent >= lostNanos) {
            return "has not answered for " + silent / 1_000_000 + " ms";
        }
        if (!last.trouble().isEmpty()) {
            return "does not answer: " + last.trouble();
        }
        return last.role().inRecovery() ? "is a replica" : "is a primary on timeline " + last.role().timeline();
    }

    /** Ends it; nothing is published afterwards. */
    @Override
    public void close() {
        loop.execute(() -> {
            if (ticks != null) {
                ticks.cancel(false);
            }
            watches.forEach(MemberWatch::stop);
        });
    }

    /** What the members' watches tell. */
    private final class Listening implements MemberWatch.Listener {
        @Override
        public void answered(MemberWatch watch, long sentNanos, List<List<String>> rows) {
            try {
                heard.put(watch.member(), new Heard(RoleQuestion.read(rows), sentNanos, ""));
            } catch (IllegalArgumentException e) {
                lost(watch, "its answer about its role cannot be read: " + e.getMessage());
                return;
            }
            decide();
        }

        @Override
        public void lost(MemberWatch watch, String why) {
            if (why.contains("permission denied")) {
                watch.question(RoleQuestion.PLAIN);
            }
            Heard before = heard.get(watch.member());
            heard.put(watch.member(), new Heard(before == null ? null : before.role(), before == null ? startedNanos : before.atNanos(), why));
            decide();
        }

        @Override
        public long pace(MemberWatch watch) {
            return paceNanos;
        }
    }
}
