package dev.banyan.cache;

import dev.banyan.cache.Bound.LoadSql;
import dev.banyan.topology.CacheKeys.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements of a rule. Values are always parameters, names always quoted. */
final class RowSql {
    private static final String WHEN = "SELECT pg_current_snapshot()::text, pg_is_in_recovery(), ";
    /** The router lets no statement go to a replica that asks a server about itself, unless it is told to. */
    private static final String AT_A_REPLICA = "/* banyan: replica */ ";
    private static final String AT_THE_PRIMARY = "/* banyan: primary */ ";

    private RowSql() {}

    /** A load as it is sent. */
    static String sent(LoadSql load, Rows.Place place) {
        return (place == Rows.Place.REPLICA ? AT_A_REPLICA : AT_THE_PRIMARY) + load.text();
    }

    /** One row of a table by its key. */
    static LoadSql load(Shape shape, Table table, List<Column> key, List<Column> values) {
        List<String> inner = new ArrayList<>(List.of("true AS found"));
        List<String> outer = new ArrayList<>(List.of("v.found IS NOT NULL"));
        List<Integer> parameters = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            inner.add("t." + key.get(i).quoted() + "::text AS k" + i);
            outer.add("coalesce(v.k" + i + ", " + key.get(i).parameter() + "::text)");
            parameters.add(i);
        }
        List<String> texts = texts(shape, values);
        for (int i = 0; i < texts.size(); i++) {
            inner.add(texts.get(i) + " AS v" + i);
            outer.add("v.v" + i);
        }
        outer.add("1");
        IntStream.range(0, key.size()).forEach(parameters::add);
        String text = WHEN + String.join(", ", outer) + " FROM (VALUES (1)) AS one(n) LEFT JOIN LATERAL (SELECT " + String.join(", ", inner)
                + " FROM " + table.quoted() + " AS t WHERE " + found(key) + ") AS v ON true";
        return new LoadSql(text, parameters, true, texts.size());
    }

    /** The value's texts of a row t. */
    static List<String> texts(Shape shape, List<Column> values) {
        return switch (shape) {
            case DOCUMENT -> List.of("row_to_json((SELECT d FROM (SELECT " + values.stream().map(column -> "t." + column.quoted()).collect(Collectors.joining(", ")) + ") AS d))::text");
            case HASH, COLUMN -> values.stream().map(column -> "t." + column.quoted() + "::text").toList();
        };
    }

    /** The condition that finds the row t. */
    static String found(List<Column> key) {
        return key.stream().map(column -> "t." + column.quoted() + " = " + column.parameter()).collect(Collectors.joining(" AND "));
    }

    /**
     * A declared statement.
     *
     * @param types of its parameters; empty when its keys need no one form
     * @param values the columns of its answer
     */
    static LoadSql load(Shape shape, StatementText statement, List<String> types, List<Column> values) {
        List<String> outer = new ArrayList<>(List.of("v.n > 0"));
        List<Integer> parameters = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            outer.add("CAST(? AS " + types.get(i) + ")::text");
            parameters.add(i);
        }
        List<String> inner = new ArrayList<>(List.of("count(*) AS n"));
        if (shape == Shape.DOCUMENT) {
            inner.add("CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN (array_agg(row_to_json(q)::text))[1] ELSE json_agg(row_to_json(q))::text END AS v0");
        } else {
            for (int i = 0; i < values.size(); i++) {
                inner.add("(array_agg(q." + values.get(i).quoted() + "::text))[1] AS v" + i);
            }
        }
        int columns = inner.size() - 1;
        IntStream.range(0, columns).forEach(i -> outer.add("v.v" + i));
        outer.add("v.n");
        statement.parameters().forEach(number -> parameters.add(number - 1));
        String text = WHEN + String.join(", ", outer) + " FROM (SELECT " + String.join(", ", inner) + " FROM (" + statement.jdbc() + "\n) AS q) AS v";
        return new LoadSql(text, parameters, !types.isEmpty(), columns);
    }

    /** Sets columns of a row that is there. Parameters: the values, the key. Answers the transaction and the value. */
    static String update(Bound bound, List<Column> columns, String condition) {
        String sets = columns.stream().map(column -> column.quoted() + " = " + column.parameter()).collect(Collectors.joining(", "));
        return "UPDATE " + bound.writable().quoted() + " AS t SET " + sets + " WHERE " + found(bound.key()) + condition + returning(bound);
    }

    /** Inserts a row, or sets its columns where it came meanwhile. Parameters: the key, the values. */
    static String upsert(Bound bound, List<Column> columns, String condition) {
        String sets = columns.stream().map(column -> column.quoted() + " = EXCLUDED." + column.quoted()).collect(Collectors.joining(", "));
        return insert(bound, columns) + " DO UPDATE SET " + sets + condition + returning(bound);
    }

    /** Inserts a row where there is none. Parameters: the key, the values. */
    static String insertNew(Bound bound, List<Column> columns) {
        return insert(bound, columns) + " DO NOTHING" + returning(bound);
    }

    private static String insert(Bound bound, List<Column> columns) {
        List<Column> all = new ArrayList<>(bound.key());
        all.addAll(columns);
        return "INSERT INTO " + bound.writable().quoted() + " AS t (" + names(all) + ") OVERRIDING SYSTEM VALUE VALUES ("
                + all.stream().map(Column::parameter).collect(Collectors.joining(", ")) + ") ON CONFLICT (" + names(bound.key()) + ")";
    }

    /** Adds to a column of a row that is there; NULL counts as 0. Parameters: the amount, the key. */
    static String add(Bound bound, Column column) {
        return "UPDATE " + bound.writable().quoted() + " AS t SET " + column.quoted() + " = coalesce(t." + column.quoted() + ", 0) + CAST(? AS bigint) WHERE "
                + found(bound.key()) + returning(bound) + ", t." + column.quoted() + "::text";
    }

    /** The same where there may be no row. Parameters: the key, the amount. */
    static String addNew(Bound bound, Column column) {
        return insert(bound, List.of(column)) + " DO UPDATE SET " + column.quoted() + " = coalesce(t." + column.quoted() + ", 0) + EXCLUDED." + column.quoted()
                + returning(bound) + ", t." + column.quoted() + "::text";
    }

    /** Parameters: the key. */
    static String delete(Bound bound) {
        return "DELETE FROM " + bound.writable().quoted() + " AS t WHERE " + found(bound.key()) + returning(bound);
    }

    /** The value as it is, locked until the transaction ends. Parameters: the key. */
    static String lock(Bound bound) {
        return "SELECT 0, " + String.join(", ", texts(bound.rule().shape(), bound.values())) + " FROM " + bound.writable().quoted() + " AS t WHERE " + found(bound.key()) + " FOR UPDATE";
    }

    private static String returning(Bound bound) {
        return " RETURNING pg_current_xact_id()::text, " + String.join(", ", texts(bound.rule().shape(), bound.values()));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
    }
}
