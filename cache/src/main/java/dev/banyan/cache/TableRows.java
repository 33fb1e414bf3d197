package dev.banyan.cache;

import dev.banyan.cache.Bound.LoadSql;
import dev.banyan.topology.CacheKeys.Shape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Values from the real database, one statement each. Blocks. Safe for any thread. */
final class TableRows implements Rows {
    private final Database database;
    private final Bindings bindings;

    TableRows(Database database, Bindings bindings) {
        this.database = database;
        this.bindings = bindings;
    }

    @Override
    public Loaded load(CacheKey key, Place place) throws SQLException {
        Bound bound = bindings.bound(key.rule());
        List<String> parts = key.parts(bound.parts());
        try {
            return database.repeatable(connection -> load(connection, bound, parts, place));
        } catch (SQLException e) {
            if (noKey(e)) {
                // A text that is none of the key's type is the key of no row. Nothing is kept of it: there is no end of such texts.
                return new Loaded(Optional.empty(), false, new Snapshot(Long.MAX_VALUE, Long.MAX_VALUE, new long[0], false));
            }
            if (SqlErrors.changedShape(e)) {
                bindings.forget(key.rule());
            }
            throw e;
        }
    }

    private static boolean noKey(SQLException e) {
        String state = SqlErrors.state(e);
        return state.equals("22P02") || state.equals("22003") || state.equals("22007") || state.equals("22008");
    }

    private static Loaded load(Connection connection, Bound bound, List<String> parts, Place place) throws SQLException {
        LoadSql load = bound.load();
        try (PreparedStatement statement = connection.prepareStatement(RowSql.sent(load, place))) {
            for (int i = 0; i < load.parameters().size(); i++) {
                statement.setString(i + 1, parts.get(load.parameters().get(i)));
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return loaded(row, bound, parts);
            }
        }
    }

    private static Loaded loaded(ResultSet row, Bound bound, List<String> parts) throws SQLException {
        Snapshot snapshot = Snapshot.parse(row.getString(1), row.getBoolean(2));
        boolean found = row.getBoolean(3);
        int keys = bound.load().canonical() ? parts.size() : 0;
        boolean canonical = keys == 0 || parts.equals(Values.texts(row, 4, keys).stream().map(part -> part.orElse("")).toList());
        int columns = bound.load().columns();
        long rows = row.getLong(4 + keys + columns);
        if (rows > 1 && bound.rule().shape() != Shape.DOCUMENT) {
            throw new Refused("ERR the statement of '" + bound.rule().prefix() + "' (cache.keys) gave " + rows + " rows for one key: a " + name(bound.rule().shape())
                    + " is one row; add a condition or LIMIT 1, or declare value: document");
        }
        Optional<byte[]> value = found ? Values.of(bound, Values.texts(row, 4 + keys, columns)) : Optional.empty();
        return new Loaded(value, canonical, snapshot);
    }

    private static String name(Shape shape) {
        return shape == Shape.HASH ? "hash" : "column's value";
    }
}
