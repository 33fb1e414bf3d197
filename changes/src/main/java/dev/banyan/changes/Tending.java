package dev.banyan.changes;

import dev.banyan.net.Clock;
import dev.banyan.topology.Decision;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks after a session: whether its server is still the primary, how much log is kept for it, and that the tables wanted are published. Owned
 * by one thread, with a connection of its own.
 */
final class Tending implements Runnable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration WRITERS_LOOK = Duration.ofMillis(50);
    private static final long TABLES_NANOS = Duration.ofSeconds(5).toNanos();

    private final Feeding feed;
    private final Session session;
    private final Primary primary;
    private final Server server;
    private final Sql sql;
    private final Clock clock;
    /** What was announced, or will be when the log is read so far. */
    private Map<String, Long> announced;
    private Optional<Waiting> waiting = Optional.empty();
    private boolean saidTooMuch;

    /**
     * Tables that are published and not followed yet.
     *
     * @param all that are followed then, oid by name
     * @param writers who had written to the added ones before they were published
     */
    private record Waiting(Map<String, Long> all, Map<String, Long> added, List<String> writers) {}

    /** @param announced oid by name */
    Tending(Feeding feed, Session session, Primary primary, Server server, Sql sql, Map<String, Long> announced) {
        this.feed = feed;
        this.session = session;
        this.primary = primary;
        this.server = server;
        this.sql = sql;
        this.clock = feed.setup().clock();
        this.announced = announced;
    }

    @Override
    public void run() {
        try {
            // What was published before this session began was looked at then.
            look(feed.provided());
            long lookedNanos = clock.nanos();
            while (!session.isOver()) {
                feed.wake().await(waiting.isEmpty() ? LOOK : WRITERS_LOOK);
                if (!feed.setup().primary().get().equals(Optional.of(primary))) {
                    session.end("the primary is another");
                    return;
                }
                if (feed.takeTablesChanged() || clock.nanos() - lookedNanos > TABLES_NANOS) {
                    look(feed.provide(sql));
                    lookedNanos = clock.nanos();
                }
                awaitWriters();
                levels();
            }
        } catch (SQLException e) {
            session.end("the connection for questions to " + primary.address() + " failed: " + e.getMessage());
        } catch (RuntimeException e) {
            session.end("a fault of Banyan's own: " + e);
        } catch (InterruptedException e) {
            session.end("Banyan is closing");
            Thread.currentThread().interrupt();
        } finally {
            feed.notes().clear(Notes.About.WRITERS);
        }
    }

    /** Of a table that was out of the publication for a moment there may be a gap: it is announced anew. */
    private void look(Publication.Provided provided) throws SQLException {
        Map<String, Long> kept = new TreeMap<>(announced);
        kept.entrySet().retainAll(provided.before().entrySet());
        if (!kept.equals(announced)) {
            announce(kept, "without " + without(announced, kept), 0);
        }
        Map<String, Long> added = new TreeMap<>(provided.tables());
        added.entrySet().removeAll(kept.entrySet());
        boolean waitedFor = waiting.isPresent() && waiting.get().added().equals(added) && provided.before().entrySet().containsAll(added.entrySet());
        if (!waitedFor) {
            waiting = added.isEmpty() ? Optional.empty() : Optional.of(new Waiting(provided.tables(), added, InFlight.writers(sql, added.values())));
        }
        awaitWriters();
    }

    /** Announces new tables when all have ended who had written to them before they were published. */
    private void awaitWriters() throws SQLException {
        if (waiting.isEmpty()) {
            feed.notes().clear(Notes.About.WRITERS);
            return;
        }
        Waiting on = waiting.get();
        String names = String.join(", ", on.added().keySet());
        if (!on.writers().isEmpty()) {
            on.writers().retainAll(InFlight.writers(sql, on.added().values()));
        }
        if (on.writers().isEmpty()) {
            waiting = Optional.empty();
            feed.notes().clear(Notes.About.WRITERS);
            announce(on.all(), "with " + names, Slot.lsn(sql.text("select pg_current_wal_flush_lsn()::text")));
        } else {
            feed.notes().set(Notes.About.WRITERS, names + " cannot be followed before the transactions end that have written to it: " + String.join(", ", on.writers()));
        }
    }

    private void announce(Map<String, Long> tables, String what, long position) {
        announced = tables;
        session.announce(new Session.Announcement(tables, "slot " + feed.setup().slot() + " of " + primary.database() + " at " + primary.address() + ", now " + what, position));
    }

    private void levels() throws SQLException {
        Optional<Slot> slot = Slot.find(sql, server, feed.setup().slot());
        if (slot.isEmpty()) {
            return;
        }
        feed.figures().levels(slot.get().behind(), slot.get().kept());
        long bound = feed.setup().walBound().bytes();
        if (slot.get().kept() <= bound) {
            feed.notes().clear(Notes.About.LOG_KEPT);
            saidTooMuch = false;
        } else if (!saidTooMuch) {
            saidTooMuch = true;
            String seen = slot.get().kept() + " bytes of log are kept, " + slot.get().behind() + " of them are not told yet";
            feed.notes().set(Notes.About.LOG_KEPT, "the server keeps more log for slot " + feed.setup().slot() + " than " + feed.setup().walBound() + ": " + seen + "; look for a listener that is slow, or for a transaction that is open for long");
            feed.setup().decisions().accept(new Decision("warn of slot " + feed.setup().slot(), "the log kept has passed " + feed.setup().walBound(), seen, clock.now()));
        }
    }

    private static String without(Map<String, Long> all, Map<String, Long> kept) {
        return String.join(", ", all.keySet().stream().filter(table -> !kept.containsKey(table) || !kept.get(table).equals(all.get(table))).toList());
    }
}
