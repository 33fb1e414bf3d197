package dev.banyan.cache;

import dev.banyan.resp.wire.Reply;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * DEL of values that are only loaded: whoever asks afterwards is shown all that was committed before, which may be more than the log has told so far. A
 * transaction of its own stands for that: a load that sees its id sees all that was committed before it, at a replica too, which replays commits in
 * their order. Blocks. Safe for any thread.
 */
final class Forgetting {
    /** Takes an id, changes nothing, and waits for no disk and no replica (PostgreSQL's xact.c, RecordTransactionCommit). */
    private static final String ID = "/* banyan: primary */ SELECT pg_current_xact_id()::text";

    private final Database database;
    private final Eviction eviction;

    Forgetting(Database database, Eviction eviction) {
        this.database = database;
        this.eviction = eviction;
    }

    /** @return how many of them were there. @throws Refused when the database cannot say what was committed */
    Reply.Number forget(List<CacheKey> keys) {
        AtomicLong there = new AtomicLong();
        try {
            eviction.evict(keys, database.repeatable(Forgetting::id), _ -> there.incrementAndGet());
        } catch (SQLException e) {
            throw SqlErrors.refused(keys.getFirst().rule(), "forgetting a value", e);
        }
        return new Reply.Number(there.get());
    }

    private static int id(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(ID)) {
            row.next();
            return (int) Long.parseUnsignedLong(row.getString(1));
        }
    }
}
