package dev.banyan.changes;

import dev.banyan.net.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection's reading of the log: hands over what comes, in bounded parts, and tells the server how far the listener is. Owned by one
 * thread; {@link #end} and {@link #announce} may be called by any.
 */
final class Session {
    /** A listener that does not get on for so long is not waited for with the connection open: a server that is to stop would wait for us. */
    static final Duration STUCK = Duration.ofSeconds(10);
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LogConnection connection;
    private final LogStream stream;
    private final Feeding feed;
    private final Handover handover;
    private final Clock clock;
    private final Consumer<Map<String, Long>> following;
    private final Assembler assembler = new Assembler();
    private final Queue<Announcement> announcements = new ConcurrentLinkedQueue<>();
    private volatile String ended = "";
    /** As far as was read, between two transactions. */
    private long read;
    private long confirmed;
    private long confirmedNanos;
    private long progress;
    private long progressNanos;

    /**
     * Tables that are followed once the log is read up to a position.
     *
     * @param tables oid by name
     */
    record Announcement(Map<String, Long> tables, String since, long position) {}

    /** @param following told on the reader's thread when an announcement is due */
    Session(LogConnection connection, LogStream stream, Feeding feed, Consumer<Map<String, Long>> following) {
        this.connection = connection;
        this.stream = stream;
        this.feed = feed;
        this.handover = feed.handover();
        this.clock = feed.setup().clock();
        this.following = following;
        this.read = handover.told();
        this.progress = handover.progress();
        this.progressNanos = clock.nanos();
    }

    /** Ends it at once. */
    void end(String why) {
        if (ended.isEmpty()) {
            ended = why;
        }
        connection.abort();
    }

    boolean isOver() {
        return !ended.isEmpty();
    }

    void announce(Announcement announcement) {
        announcements.add(announcement);
    }

    /**
     * Reads until it is ended or the connection is.
     *
     * @return why
     * @throws BadMessage when what comes cannot be read
     */
    String run() throws SQLException, InterruptedException {
        try {
            while (ended.isEmpty() && !feed.isClosed()) {
                LogStream.Message message = stream.poll();
                if (message == null && rest()) {
                    message = stream.next();
                    if (message == null && !stream.isOpen()) {
                        return "the server ended the stream";
                    }
                }
                if (message != null) {
                    take(message);
                }
            }
        } catch (SQLException e) {
            if (ended.isEmpty()) {
                throw e;
            }
        }
        return ended.isEmpty() ? "Banyan is closing" : ended;
    }

    /** Ends it in order: what was told meanwhile is said. */
    void leave(String why) {
        ended = why;
        try {
            confirm();
        } catch (SQLException e) {
            // Then it will be told again.
        }
    }

    /** Nothing more is there: says how far the listener is, as soon as it is done. False while it is not. */
    private boolean rest() throws SQLException, InterruptedException {
        boolean all = handover.awaitAll(LOOK_NANOS);
        if (all) {
            announceWhatIsDue();
            all = handover.awaitAll(LOOK_NANOS);
        }
        if (all) {
            confirm();
        } else {
            confirmInTime();
        }
        return all && ended.isEmpty() && !feed.isClosed();
    }

    private void take(LogStream.Message message) throws SQLException, InterruptedException {
        switch (message) {
            case LogStream.Message.Data data -> {
                var part = assembler.add(data.bytes(), data.from());
                if (part.isPresent()) {
                    give(part.get());
                }
                if (!assembler.within()) {
                    read = Math.max(read, assembler.end());
                }
                confirmInTime();
            }
            case LogStream.Message.Keepalive keepalive -> {
                if (!assembler.within()) {
                    read = Math.max(read, keepalive.end());
                }
                if (keepalive.answer()) {
                    send(handover.toldOf(read));
                }
            }
        }
        announceWhatIsDue();
    }

    private void announceWhatIsDue() throws SQLException, InterruptedException {
        for (Announcement next = announcements.peek(); next != null && !assembler.within() && read >= next.position(); next = announcements.peek()) {
            announcements.remove();
            if (give(new Told.Following(next.tables().keySet(), next.since()))) {
                following.accept(next.tables());
            }
        }
    }

    private boolean give(Told item) throws SQLException, InterruptedException {
        while (ended.isEmpty() && !feed.isClosed()) {
            if (handover.give(item, LOOK_NANOS)) {
                return true;
            }
            confirmInTime();
        }
        return false;
    }

    private void confirmInTime() throws SQLException {
        long now = clock.nanos();
        if (now - confirmedNanos < CONFIRM_NANOS) {
            return;
        }
        if (handover.progress() != progress || handover.isEmpty()) {
            progress = handover.progress();
            progressNanos = now;
        } else if (now - progressNanos > STUCK.toNanos()) {
            ended = "the listener has not returned for " + STUCK.toSeconds() + " s";
            return;
        }
        send(handover.toldOf(read));
    }

    private void confirm() throws SQLException {
        long told = handover.toldOf(read);
        if (told > confirmed) {
            send(told);
        }
    }

    private void send(long told) throws SQLException {
        stream.confirm(told, clock.now());
        confirmed = told;
        confirmedNanos = clock.nanos();
    }
}
