package dev.banyan.photos;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of its own on which this instance hears the events of all instances, and by which it knows whether the database
 * lives: it asks every half second, so that {@code /health} answers at once and costs the database nothing, whatever asks for it
 * and however busy the pool is. A lost connection is opened again.
 */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration STALE = Duration.ofSeconds(3);

    private final Database database;
    private final Consumer<Event> onEvent;
    private final Thread thread;
    private volatile long lastBeatNanos;
    private volatile boolean closing;

    /** Returns once it listens: what is announced from now on is heard. */
    Listener(Database database, Consumer<Event> onEvent) throws SQLException {
        this.database = database;
        this.onEvent = onEvent;
        Connection first = listening();
        this.thread = Thread.ofVirtual().name("listener").start(() -> run(first));
    }

    /** Whether the database answered within the last three seconds. */
    boolean databaseLives() {
        return System.nanoTime() - lastBeatNanos < STALE.toNanos();
    }

    private void run(Connection first) {
        Connection connection = first;
        boolean lost = false;
        while (!closing) {
            try (Connection current = connection == null ? listening() : connection) {
                connection = null;
                lost = false;
                listen(current);
            } catch (SQLException e) {
                if (!lost) {
                    LOG.warn("the events' connection is lost, trying to open it again every {} ms: {}", BEAT.toMillis(), e.getMessage());
                }
                lost = true;
                pause();
            }
        }
    }

    private Connection listening() throws SQLException {
        Connection connection = database.listener();
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) STALE.toMillis());
            statement.execute("LISTEN " + Announcer.CHANNEL);
            lastBeatNanos = System.nanoTime();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        try (Statement statement = connection.createStatement()) {
            while (!closing) {
                PGNotification[] heard = postgres.getNotifications((int) BEAT.toMillis());
                for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
                    pass(notification.getParameter());
                }
                statement.execute("SELECT 1");
                lastBeatNanos = System.nanoTime();
            }
        }
    }

    private void pass(String payload) {
        try {
            onEvent.accept(Json.read(payload.getBytes(StandardCharsets.UTF_8), Event.class));
        } catch (RuntimeException e) {
            LOG.warn("an event could not be passed on", e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(BEAT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its thread ends within half a second. */
    void ending() {
        closing = true;
    }

    void stop() throws InterruptedException {
        thread.join(2_000);
    }
}
