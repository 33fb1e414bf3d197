package dev.banyan.changes;

import dev.banyan.topology.BanyanException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows whoever is the primary, session after session, until it is closed. Owned by its thread; the rest may be asked by any. */
final class Follower implements Runnable {
    private static final String UNDEFINED_OBJECT = "42704";
    private static final Duration NO_PRIMARY = Duration.ofMillis(500);
    private static final Duration LISTENER_LOOK = Duration.ofSeconds(1);
    private static final long TENDING_SECONDS = 20;
    private static final long ORDERLY_MILLIS = 200;

    private final Feeding feed;
    private final Backoff backoff;
    private final SlotCare slots;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Session session;
    private volatile Primary server;
    private volatile Map<String, Long> followed = Map.of();
    private boolean connectedBefore;

    Follower(Feeding feed) {
        this.feed = feed;
        this.backoff = new Backoff(feed.setup().random());
        this.slots = new SlotCare(feed, this::following);
    }

    @Override
    public void run() {
        try {
            while (!feed.isClosed()) {
                Optional<Primary> primary = feed.setup().primary().get();
                if (primary.isPresent()) {
                    server = primary.get();
                    attempt(primary.get());
                } else {
                    feed.notes().set(Notes.About.CONNECTION, "there is no primary at the moment: waiting for one");
                    feed.wake().await(NO_PRIMARY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            feed.close();
            over.countDown();
        }
    }

    FeedStatus.State state() {
        if (feed.isClosed()) {
            return FeedStatus.State.CLOSED;
        }
        if (slots.isLost()) {
            return FeedStatus.State.LOST;
        }
        return session != null ? FeedStatus.State.FOLLOWING : FeedStatus.State.CONNECTING;
    }

    Optional<Primary> server() {
        return Optional.ofNullable(server);
    }

    Set<String> followed() {
        return slots.isLost() ? Set.of() : followed.keySet();
    }

    /** Waits a moment for an orderly end of the session, which says how far was told, then ends what waits for the server. The feed is closed. */
    void close() throws InterruptedException {
        if (!over.await(ORDERLY_MILLIS, TimeUnit.MILLISECONDS)) {
            Session running = session;
            if (running != null) {
                running.end("Banyan is closing");
            }
            over.await(TENDING_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void attempt(Primary primary) throws InterruptedException {
        try {
            follow(primary);
        } catch (BanyanException e) {
            feed.notes().set(Notes.About.CONNECTION, e.getMessage());
        } catch (BadMessage e) {
            feed.notes().set(Notes.About.CONNECTION, "the log of " + primary + " could not be read: " + e.getMessage() + "; reading it again from what was told last");
        } catch (SQLException e) {
            feed.notes().set(Notes.About.CONNECTION, "the log of " + primary + " is not reached: " + e.getMessage());
        } catch (RuntimeException e) {
            feed.notes().set(Notes.About.CONNECTION, "a fault of Banyan's own: " + e + "; trying again");
        }
        if (!feed.isClosed()) {
            feed.wake().await(backoff.next());
        }
    }

    private void follow(Primary primary) throws SQLException, InterruptedException {
        try (Sql sql = Sql.open(primary)) {
            Server facts = Server.ask(sql);
            facts.mustBeFit(primary);
            if (!awaitListener(primary, sql, facts)) {
                return;
            }
            feed.provide(sql);
            try (LogConnection log = LogConnection.open(primary)) {
                if (slots.ready(sql, log, facts, primary)) {
                    read(primary, facts, sql, log);
                }
            }
        }
    }

    private void read(Primary primary, Server facts, Sql sql, LogConnection log) throws SQLException, InterruptedException {
        LogStream stream = log.start(feed.setup().slot(), feed.setup().publication(), feed.handover().told());
        Session mine = new Session(log, stream, feed, this::following);
        if (connectedBefore) {
            feed.figures().reconnected();
        }
        connectedBefore = true;
        backoff.reset();
        feed.notes().clear(Notes.About.CONNECTION);
        session = mine;
        CountDownLatch tended = new CountDownLatch(1);
        Tending tending = new Tending(feed, mine, primary, facts, sql, followed);
        feed.setup().loops().blocking().execute(() -> {
            try {
                tending.run();
            } finally {
                tended.countDown();
            }
        });
        try {
            String why = mine.run();
            feed.notes().set(Notes.About.CONNECTION, "the connection to the log of " + primary + " ended: " + why);
        } catch (SQLException e) {
            if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
                slots.abandon("publication " + feed.setup().publication() + " was dropped meanwhile, and is not there where the log would be read on");
            }
            throw e;
        } finally {
            mine.leave("the session is over");
            session = null;
            feed.wake().ring();
            tended.await(TENDING_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What was handed over is told before the log is read on from there. A listener that does not get on must not fill the server's disk. */
    private boolean awaitListener(Primary primary, Sql sql, Server facts) throws SQLException, InterruptedException {
        long progress = feed.handover().progress();
        long sinceNanos = feed.setup().clock().nanos();
        while (!feed.handover().awaitAll(LISTENER_LOOK.toNanos())) {
            if (feed.isClosed() || !feed.setup().primary().get().equals(Optional.of(primary))) {
                return false;
            }
            long now = feed.setup().clock().nanos();
            if (feed.handover().progress() != progress) {
                progress = feed.handover().progress();
                sinceNanos = now;
            }
            slots.guard(sql, facts, Duration.ofNanos(now - sinceNanos));
        }
        feed.notes().clear(Notes.About.LISTENER);
        return !feed.isClosed();
    }

    private void following(Map<String, Long> tables) {
        followed = tables;
    }
}
