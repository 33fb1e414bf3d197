package dev.banyan.control.database;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Moves the primary's role to a replica that has all it has: new transactions wait at the router, the open ones end, the old primary is stopped
 * cleanly, which sends the last of its log, and only when the replica has that does the record name it. Whatever fails before that
 * is undone, and the old primary goes on; whatever fails after it, {@link Remedies} goes on with. For one use.
 */
final class Switchover {
    /** How long the replica has to catch up while clients wait. */
    static final Duration CATCH_UP = Duration.ofSeconds(3);
    private static final Duration GLANCE = Duration.ofMillis(2);

    private final DatabasePorts ports;
    private final Deeds deeds;
    private final Clock clock;
    private final Consumer<Order.Reason> decisions;
    private final Consumer<String> notices;
    private Situation now;
    private boolean unsure;

    Switchover(DatabasePorts ports, Deeds deeds, Clock clock, Consumer<Order.Reason> decisions, Consumer<String> notices) {
        this.ports = ports;
        this.deeds = deeds;
        this.clock = clock;
        this.decisions = decisions;
        this.notices = notices;
    }

    /** What is so now, however it ended. */
    Situation now() {
        return now;
    }

    /** Whether only the disk knows which server is the primary. */
    boolean unsure() {
        return unsure;
    }

    /** To that replica, which streams. */
    void run(Situation was, String to) throws InterruptedException {
        now = was;
        String from = was.primary();
        long began = clock.nanos();
        decisions.accept(new Order.Reason("switch over from " + from + " to " + to, "it was asked for", "epoch " + was.record().epoch() + ", "
                + to + " is " + behind(from, to) + " bytes behind"));
        try {
            hand(from, to);
            take(to, from);
        } finally {
            letThemGo(to);
        }
        decisions.accept(new Order.Reason("end the switchover to " + to, to + " takes writes", "clients waited "
                + Duration.ofNanos(clock.nanos() - began).toMillis() + " ms at most"));
    }

    /** The one that is asked for, or the one with the longest log. Refuses with the reason. */
    static String candidate(Optional<String> asked, Situation now) {
        if (!now.primaryServes() || now.shown().primary().isEmpty()) {
            throw refuse("the primary " + now.primary() + " does not serve (" + now.leader().trouble() + "); a failover is under way or needed, not a switchover");
        }
        if (asked.isPresent() && !now.record().members().contains(asked.get())) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no database server '" + asked.get() + "'; there are " + String.join(", ", now.record().members()));
        }
        if (asked.equals(Optional.of(now.primary()))) {
            throw refuse(now.primary() + " is the primary already");
        }
        List<String> ready = now.streaming();
        if (asked.isPresent() && !ready.contains(asked.get())) {
            throw refuse(asked.get() + " does not follow " + now.primary() + ": " + ReplicaRemedies.whyNoReads(asked.get(), now));
        }
        return asked.or(() -> ready.stream().max(Comparator.comparingLong(name -> received(name, now))))
                .orElseThrow(() -> refuse("no replica follows " + now.primary() + (now.record().replicas().isEmpty()
                        ? ": there is none before stage 4 (banyan grow)" : " now, of " + String.join(", ", now.record().replicas()))));
    }

    private static BanyanException refuse(String why) {
        return new BanyanException(ErrorCode.USAGE, "no switchover: " + why);
    }

    private static long received(String name, Situation now) {
        return now.sight(name).answer().map(Look.Answered::received).orElse(0L);
    }

    private long behind(String from, String to) {
        return Math.max(0, received(from, now) - received(to, now));
    }

    /** Until the record names the new one. */
    private void hand(String from, String to) throws InterruptedException {
        boolean stopped = false;
        try {
            Duration drain = now.rules().drain();
            int open = ports.door().hold(drain).open();
            if (open > 0) {
                notices.accept(open + " transactions were still open after " + drain.toMillis() + " ms (database.failover.drain); they are cut off");
            }
            long position = position(from);
            await(to, answer -> answer.replayed() >= position, "has not replayed what " + from + " wrote");
            stopped = true;
            long end = stop(from);
            now = now.with(from, now.sight(from).stopped("it gave its role to " + to, clock.nanos()));
            await(to, answer -> answer.received() >= end, "has not received the last of what " + from + " wrote");
            unsure = true;
            now = deeds.perform(new Remedy.Write(now.record().ledBy(to, true)), now);
            unsure = false;
        } catch (BanyanException e) {
            undo(from, stopped);
            throw new BanyanException(e.code(), "the switchover from " + from + " to " + to + " was undone: " + e.getMessage(), e);
        }
    }

    private long position(String name) throws InterruptedException {
        now = deeds.look(List.of(name), now);
        if (!now.primaryServes() || !now.sight(name).is(Sight.State.ANSWERING)) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, name + " does not answer: " + now.sight(name).trouble());
        }
        return received(name, now);
    }

    private long stop(String name) throws InterruptedException {
        OptionalLong end = ports.servers().stop(name);
        return end.orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, name + " did not stop cleanly, so that it is not known where its log ends"));
    }

    private void await(String name, Predicate<Look.Answered> reached, String otherwise) throws InterruptedException {
        long deadline = clock.nanos() + CATCH_UP.toNanos();
        for (;;) {
            now = deeds.look(List.of(name), now);
            Sight sight = now.sight(name);
            if (sight.is(Sight.State.ANSWERING) && sight.answer().filter(reached).isPresent()) {
                return;
            }
            if (clock.nanos() - deadline >= 0 || sight.down()) {
                throw new BanyanException(ErrorCode.TIMED_OUT, name + " " + otherwise + " within " + CATCH_UP.toSeconds() + " s" + (sight.failures() > 0 ? ": " + sight.trouble() : ""));
            }
            clock.sleep(GLANCE);
        }
    }

    /** Statements wait no longer for the switchover; they do for a primary, when the new one is recorded and could not be made use of. */
    private void letThemGo(String to) throws InterruptedException {
        if (now.primary().equals(to) && !now.shown().primary().equals(Optional.of(to))) {
            now = deeds.perform(new Remedy.Show(now.shown().withoutPrimary()), now);
        }
        ports.door().release();
    }

    /** What the record says at the moment counts: when it could not be written, it may have been. */
    private void undo(String from, boolean stopped) throws InterruptedException {
        if (!stopped) {
            return;
        }
        now = deeds.reread(now);
        unsure = false;
        if (!now.primary().equals(from)) {
            return;
        }
        now = now.with(from, now.sight(from).starting(clock.nanos()));
        try {
            ports.servers().start(from, Role.PRIMARY);
            now = now.with(from, now.sight(from).started(clock.nanos())).waiting(Waiting.UNKNOWN);
        } catch (BanyanException e) {
            notices.accept(from + " did not start again: " + e.getMessage());
            now = now.at(clock.nanos()).with(from, now.sight(from).ended(e.getMessage(), clock.nanos()));
        }
    }

    /** From the record on there is no way back. */
    private void take(String to, String from) throws InterruptedException {
        now = deeds.perform(new Remedy.Promote(to), now);
        now = deeds.perform(new Remedy.Synchronize(to, List.of()), now);
        now = deeds.perform(new Remedy.Show(new Shown(now.record().epoch(), Optional.of(to), List.of())), now);
        try {
            now = deeds.perform(new Remedy.Follow(from, to), now);
        } catch (BanyanException e) {
            notices.accept(from + " does not follow " + to + " yet: " + e.getMessage());
        }
    }
}
