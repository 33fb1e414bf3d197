package dev.banyan.engines;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Ends a family of processes: asks, waits, kills, and looks again until none is left, because a process may start another while it is
 * being ended.
 *
 * @param kin finds the family, anew at each call
 */
record Ending(Supplier<Set<SeenProcess>> kin, ProcessTable table, Clock clock) {
    /** What a process needs to end by itself: the kernel takes a killed one away in far less. */
    static final Duration KILL_WAIT = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    /** A killed one is gone in about a millisecond, and a failover may wait for it. */
    private static final Duration LOOK_EVERY_KILLED = Duration.ofMillis(2);

    /**
     * What came of it.
     *
     * @param ended how many processes there were
     * @param killed whether some had to be killed
     * @param left those that the system did not let go, though they were killed
     */
    record Outcome(int ended, boolean killed, Set<SeenProcess> left) {}

    /**
     * Asks each to end and kills what is left after the wait. Everything is asked by TERM, all at once, as a service manager does; PostgreSQL
     * by INT at its head only (its "fast" shutdown: clients are cut, all is written; TERM would wait for them), and before it is killed by
     * QUIT, upon which it still takes its shared memory away.
     */
    Outcome gently(Duration wait) {
        Set<SeenProcess> seen = new HashSet<>();
        boolean ended = ask(Signal.TERM, Signal.INT, wait, seen);
        boolean killed = !ended;
        if (!ended && seen.stream().anyMatch(process -> Kin.isPostgres(process, table))) {
            ended = ask(Signal.KILL, Signal.QUIT, KILL_WAIT, seen);
        }
        Outcome rest = ended ? new Outcome(0, false, Set.of()) : kill();
        return new Outcome(Math.max(seen.size(), rest.ended()), killed, rest.left());
    }

    /** True when none is left within the wait. */
    private boolean ask(Signal signal, Signal postgres, Duration wait, Set<SeenProcess> seen) {
        Set<SeenProcess> asked = new HashSet<>();
        long deadline = clock.nanos() + wait.toNanos();
        do {
            Set<SeenProcess> family = kin.get();
            if (family.isEmpty()) {
                return true;
            }
            family.stream().filter(process -> !asked.contains(process)).forEach(process -> ask(process, family, signal, postgres));
            asked.addAll(family);
            seen.addAll(family);
            awaitEnd(family, deadline, LOOK_EVERY);
        } while (clock.nanos() < deadline);
        return kin.get().isEmpty();
    }

    private void ask(SeenProcess process, Set<SeenProcess> family, Signal signal, Signal postgres) {
        if (!Kin.isPostgres(process, table)) {
            signal(process, signal);
        } else if (family.stream().noneMatch(other -> other.pid() == process.parent() && Kin.isPostgres(other, table))) {
            signal(process, postgres);
        }
    }

    /** Kills all at once, and looks again. */
    Outcome kill() {
        Set<SeenProcess> killed = new HashSet<>();
        long deadline = clock.nanos() + KILL_WAIT.toNanos();
        Set<SeenProcess> family = kin.get();
        while (!family.isEmpty() && clock.nanos() < deadline) {
            family.forEach(process -> signal(process, Signal.KILL));
            killed.addAll(family);
            awaitEnd(family, deadline, LOOK_EVERY_KILLED);
            family = kin.get();
        }
        return new Outcome(killed.size(), !killed.isEmpty(), family);
    }

    /** The birth is looked at right before: the id may have gone to a stranger meanwhile. */
    private void signal(SeenProcess process, Signal signal) {
        if (table.runs(process)) {
            signal.send(process.pid());
        }
    }

    private void awaitEnd(Set<SeenProcess> family, long deadline, Duration every) {
        Set<SeenProcess> left = family;
        while (!left.isEmpty() && clock.nanos() < deadline) {
            Waiting.sleep(clock, every);
            left = left.stream().filter(table::runs).collect(Collectors.toSet());
        }
    }
}
