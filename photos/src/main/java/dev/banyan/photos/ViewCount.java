package dev.banyan.photos;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts views: gathered for a second, so that looking at a photo writes nothing, then added to the counters: where the cache counts they are safe from
 * then on, else they go to the database in one statement, photos in order, so that two instances cannot lock each other out. Views are no ledger: those of
 * the last second go with an instance that dies, and those without an answer are not counted.
 */
final class ViewCount {
    private static final Logger LOG = LoggerFactory.getLogger(ViewCount.class);
    private static final Duration GATHERED = Duration.ofSeconds(1);
    private static final int MOST_PHOTOS = 10_000;

    private final Database database;
    private final Cache cache;
    private final ConcurrentMap<Long, Long> seen = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;
    /** Whether the cache has shown that it counts views: asked until it has, for what it counts does not change while we run. Of the thread. */
    private boolean countedBehind;

    ViewCount(Database database, Cache cache) {
        this.database = database;
        this.cache = cache;
        this.thread = Thread.ofVirtual().name("views").start(this::run);
    }

    /** Costs nothing; beyond ten thousand photos a second the others are not counted. */
    void seen(long photo) {
        if (seen.size() < MOST_PHOTOS) {
            seen.merge(photo, 1L, Long::sum);
        }
    }

    private void run() {
        while (!closing) {
            try {
                Thread.sleep(GATHERED);
            } catch (InterruptedException e) {
                // The last ones.
            }
            write();
        }
    }

    private void write() {
        Map<Long, Long> here = new TreeMap<>();
        for (long photo : seen.keySet()) {
            Long views = seen.remove(photo);
            countedBehind = countedBehind || cache.number(Counters.views(photo)).isPresent();
            if (!countedBehind || cache.add(Counters.views(photo), views) instanceof Cache.Added.Not) {
                here.put(photo, views);
            }
        }
        if (!here.isEmpty()) {
            writeHere(here);
        }
    }

    private void writeHere(Map<Long, Long> views) {
        try {
            database.run("""
                    INSERT INTO photo_views (photo_id, views) SELECT v.photo, v.views FROM unnest(?, ?) AS v (photo, views) JOIN photos p ON p.id = v.photo ORDER BY v.photo
                    ON CONFLICT (photo_id) DO UPDATE SET views = photo_views.views + excluded.views""",
                    views.keySet().stream().mapToLong(Long::longValue).toArray(), views.values().stream().mapToLong(Long::longValue).toArray());
        } catch (SQLException e) {
            LOG.warn("the views of {} photos were not counted: {}", views.size(), e.getMessage());
        }
    }

    /** Writes what is gathered, for at most two seconds. */
    void stop() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join(2_000);
    }
}
