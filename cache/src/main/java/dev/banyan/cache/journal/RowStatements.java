package dev.banyan.cache.journal;

import dev.banyan.cache.journal.Pending.Column;
import dev.banyan.cache.journal.PendingRows.RowWork;
import dev.banyan.cache.journal.RowSql.Shape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes rows in a transaction, with as few statements as there are tables and shapes of writes: rows that are there are locked and then updated or
 * deleted, the others inserted. A row that another program inserts in between is a duplicate key, and found when it is tried again. Owned by one thread.
 */
final class RowStatements {
    private final TableColumns columns = new TableColumns();
    private final RowSql sql = new RowSql(columns);

    /** What a write is refused for. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(SQLException cause) {
            super(cause);
        }

        @Override
        public synchronized SQLException getCause() {
            return (SQLException) super.getCause();
        }
    }

    /**
     * Writes these, sorted by table and key.
     *
     * @throws Refusal when a row is at fault; the transaction, or its part since a savepoint, is to be rolled back
     * @throws SQLException for all else
     */
    void write(Connection connection, List<RowWork> rows) throws SQLException, Refusal {
        Map<List<String>, List<RowWork>> tables = new LinkedHashMap<>();
        for (RowWork row : rows) {
            List<String> group = new ArrayList<>(List.of(row.row().table()));
            group.addAll(row.row().columns());
            tables.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
        }
        try {
            for (List<RowWork> table : tables.values()) {
                writeTable(connection, table);
            }
        } catch (SQLException e) {
            if (SqlFailure.isTheRows(e)) {
                throw new Refusal(e);
            }
            throw e;
        }
    }

    /** Tables may have changed since they were looked up. */
    void forget() {
        columns.forget();
    }

    private void writeTable(Connection connection, List<RowWork> rows) throws SQLException {
        String table = rows.getFirst().row().table();
        List<String> key = rows.getFirst().row().columns();
        learn(connection, table, rows);
        Set<RowWork> there = lock(connection, table, key, rows);
        List<RowKey> gone = new ArrayList<>();
        Map<Shape, List<List<Optional<String>>>> updates = new LinkedHashMap<>();
        Map<Shape, List<List<Optional<String>>>> inserts = new LinkedHashMap<>();
        for (RowWork row : rows) {
            boolean isThere = there.contains(row);
            if (isThere && deletes(row)) {
                gone.add(row.row());
            }
            if (row.fold() instanceof Pending.Written(boolean anew, Map<String, Column> written) && !(isThere && !anew && written.isEmpty())) {
                Shape shape = Shape.of(row.row(), written);
                (isThere && !anew ? updates : inserts).computeIfAbsent(shape, _ -> new ArrayList<>()).add(RowSql.values(row.row(), written));
            }
        }
        if (!gone.isEmpty()) {
            execute(connection, sql.delete(table, key), gone.stream().map(row -> RowSql.values(row, Map.of())).toList());
        }
        for (var update : updates.entrySet()) {
            if (execute(connection, sql.update(update.getKey()), update.getValue()) < update.getValue().size()) {
                throw new SQLException("two keys of " + table + " are written differently and find the same row", "21000");
            }
        }
        for (var insert : inserts.entrySet()) {
            execute(connection, sql.insert(insert.getKey()), insert.getValue());
        }
    }

    private static boolean deletes(RowWork row) {
        return switch (row.fold()) {
            case Pending.Gone() -> true;
            case Pending.Written(boolean anew, var _) -> anew;
        };
    }

    private void learn(Connection connection, String table, List<RowWork> rows) throws SQLException {
        Set<String> names = new HashSet<>(rows.getFirst().row().columns());
        for (RowWork row : rows) {
            if (row.fold() instanceof Pending.Written(boolean _, Map<String, Column> written)) {
                names.addAll(written.keySet());
            }
        }
        columns.learn(connection, table, List.copyOf(names));
    }

    private Set<RowWork> lock(Connection connection, String table, List<String> key, List<RowWork> rows) throws SQLException {
        Set<RowWork> there = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.lock(table, key, rows.stream().anyMatch(RowStatements::deletes)))) {
            bind(connection, statement, rows.stream().map(row -> RowSql.values(row.row(), Map.of())).toList());
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    there.add(rows.get(found.getInt(1) - 1));
                }
            }
        }
        return there;
    }

    private static int execute(Connection connection, String sql, List<List<Optional<String>>> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, rows);
            return statement.executeUpdate();
        }
    }

    /** A row's values become the elements of as many arrays. */
    private static void bind(Connection connection, PreparedStatement statement, List<List<Optional<String>>> rows) throws SQLException {
        for (int i = 0; i < rows.getFirst().size(); i++) {
            String[] values = new String[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row).get(i).orElse(null);
            }
            statement.setArray(i + 1, connection.createArrayOf("text", values));
        }
    }
}
