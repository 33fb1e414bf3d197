package dev.banyan.drill.reads;

import dev.banyan.drill.reads.Violation.Kind;
import dev.banyan.net.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * One session: writes its own counter, reads it and the others', and carries its position between its connections and from other sessions'.
 * Owned by its thread.
 */
final class SessionRun implements Runnable {
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(20);

    private final int own;
    private final Store store;
    private final Counters counters;
    private final Findings findings;
    private final ReadYourWritesOptions options;
    private final boolean carries;
    private final Duration pause;
    private final Clock clock;
    private final RandomGenerator random;
    private final Past past;
    private Link link;
    private Link spare;
    private long rolledBack;

    /** @param pause between two operations */
    SessionRun(int own, Store store, Counters counters, Findings findings, ReadYourWritesOptions options, boolean carries, Duration pause, Clock clock, RandomGenerator random) {
        this.own = own;
        this.store = store;
        this.counters = counters;
        this.findings = findings;
        this.options = options;
        this.carries = carries;
        this.pause = pause;
        this.clock = clock;
        this.random = random;
        this.past = new Past(own, counters.size());
    }

    @Override
    public void run() {
        try {
            while (findings.take()) {
                operate();
                rest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private void rest() throws InterruptedException {
        if (pause.isPositive()) {
            clock.sleep(pause);
        }
    }

    private void operate() throws InterruptedException {
        try {
            connect();
            int dice = random.nextInt(100);
            if (dice < options.writes()) {
                write();
            } else if (dice < options.writes() + options.transactions()) {
                transact();
            } else if (dice < options.writes() + options.transactions() + options.carries() && carries) {
                carry();
            } else {
                read(link, random.nextBoolean() ? own : random.nextInt(counters.size()));
            }
        } catch (SQLException e) {
            findings.failed(e.getSQLState() == null ? e.getClass().getSimpleName() : e.getSQLState());
            disconnect();
            past.forget();
            clock.sleep(AFTER_A_FAILURE);
        }
    }

    /** The very next operation of its kind that can show a lost write follows at once, where the risk is highest. */
    private void write() throws SQLException {
        long version = counters.next(own);
        long begun = clock.nanos();
        link.write(own, version);
        wrote(version, begun);
        if (random.nextBoolean()) {
            read(link, own);
        }
    }

    private void wrote(long version, long begun) {
        long now = clock.nanos();
        findings.written(now - begun);
        past.require(own, version, Kind.OWN_WRITE, now);
    }

    /** Reads before its first write, which may be answered by a replica, and after it, which must show the write. */
    private void transact() throws SQLException {
        findings.transactions.increment();
        link.begin();
        read(link, own);
        read(link, random.nextInt(counters.size()));
        if (random.nextInt(4) == 0) {
            link.commit();
            return;
        }
        long version = counters.next(own);
        long begun = clock.nanos();
        link.write(own, version);
        long shown = link.read(own);
        if (shown != version) {
            findings.violated(new Violation(Kind.IN_TRANSACTION, own, own, version, shown, (clock.nanos() - begun) / 1_000));
        }
        if (random.nextInt(8) == 0) {
            link.rollback();
            rolledBack = version;
        } else {
            link.commit();
            wrote(version, begun);
        }
        read(link, own);
    }

    /** The session goes on over its other connection; or learns from another session, which handed its position on. */
    private void carry() throws SQLException {
        findings.carried.increment();
        int other = random.nextInt(counters.size());
        Counters.Handed handed = counters.handed(other);
        if (handed != null && random.nextBoolean()) {
            link.carry(handed.position());
            past.require(other, handed.version(), Kind.CARRIED, clock.nanos());
            read(link, other);
            return;
        }
        long version = past.least(own);
        String position = link.position();
        counters.hand(own, new Counters.Handed(position, version));
        spare.carry(position);
        Link before = link;
        link = spare;
        spare = before;
        read(link, own);
    }

    private void read(Link at, int counter) throws SQLException {
        long begun = clock.nanos();
        long version = at.read(counter);
        long now = clock.nanos();
        findings.read(now - begun);
        if (version > counters.tried(counter) || counter == own && version == rolledBack && version != 0) {
            findings.violated(new Violation(Kind.NEVER_WRITTEN, own, counter, past.least(counter), version, 0));
        }
        past.saw(counter, version, now).ifPresent(findings::violated);
    }

    private void connect() throws SQLException {
        if (link == null) {
            findings.reconnects.increment();
            link = store.open();
            spare = store.open();
        }
    }

    private void disconnect() {
        if (link != null) {
            link.close();
        }
        if (spare != null) {
            spare.close();
        }
        link = null;
        spare = null;
    }
}
