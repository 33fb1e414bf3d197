package dev.banyan.changes;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Goes on at the slot that is there, or tells the gap and makes a new one. Owned by the follower's thread. */
final class SlotCare {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long CREATION_LOOK_MILLIS = 500;

    private final Feeding feed;
    private final String name;
    private final Clock clock;
    private final Consumer<Map<String, Long>> following;
    private Optional<Verdict.Place> last = Optional.empty();
    private Optional<String> givenUp = Optional.empty();
    private volatile boolean lost;
    private boolean followedBefore;

    SlotCare(Feeding feed, Consumer<Map<String, Long>> following) {
        this.feed = feed;
        this.name = feed.setup().slot();
        this.clock = feed.setup().clock();
        this.following = following;
    }

    /** Whether a gap was told and nothing is followed since. */
    boolean isLost() {
        return lost;
    }

    /**
     * Makes the slot ready to be read from where all is told.
     *
     * @return false when the feed is closed meanwhile
     */
    boolean ready(Sql sql, LogConnection log, Server server, Primary primary) throws SQLException, InterruptedException {
        Verdict.Place now = log.place();
        Optional<Long> fork = last.isPresent() && last.get().system().equals(now.system()) ? log.forkFrom(last.get().timeline(), now) : Optional.empty();
        Optional<Slot> slot = Slot.find(sql, server, name);
        Verdict verdict = Verdict.on(name, slot, now, last, feed.handover().told(), fork);
        return switch (verdict) {
            case Verdict.Refuse refused -> throw new BanyanException(ErrorCode.BUSY, refused.problem());
            case Verdict.Resume _ when givenUp.isPresent() -> renew(sql, log, server, primary, now, slot, givenUp.get());
            case Verdict.Resume resume when !lost -> resume(resume.from(), now, primary);
            case Verdict.Resume resume -> {
                feed.handover().startAt(resume.from());
                yield settle(sql, now, primary);
            }
            case Verdict.Renew renew -> renew(sql, log, server, primary, now, slot, givenUp.orElse(renew.why()));
        };
    }

    /** The slot cannot be read on: there will be a gap and a new one. */
    void abandon(String why) {
        givenUp = Optional.of(why);
    }

    /** Gives the slot up when it keeps more log than it may because of a listener that does not get on. */
    void guard(Sql sql, Server server, Duration stuck) throws SQLException {
        feed.notes().set(Notes.About.LISTENER, "the listener has told nothing for " + stuck.toSeconds() + " s: the log is not read on before it does");
        Optional<Slot> slot = Slot.find(sql, server, name);
        if (slot.isEmpty()) {
            return;
        }
        feed.figures().levels(slot.get().behind(), slot.get().kept());
        if (slot.get().kept() > feed.setup().walBound().bytes() && slot.get().activePid() == 0 && stuck.compareTo(Session.STUCK) > 0) {
            sql.execute("select pg_drop_replication_slot(" + Sql.literal(name) + ")");
            String why = "the server kept " + slot.get().kept() + " bytes of log for it, more than " + feed.setup().walBound() + ", and the listener did not get on for " + stuck.toSeconds() + " s";
            givenUp = Optional.of("slot " + name + " was given up: " + why);
            decide("give up slot " + name, why, "the listener will be told of the gap");
        }
    }

    private boolean resume(long from, Verdict.Place now, Primary primary) throws InterruptedException {
        feed.handover().startAt(from);
        last = Optional.of(now);
        if (!followedBefore) {
            followedBefore = true;
            Map<String, Long> before = feed.provided().before();
            return tell(new Told.Following(before.keySet(), since(primary) + ", read on from " + Figures.show(from)), before);
        }
        return true;
    }

