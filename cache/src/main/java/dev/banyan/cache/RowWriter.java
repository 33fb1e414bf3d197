package dev.banyan.cache;

import dev.banyan.cache.WriteCommand.Cell;
import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.cache.WriteCommand.Wanted;
import dev.banyan.cache.WriteCommand.When;
import dev.banyan.topology.CacheKeys.Shape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes a row in a transaction of its own. Blocks. Safe for any thread. */
final class RowWriter implements RowWrites {
    private static final int TRIES = 3;

    private final Database database;

    RowWriter(Database database) {
        this.database = database;
    }

    @Override
    public Written write(Bound bound, List<String> parts, WriteCommand command, BeforeCommit before) throws SQLException {
        for (int i = 1; ; i++) {
            try {
                return database.once(connection -> inTransaction(connection, new Row(connection, bound, parts), command, before));
            } catch (SQLException e) {
                if (i == TRIES || !SqlErrors.conflict(e)) {
                    throw e;
                }
            }
        }
    }

    private static Written inTransaction(Connection connection, Row row, WriteCommand command, BeforeCommit before) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Written written = write(row, command);
            written.xid().ifPresent(before::changed);
            connection.commit();
            return written;
        } catch (SQLException | RuntimeException e) {
            if (!(e instanceof SQLException broken && SqlErrors.broken(broken))) {
                connection.rollback();
            }
            throw e;
        }
    }

    private static Written write(Row row, WriteCommand command) throws SQLException {
        Optional<byte[]> old = command.needsOld() ? row.lock() : Optional.empty();
        Optional<Changed> changed = switch (command.wanted()) {
            case Wanted.Put(List<Cell> cells, When when) -> when == When.ALWAYS || when.holds(old.isPresent()) ? row.put(cells, when) : Optional.empty();
            case Wanted.Add(Column column, long amount) -> row.add(column, amount);
            case Wanted.Clear(List<Column> columns) -> old.isPresent() ? row.update(columns.stream().map(column -> new Cell(column, Optional.empty())).toList()) : Optional.empty();
            case Wanted.Delete() -> row.delete();
        };
        Outcome outcome = new Outcome(changed.isPresent(), old, changed.map(Changed::number).orElse(OptionalLong.empty()));
        Optional<byte[]> value = command.wanted() instanceof Wanted.Delete ? Optional.empty() : changed.flatMap(Changed::value);
        return new Written(outcome, changed.map(Changed::xid), value);
    }

    private record Changed(int xid, Optional<byte[]> value, OptionalLong number) {}

    /** One row in one transaction. */
    private record Row(Connection connection, Bound bound, List<String> parts) {
        Optional<byte[]> lock() throws SQLException {
            return run(RowSql.lock(bound), parts, false).flatMap(Changed::value);
        }

        /** Updates first: an insert would be refused for columns that must not be NULL, though the row is there. */
        Optional<Changed> put(List<Cell> cells, When when) throws SQLException {
            List<Column> columns = cells.stream().map(Cell::column).toList();
            Optional<Changed> updated = when == When.ABSENT && bound.rule().shape() != Shape.COLUMN ? Optional.empty() : update(cells);
            if (updated.isPresent() || when == When.PRESENT) {
                return updated;
            }
            List<String> parameters = new ArrayList<>(parts);
            cells.forEach(cell -> parameters.add(cell.value().orElse(null)));
            String sql = when == When.ALWAYS ? RowSql.upsert(bound, columns, "") : RowSql.insertNew(bound, columns);
            return run(sql, parameters, false);
        }

        Optional<Changed> update(List<Cell> cells) throws SQLException {
            List<String> parameters = new ArrayList<>();
            cells.forEach(cell -> parameters.add(cell.value().orElse(null)));
            parameters.addAll(parts);
            return run(RowSql.update(bound, cells.stream().map(Cell::column).toList(), ""), parameters, false);
        }

        Optional<Changed> add(Column column, long amount) throws SQLException {
            List<String> parameters = new ArrayList<>(List.of(Long.toString(amount)));
            parameters.addAll(parts);
            Optional<Changed> updated = run(RowSql.add(bound, column), parameters, true);
            if (updated.isPresent()) {
                return updated;
            }
            List<String> inserted = new ArrayList<>(parts);
            inserted.add(Long.toString(amount));
            return run(RowSql.addNew(bound, column), inserted, true);
        }

        Optional<Changed> delete() throws SQLException {
            return run(RowSql.delete(bound), parts, false);
        }

        /** @param sum whether the last column of the answer is a sum */
        private Optional<Changed> run(String sql, List<String> parameters, boolean sum) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.size(); i++) {
                    statement.setString(i + 1, parameters.get(i));
                }
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    int texts = bound.rule().shape() == Shape.HASH ? bound.values().size() : 1;
                    Optional<byte[]> value = Values.of(bound, Values.texts(row, 2, texts));
                    return Optional.of(new Changed((int) Long.parseUnsignedLong(row.getString(1)), value, sum ? OptionalLong.of(row.getLong(2 + texts)) : OptionalLong.empty()));
                }
            }
        }
    }
}
