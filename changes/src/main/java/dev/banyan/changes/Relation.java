package dev.banyan.changes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A table as the log describes it before its first change, and again when it has become another. */
final class Relation {
    private final String table;
    private final List<Column> columns;
    private final Map<String, Integer> index = new HashMap<>();

    /** @param key part of the replica identity; with REPLICA IDENTITY FULL each is */
    record Column(String name, boolean key) {}

    Relation(String schema, String name, List<Column> columns) {
        this.table = schema + "." + name;
        this.columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            index.put(columns.get(i).name(), i);
        }
    }

    /** {@code SCHEMA.NAME}. */
    String table() {
        return table;
    }

    int columns() {
        return columns.size();
    }

    String name(int column) {
        return columns.get(column).name();
    }

    boolean isKey(int column) {
        return columns.get(column).key();
    }

    /** -1 when there is no such column. */
    int indexOf(Object column) {
        return index.getOrDefault(column, -1);
    }
}
