package dev.banyan.photos;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the counter of a photo's likes agree with their rows, where it may not: when an addition got no answer, and, since an instance may die between a
 * like's row and its count, for all that was liked in the ten minutes before this instance started.
 *
 * <p>A photo that is being liked has rows whose counts are under way, so it is looked at again and again until two looks in a row, ten seconds apart, see
 * the same, and the cache has nothing that the database does not have yet. A difference that is left then is put right by an update that does nothing if the counter has
 * changed since the look, as when another instance was faster. It is forgotten when both agree twice.
 */
final class Recount {
    private static final Logger LOG = LoggerFactory.getLogger(Recount.class);
    /** Longer than an addition may be under way: ours waits half a second, and what writes behind has it in the database within a few. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final String LATELY = "10 minutes";
    private static final int AT_ONCE = 500;

    private final Database database;
    private final Cache cache;
    private final Duration between;
    private final Set<Long> doubtful = ConcurrentHashMap.newKeySet();
    private final Map<Long, Look> looks = new HashMap<>();
    private final Thread thread;
    private volatile boolean closing;

    Recount(Database database, Cache cache, Duration between) {
        this.database = database;
        this.cache = cache;
        this.between = between;
        this.thread = Thread.ofVirtual().name("recount").start(this::run);
    }

    /** What was seen of a photo: its likes' rows, and its counter. */
    private record Look(long photo, long rows, long counter) {}

    void doubt(long photo) {
        doubtful.add(photo);
    }

    boolean idle() {
        return doubtful.isEmpty();
    }

    private void run() {
        boolean lately = false;
        while (!closing) {
            try {
                Thread.sleep(between);
                if (!lately) {
                    doubtful.addAll(database.list("SELECT DISTINCT photo_id FROM likes WHERE created_at > now() - interval '" + LATELY + "'", row -> row.getLong(1)));
                    lately = true;
                }
                look();
            } catch (InterruptedException e) {
                return;
            } catch (SQLException e) {
                LOG.warn("likes in doubt are counted later: {}", e.getMessage());
            }
        }
    }

    private void look() throws SQLException {
        long[] photos = doubtful.stream().mapToLong(Long::longValue).limit(AT_ONCE).toArray();
        List<Look> now = database.list("""
                SELECT p.id, (SELECT count(*) FROM likes WHERE photo_id = p.id), coalesce(c.likes, 0)
                FROM unnest(?) AS p (id) LEFT JOIN photo_counts c ON c.photo_id = p.id""",
                row -> new Look(row.getLong(1), row.getLong(2), row.getLong(3)), (Object) photos);
        for (Look look : now) {
            if (!look.equals(looks.put(look.photo(), look)) || !settled(look)) {
                continue;
            }
            looks.remove(look.photo());
            if (look.rows() == look.counter()) {
                doubtful.remove(look.photo());
            } else {
                correct(look);
            }
        }
    }

    /** Whether the database has all that the cache counts. */
    private boolean settled(Look look) {
        return cache.number(Counters.likes(look.photo())).orElse(look.counter()) == look.counter();
    }

    private void correct(Look look) throws SQLException {
        int changed = database.run("UPDATE photo_counts SET likes = ? WHERE photo_id = ? AND likes = ?", look.rows(), look.photo(), look.counter());
        if (changed == 1) {
            LOG.warn("photo {} has {} likes and was counted to have {}: put right", look.photo(), look.rows(), look.counter());
        }
    }

    void stop() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join(1_000);
    }
}
