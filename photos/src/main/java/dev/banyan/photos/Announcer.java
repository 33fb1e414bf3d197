package dev.banyan.photos;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all instances about events by {@code NOTIFY}. Not inside the transaction that wrote: a commit with a NOTIFY in it takes a lock
 * that is one for the whole database, so that all such commits would queue up behind each other. Events are gathered and
 * sent beside it, many in one statement. So an event is a courtesy: it may be lost when an instance dies; the write never is.
 */
final class Announcer {
    static final String CHANNEL = "photos_events";

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_IN_ONE = 100;

    private final Database database;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile boolean closing;

    Announcer(Database database) {
        this.database = database;
        this.thread = Thread.ofVirtual().name("announcer").start(this::run);
    }

    /** Never blocks: what does not fit is dropped. */
    void announce(Event event) {
        if (!waiting.offer(event)) {
            LOG.warn("event dropped: {} wait to be announced already", MOST_WAITING);
        }
    }

    private void run() {
        List<Event> batch = new ArrayList<>();
        while (!closing || !waiting.isEmpty()) {
            try {
                Event first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MOST_IN_ONE - 1);
                    send(batch);
                }
            } catch (InterruptedException e) {
                return;
            } catch (SQLException e) {
                LOG.warn("{} events were not announced: {}", batch.size(), e.getMessage());
            }
            batch.clear();
        }
    }

    private void send(List<Event> batch) throws SQLException {
        String[] payloads = batch.stream().map(Json::text).toArray(String[]::new);
        database.list("SELECT pg_notify('" + CHANNEL + "', payload) FROM unnest(?) AS payload", row -> "", (Object) payloads);
    }

    /** Sends what waits, for at most one second. */
    void stop() throws InterruptedException {
        closing = true;
        thread.join(1_000);
    }
}
