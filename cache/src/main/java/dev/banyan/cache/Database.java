package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A few connections to the database, used last used first. At most so many tasks run at a time; others wait in order, a bounded number of
 * them, for at most as long as an answer may take. Blocks its callers, which are virtual threads. Safe for any thread.
 */
final class Database implements AutoCloseable {
    /** Tasks that may wait. */
    static final int MOST_WAITING = 10_000;

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Coordinates at;
    private final Properties properties;
    private final Duration answer;
    private final Clock clock;
    private final Semaphore places;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    Database(Coordinates at, Duration answer, Clock clock) {
        this.at = at;
        this.properties = at.properties(answer);
        this.answer = answer;
        this.clock = clock;
        this.places = new Semaphore(at.connections(), true);
    }

    /** What is done with a connection; in autocommit when it begins. */
    interface Task<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Runs a task that may be run twice: once more on a new connection when the first was broken before anything was told.
     *
     * @throws Refused when no connection is free in time
     */
    <T> T repeatable(Task<T> task) throws SQLException {
        try {
            return once(task);
        } catch (SQLException e) {
            if (SqlErrors.broken(e)) {
                return once(task);
            }
            throw e;
        }
    }

    /** Runs a task once. @throws Refused when no connection is free in time */
    <T> T once(Task<T> task) throws SQLException {
        enter();
        try {
            return run(task);
        } finally {
            places.release();
        }
    }

    int busy() {
        return at.connections() - places.availablePermits();
    }

    int waiting() {
        return places.getQueueLength();
    }

    private void enter() {
        if (places.getQueueLength() >= MOST_WAITING) {
            throw new Refused("ERR " + MOST_WAITING + " loads and writes wait for the database already (" + at.connections() + " run): try again later");
        }
        try {
            if (!places.tryAcquire(answer.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refused("ERR the database did not take a load or write within " + answer.toMillis() + " ms (" + at.connections() + " run, " + waiting()
                        + " wait): try again later, or raise cache.router.timeouts.answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("ERR the cache router is closing");
        }
    }

    private <T> T run(Task<T> task) throws SQLException {
        Connection connection = take();
        boolean whole = false;
        try {
            T result = task.with(connection);
            whole = true;
            return result;
        } catch (SQLException e) {
            whole = !SqlErrors.broken(e);
            throw e;
        } finally {
            giveBack(connection, whole);
        }
    }

    private Connection take() throws SQLException {
        synchronized (idle) {
            if (closed) {
                throw new Refused("ERR the cache router is closing");
            }
            endOld();
            if (!idle.isEmpty()) {
                return idle.removeLast().connection;
            }
        }
        return DriverManager.getConnection(at.url(), properties);
    }

    private void giveBack(Connection connection, boolean whole) {
        boolean keep = whole && reset(connection);
        synchronized (idle) {
            if (keep && !closed) {
                idle.addLast(new Idle(connection, clock.nanos()));
                return;
            }
        }
        end(connection);
    }

    private static boolean reset(Connection connection) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    private void endOld() {
        while (!idle.isEmpty() && clock.nanos() - idle.getFirst().sinceNanos > IDLE.toNanos()) {
            end(idle.removeFirst().connection);
        }
    }

    private static void end(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // it is gone either way
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(one -> end(one.connection));
            idle.clear();
        }
    }

    private record Idle(Connection connection, long sinceNanos) {}
}
