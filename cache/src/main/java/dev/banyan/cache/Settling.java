package dev.banyan.cache;

import dev.banyan.cache.journal.AppliedListener.Row;
import dev.banyan.net.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which rows' pending writes are on their way to the database: a value loaded meanwhile may have them already, and they are pending still, so
 * that they would count twice. Safe for any thread.
 */
final class Settling {
    private static final int SLOTS = 4096;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Clock clock;
    private final Duration answer;
    private final Set<RowId> underWay = ConcurrentHashMap.newKeySet();
    /** Goes up when a row's writes set out and when they cease to be pending; rows share them by their hash. */
    private final AtomicLongArray stamps = new AtomicLongArray(SLOTS);

    Settling(Clock clock, Duration answer) {
        this.clock = clock;
        this.answer = answer;
    }

    void began(List<Row> rows) {
        for (Row row : rows) {
            RowId id = new RowId(row.table(), row.key());
            underWay.add(id);
            stamps.incrementAndGet(slot(id));
        }
    }

    void ended(List<Row> rows) {
        for (Row row : rows) {
            RowId id = new RowId(row.table(), row.key());
            underWay.remove(id);
            stamps.incrementAndGet(slot(id));
        }
    }

    long stamp(RowId row) {
        return stamps.get(slot(row));
    }

    /** What may be asked again. */
    interface Question<T> {
        T ask() throws SQLException;
    }

    /** An answer during which none of the row's writes was on its way. Blocks. @throws Refused when they are for too long */
    <T> T undisturbed(Rule rule, RowId row, Question<T> question) throws SQLException {
        long end = clock.nanos() + answer.toNanos();
        while (clock.nanos() - end < 0) {
            long before = stamp(row);
            if (!underWay.contains(row)) {
                T found = question.ask();
                if (stamp(row) == before) {
                    return found;
                }
            } else {
                Waiting.sleep(clock, PAUSE);
            }
        }
        throw new Refused("ERR a value of '" + rule.prefix() + "' could not be loaded within " + answer.toMillis() + " ms, for its writes are on their way to the database all the time: try again later");
    }

    private static int slot(RowId row) {
        return row.hashCode() * 0x9e3779b9 >>> 20;
    }
}