    private boolean renew(Sql sql, LogConnection log, Server server, Primary primary, Verdict.Place now, Optional<Slot> old, String why) throws SQLException, InterruptedException {
        if (old.isPresent()) {
            sql.execute("select pg_drop_replication_slot(" + Sql.literal(name) + ")");
        }
        if (!lost) {
            lost = true;
            feed.figures().gap();
            if (!tell(new Told.Lost(why), Map.of())) {
                return false;
            }
        }
        givenUp = Optional.empty();
        Optional<Long> position = create(sql, log, server.hasFailoverSlots());
        if (position.isEmpty()) {
            return false;
        }
        feed.handover().startAt(position.get());
        decide("make slot " + name, why, "all that " + primary.database() + " at " + primary.address() + " commits behind " + Figures.show(position.get()) + " will be told"
                + (server.hasFailoverSlots() ? "; standbys could keep a copy of it (sync_replication_slots)" : ""));
        return settle(sql, now, primary);
    }

    /** A commit whose record lies before the slot's first position may not be seen yet, and will not be told: such are waited for. */
    private boolean settle(Sql sql, Verdict.Place now, Primary primary) throws SQLException, InterruptedException {
        InFlight.Moment moment = InFlight.now(sql);
        for (List<String> left = InFlight.perhapsCommitting(sql, moment); !left.isEmpty() && !feed.isClosed(); left = InFlight.perhapsCommitting(sql, moment)) {
            feed.notes().set(Notes.About.SLOT, "slot " + name + " is there; what may have been committed just before is waited for: " + String.join(", ", left));
            clock.sleep(LOOK);
        }
        feed.notes().clear(Notes.About.SLOT);
        Map<String, Long> tables = feed.allProvided();
        last = Optional.of(now);
        boolean told = tell(new Told.Following(tables.keySet(), since(primary) + ", made at " + Figures.show(feed.handover().told())), tables);
        if (told) {
            followedBefore = true;
            lost = false;
        }
        return told;
    }

    /** Waits for the end of transactions as long as they take, and says which. Empty when the feed is closed, or has another primary, meanwhile. */
    private Optional<Long> create(Sql sql, LogConnection log, boolean failover) throws SQLException, InterruptedException {
        Optional<Primary> primary = feed.setup().primary().get();
        Future<Long> creation = feed.setup().loops().blocking().submit(() -> log.createSlot(name, failover));
        try {
            while (!feed.isClosed() && feed.setup().primary().get().equals(primary)) {
                try {
                    return Optional.of(creation.get(CREATION_LOOK_MILLIS, TimeUnit.MILLISECONDS));
                } catch (TimeoutException e) {
                    feed.notes().set(Notes.About.SLOT, "slot " + name + " is being made, which waits for the end of transactions that are running: " + String.join(", ", InFlight.running(sql)));
                }
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            throw refused(e.getCause());
        } finally {
            if (!creation.isDone()) {
                log.abort();
            }
            feed.notes().clear(Notes.About.SLOT);
        }
    }

    private SQLException refused(Throwable cause) {
        if (!(cause instanceof SQLException failure)) {
            throw new IllegalStateException("slot " + name + " could not be made", cause);
        }
        if ("53400".equals(failure.getSQLState())) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "slot " + name + " could not be made, for all are used: drop one that nobody reads (SELECT * FROM pg_replication_slots), or raise max_replication_slots and restart the server", failure);
        }
        return failure;
    }

    /** Tells and waits until it is told. False when the feed is closed meanwhile. */
    private boolean tell(Told item, Map<String, Long> tables) throws InterruptedException {
        while (!feed.isClosed() && !feed.handover().give(item, LOOK.toNanos())) {
            // The listener still has what was told before.
        }
        following.accept(tables);
        while (!feed.isClosed() && !feed.handover().awaitAll(LOOK.toNanos())) {
            // Whatever comes next may depend on it.
        }
        return !feed.isClosed();
    }

    private String since(Primary primary) {
        return "slot " + name + " of " + primary.database() + " at " + primary.address();
    }

    private void decide(String what, String why, String seen) {
        feed.setup().decisions().accept(new Decision(what, why, seen, clock.now()));
    }
}
