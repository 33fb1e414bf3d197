package dev.banyan.cli;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.slo.Tally;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The edges of other machines that have joined: what they said last, and which purges they have. One that says nothing is away after a while, and forgotten after a
 * longer one. Safe for any thread.
 */
final class RemoteEdges {
    /** An edge is answered after this time though there is no news. */
    static final Duration POLL = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AWAY_AFTER = POLL.plusSeconds(10);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final Clock clock;
    private final SiteEdges.Announce announce;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<String, Joined> joined = new TreeMap<>();
    private EdgeTotals forgotten = EdgeTotals.NONE;
    private Tally given = Tally.NONE;

    private RemoteEdges(Clock clock, SiteEdges.Announce announce) {
        this.clock = clock;
        this.announce = announce;
    }

    /** Looks every second who has gone away. */
    static RemoteEdges open(Ground ground) {
        RemoteEdges edges = new RemoteEdges(ground.clock(), ground::announce);
        ground.every(LOOK, LOOK, edges::look);
        return edges;
    }

    /** An edge, guarded by the lock. */
    private static final class Joined {
        private final String address;
        private EdgeLetters.Report last;
        private long seenNanos;
        private boolean away;
        private boolean reported;
        private final Map<Long, Long> responses = new HashMap<>();

        Joined(String address, EdgeLetters.Report last, long seenNanos) {
            this.address = address;
            this.last = last;
            this.seenNanos = seenNanos;
        }
    }

    /** How an edge is. */
    record Standing(String name, String address, boolean away, EdgeLetters.Seen seen) {}

    /** @throws BanyanException BUSY when an edge of that name is here */
    void join(String name, String address, EdgeLetters.Report first) {
        lock.lock();
        try {
            Joined other = joined.get(name);
            if (other != null && !other.away && !other.address.equals(address)) {
                throw new BanyanException(ErrorCode.BUSY, "an edge called '" + name + "' has joined from " + other.address + " already: give this one another name (--name)");
            }
            joined.put(name, new Joined(address, first, clock.nanos()));
        } finally {
            lock.unlock();
        }
        announce.decided("let " + name + " join", "an edge at " + address + " asked for it", count() + " of other machines");
    }

    /** Takes note of what an edge says. */
    void heard(String name, EdgeLetters.Report report) {
        boolean back;
        lock.lock();
        try {
            Joined edge = joined.get(name);
            if (edge == null) {
                throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no edge '" + name + "': it must join first");
            }
            if (edge.reported) { // the first one tells of a time that this site knows nothing of, or has counted before it was started anew
                given = given.plus(since(edge.last.seen().given(), report.seen().given()));
            }
            edge.reported = true;
            edge.last = report;
            edge.seenNanos = clock.nanos();
            report.done().forEach(done -> edge.responses.put(done.number(), done.responses()));
            back = edge.away;
            edge.away = false;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (back) {
            announce.decided("count " + name + " among the edges again", "it reports again", "");
        }
    }

    /** What their users were answered since this was asked last, as far as they have reported. */
    Tally takeGiven() {
        lock.lock();
        try {
            Tally since = given;
            given = Tally.NONE;
            return since;
        } finally {
            lock.unlock();
        }
    }

    /** An edge that was started anew counts from nothing. */
    private static Tally since(Tally before, Tally now) {
        return now.answers() < before.answers() ? now : new Tally(now.answers() - before.answers(), Math.max(0, now.failed() - before.failed()),
                Math.max(0, now.timed() - before.timed()), Math.max(0, now.slow() - before.slow()));
    }

    boolean knows(String name) {
        lock.lock();
        try {
            return joined.containsKey(name);
        } finally {
            lock.unlock();
        }
    }

    /** There is something for the edges. */
    void tell() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** There is something for the edges that nobody waits for: what came of purges before that number is not kept. */
    void tell(long number) {
        lock.lock();
        try {
            joined.values().forEach(edge -> edge.responses.keySet().removeIf(old -> old < number));
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is told, a while at most. */
    void awaitNews(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            news.awaitNanos(atMostNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Which edges have a purge in force, with how many responses that was; waits for all that are here, a while at most. */
    Map<String, Optional<Long>> awaitPurge(String run, long number, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (left > 0 && joined.values().stream().anyMatch(edge -> !has(edge, run, number))) {
                left = news.awaitNanos(left);
            }
            Map<String, Optional<Long>> done = new TreeMap<>();
            joined.forEach((name, edge) -> done.put(name, has(edge, run, number) ? Optional.of(edge.responses.getOrDefault(number, 0L)) : Optional.empty()));
            joined.values().forEach(edge -> edge.responses.keySet().removeIf(old -> old < number));
            return done;
        } finally {
            lock.unlock();
        }
    }

    private static boolean has(Joined edge, String run, long number) {
        return edge.last.run().equals(run) && edge.last.applied() >= number;
    }

    /** Nobody waits for it any more. */
    void leave(String name) {
        lock.lock();
        try {
            Joined gone = joined.remove(name);
            forgotten = gone == null ? forgotten : forgotten.plus(totals(gone.last.seen()));
            news.signalAll();
        } finally {
            lock.unlock();
        }
        announce.decided("let " + name + " go", "it said goodbye", count() + " of other machines");
    }

    /** Looks who has said nothing for a while. To be called now and then. */
    void look() {
        List<String> gone = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        lock.lock();
        try {
            long now = clock.nanos();
            joined.forEach((name, edge) -> {
                long silence = now - edge.seenNanos;
                if (silence > FORGOTTEN_AFTER.toNanos()) {
                    gone.add(name);
                } else if (!edge.away && silence > AWAY_AFTER.toNanos()) {
                    edge.away = true;
                    silent.add(name);
                }
            });
            gone.forEach(name -> forgotten = forgotten.plus(totals(joined.remove(name).last.seen())));
        } finally {
            lock.unlock();
        }
        silent.forEach(name -> announce.decided("count " + name + " as away", "it has not reported for " + AWAY_AFTER.toSeconds() + " s", "it goes on serving what it has"));
        gone.forEach(name -> announce.decided("forget " + name, "it has not reported for " + FORGOTTEN_AFTER.toMinutes() + " min", "it may join again"));
    }

    List<Standing> standing() {
        lock.lock();
        try {
            return joined.entrySet().stream().map(entry -> new Standing(entry.getKey(), entry.getValue().address, entry.getValue().away, entry.getValue().last.seen())).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What their clients were answered since the site came up. */
    EdgeTotals totals() {
        lock.lock();
        try {
            return joined.values().stream().map(edge -> totals(edge.last.seen())).reduce(forgotten, EdgeTotals::plus);
        } finally {
            lock.unlock();
        }
    }

    private static EdgeTotals totals(EdgeLetters.Seen seen) {
        return new EdgeTotals(seen.traffic().total(), seen.failed(), seen.asked());
    }

    private String count() {
        int edges = standing().size();
        return edges + (edges == 1 ? " edge" : " edges");
    }
}
