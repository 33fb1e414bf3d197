package dev.banyan.cache;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the database says of its tables. */
final class Catalogue {
    private static final String TABLE = """
            SELECT n.nspname, c.relname, c.oid::bigint FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass(?) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""";

    // The type without its length, for a cast with one cuts off what is too long.
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, CASE WHEN t.typname IN ('bpchar', 'bit') THEN -1 END), CASE WHEN t.typtype = 'd' THEN b.typcategory ELSE t.typcategory END::text,
                   a.attnotnull, a.attgenerated <> ''
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
            WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

    private static final String UNIQUE = """
            SELECT i.indisprimary, ARRAY(SELECT a.attname::text FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(n, place)
                                         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place)
            FROM pg_catalog.pg_index i
            WHERE i.indrelid = ? AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL""";

    private Catalogue() {}

    /** @param written as SQL writes it; without a schema the session's search path counts */
    static Optional<Table> table(Connection connection, String written) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TABLE)) {
            query.setString(1, written);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? Optional.of(table(connection, found.getString(1), found.getString(2), found.getLong(3))) : Optional.empty();
            }
        }
    }

    private static Table table(Connection connection, String schema, String name, long oid) throws SQLException {
        List<String> primary = new ArrayList<>();
        Set<Set<String>> unique = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(UNIQUE)) {
            query.setLong(1, oid);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    List<String> columns = texts(found.getArray(2));
                    unique.add(Set.copyOf(columns));
                    if (found.getBoolean(1)) {
                        primary.addAll(columns);
                    }
                }
            }
        }
        return new Table(schema, name, columns(connection, oid), primary, unique);
    }

    private static List<Column> columns(Connection connection, long oid) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setLong(1, oid);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    columns.add(new Column(found.getString(1), found.getString(2), found.getString(3).charAt(0), found.getBoolean(4), found.getBoolean(5)));
                }
            }
        }
        return columns;
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
