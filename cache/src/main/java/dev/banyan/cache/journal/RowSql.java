package dev.banyan.cache.journal;

import dev.banyan.cache.journal.Pending.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements that write many rows of one table at once: their values come as arrays of texts, one for each column, and are cast to the columns' types.
 * In {@code x} are the values, {@code t} is the table.
 */
final class RowSql {
    private final TableColumns columns;

    RowSql(TableColumns columns) {
        this.columns = columns;
    }

    /** How a column is written. */
    enum How {
        SET,
        SET_PLUS,
        PLUS,
        /** An amount on top of the column's default, where a row is inserted. */
        PLUS_LATER;

        static How of(Column column) {
            return switch (column) {
                case Column.Set _ -> SET;
                case Column.SetPlus _ -> SET_PLUS;
                case Column.Plus(var _, boolean first) -> first ? PLUS : PLUS_LATER;
            };
        }
    }

    /** Rows of the same shape are written by the same statement. */
    record Shape(String table, List<String> key, List<String> columns, List<How> hows) {
        static Shape of(RowKey row, Map<String, Column> columns) {
            return new Shape(row.table(), row.columns(), List.copyOf(columns.keySet()), columns.values().stream().map(How::of).toList());
        }

        private int first(int column) {
            return key.size() + hows.subList(0, column).stream().mapToInt(how -> how == How.SET_PLUS ? 2 : 1).sum();
        }

        private int arrays() {
            return first(columns.size());
        }
    }

    /** The arrays' elements for one row, in the statements' order. */
    static List<Optional<String>> values(RowKey row, Map<String, Column> columns) {
        List<Optional<String>> values = new ArrayList<>();
        row.key().forEach(cell -> values.add(cell.value()));
        for (Column column : columns.values()) {
            switch (column) {
                case Column.Set(Optional<String> value) -> values.add(value);
                case Column.SetPlus(String value, var amount) -> {
                    values.add(Optional.of(value));
                    values.add(Optional.of(amount.toString()));
                }
                case Column.Plus(var amount, boolean _) -> values.add(Optional.of(amount.toString()));
            }
        }
        return values;
    }

    /** Which of the rows are there, by their number from 1; locked in the order of the key, as other programs would that lock several. */
    String lock(String table, List<String> key, boolean deletes) {
        return "SELECT x.n FROM " + unnest(key.size(), " WITH ORDINALITY", ", n") + " JOIN " + table + " AS t ON " + matches(table, key)
                + " ORDER BY " + key.stream().map(column -> "t." + column).collect(Collectors.joining(", ")) + (deletes ? " FOR UPDATE OF t" : " FOR NO KEY UPDATE OF t");
    }

    String delete(String table, List<String> key) {
        return "DELETE FROM " + table + " AS t USING " + unnest(key.size(), "", "") + " WHERE " + matches(table, key);
    }

    String update(Shape shape) {
        String set = IntStream.range(0, shape.columns.size()).mapToObj(i -> shape.columns.get(i) + " = " + updated(shape, i)).collect(Collectors.joining(", "));
        return "UPDATE " + shape.table + " AS t SET " + set + " FROM " + unnest(shape.arrays(), "", "") + " WHERE " + matches(shape.table, shape.key);
    }

    /** OVERRIDING SYSTEM VALUE: where the key is GENERATED ALWAYS AS IDENTITY, it is the key that was asked for all the same. */
    String insert(Shape shape) {
        List<String> names = new ArrayList<>(shape.key);
        names.addAll(shape.columns);
        List<String> values = new ArrayList<>();
        IntStream.range(0, shape.key.size()).forEach(i -> values.add(cast(i, columns.type(shape.table, shape.key.get(i)))));
        IntStream.range(0, shape.columns.size()).forEach(i -> values.add(inserted(shape, i)));
        return "INSERT INTO " + shape.table + " (" + String.join(", ", names) + ") OVERRIDING SYSTEM VALUE SELECT " + String.join(", ", values) + " FROM " + unnest(shape.arrays(), "", "");
    }

    private String updated(Shape shape, int column) {
        return switch (shape.hows.get(column)) {
            case SET -> set(shape, column);
            case SET_PLUS -> setPlus(shape, column);
            case PLUS, PLUS_LATER -> "coalesce(t." + shape.columns.get(column) + ", 0) + " + cast(shape.first(column), "numeric");
        };
    }

    private String inserted(Shape shape, int column) {
        return switch (shape.hows.get(column)) {
            case SET -> set(shape, column);
            case SET_PLUS -> setPlus(shape, column);
            case PLUS -> cast(shape.first(column), "numeric");
            case PLUS_LATER -> "coalesce(" + columns.preset(shape.table, shape.columns.get(column)) + ", 0) + " + cast(shape.first(column), "numeric");
        };
    }

    private String set(Shape shape, int column) {
        return cast(shape.first(column), columns.type(shape.table, shape.columns.get(column)));
    }

    private String setPlus(Shape shape, int column) {
        return set(shape, column) + " + " + cast(shape.first(column) + 1, "numeric");
    }

    private String matches(String table, List<String> key) {
        return IntStream.range(0, key.size()).mapToObj(i -> "t." + key.get(i) + " = " + cast(i, columns.type(table, key.get(i)))).collect(Collectors.joining(" AND "));
    }

    private static String cast(int array, String type) {
        return "x.v" + array + "::" + type;
    }

    private static String unnest(int arrays, String with, String more) {
        return "unnest(" + "?::text[], ".repeat(arrays - 1) + "?::text[])" + with + " AS x(" + IntStream.range(0, arrays).mapToObj(i -> "v" + i).collect(Collectors.joining(", ")) + more + ")";
    }
}
