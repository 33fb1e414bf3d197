package dev.banyan.bench.cachekills;

import dev.banyan.drill.cache.BehindRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The site's own three tables: counters by INCR; the values of odd rows by SET of a column, those of even ones by HSET of a hash. Values' rows are not there
 * before they are set, so that the first write behind is an insertion.
 */
final class KillRows implements BehindRows {
    /** What the site file declares, for {@code cache.keys}. */
    static final String KEYS = """
                - { prefix: "count:", strategy: write-behind, table: kill_counts, columns: [n], value: column }
                - { prefix: "text:", strategy: write-behind, table: kill_texts, columns: [n], value: column }
                - { prefix: "row:", strategy: write-behind, table: kill_rows, columns: [n, words], value: hash }
            """;

    @Override
    public List<Long> make(Connection connection, int rows) throws SQLException {
        remove(connection);
        List<Long> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kill_counts (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)");
            statement.execute("CREATE TABLE kill_texts (id bigint PRIMARY KEY, n text NOT NULL)");
            statement.execute("CREATE TABLE kill_rows (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0, words text)");
            try (ResultSet made = statement.executeQuery("INSERT INTO kill_counts SELECT i FROM generate_series(1, " + rows + ") AS i RETURNING id")) {
                while (made.next()) {
                    ids.add(made.getLong(1));
                }
            }
        }
        return ids;
    }

    @Override
    public List<List<String>> known(long id) {
        return List.of(counted(id));
    }

    @Override
    public List<String> count(long id) {
        return List.of("INCR", "count:" + id);
    }

    @Override
    public List<String> counted(long id) {
        return List.of("GET", "count:" + id);
    }

    @Override
    public List<String> set(long id, long value) {
        return id % 2 == 0 ? List.of("HSET", "row:" + id, "n", Long.toString(value), "words", "version " + value) : List.of("SET", "text:" + id, Long.toString(value));
    }

    @Override
    public List<String> value(long id) {
        return id % 2 == 0 ? List.of("HGET", "row:" + id, "n") : List.of("GET", "text:" + id);
    }

    /** FOR SHARE is answered by the primary alone. A hash whose two columns are of two writes is told as -1. */
    @Override
    public List<Had> look(Connection connection, List<Long> ids) throws SQLException {
        List<Had> had = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT c.n, CASE WHEN r.id IS NOT NULL AND r.words IS DISTINCT FROM 'version ' || r.n THEN -1 ELSE coalesce(r.n, t.n::bigint, 0) END
                FROM unnest(?) WITH ORDINALITY AS wanted (id, place) JOIN kill_counts c USING (id) LEFT JOIN kill_rows r USING (id) LEFT JOIN kill_texts t USING (id)
                ORDER BY wanted.place FOR SHARE OF c""")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    had.add(new Had(rows.getLong(1), rows.getLong(2)));
                }
            }
        }
        return had;
    }

    @Override
    public void remove(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kill_counts, kill_texts, kill_rows");
        }
    }
}
