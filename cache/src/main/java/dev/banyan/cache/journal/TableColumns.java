package dev.banyan.cache.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types and defaults of a table's columns, from the catalogue, by the columns as SQL writes them. */
final class TableColumns {
    /** With -1 for the modifier a type is itself: a cast to varchar(3) or character would cut a value that is too long, an assignment refuses it. */
    private static final String COLUMNS = """
            SELECT asked.name, format_type(a.atttypid, -1), CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
            FROM unnest(?::text[]) AS asked(name)
            JOIN pg_attribute a ON a.attrelid = to_regclass(?) AND a.attname = (parse_ident(asked.name))[1] AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            """;

    private final Map<String, Map<String, Known>> tables = new HashMap<>();

    /** @param preset the default's expression, NULL when there is none */
    record Known(String type, String preset) {
        /** What is not there: the statement that names it will be refused. */
        private static final Known ABSENT = new Known("text", "NULL");
    }

    /** Asks for those that are not known yet. */
    void learn(Connection connection, String table, List<String> columns) throws SQLException {
        Map<String, Known> known = tables.computeIfAbsent(table, _ -> new HashMap<>());
        List<String> unknown = columns.stream().filter(column -> !known.containsKey(column)).distinct().toList();
        if (unknown.isEmpty()) {
            return;
        }
        try (PreparedStatement question = connection.prepareStatement(COLUMNS)) {
            question.setArray(1, connection.createArrayOf("text", unknown.toArray()));
            question.setString(2, table);
            try (ResultSet answer = question.executeQuery()) {
                while (answer.next()) {
                    known.put(answer.getString(1), new Known(answer.getString(2), answer.getString(3) == null ? "NULL" : answer.getString(3)));
                }
            }
        }
    }

    String type(String table, String column) {
        return known(table, column).type;
    }

    String preset(String table, String column) {
        return known(table, column).preset;
    }

    private Known known(String table, String column) {
        return tables.getOrDefault(table, Map.of()).getOrDefault(column, Known.ABSENT);
    }

    /** The tables may have changed. */
    void forget() {
        tables.clear();
    }
}
