package dev.banyan.changes;

import java.util.Set;

/**
 * A table whose changes are wanted.
 *
 * @param name {@code SCHEMA.NAME} as the catalogue has it, unquoted; the first dot divides
 * @param old columns whose value before an update or a deletion must be told. Where the table's replica identity does not have them it becomes FULL
 */
public record WatchedTable(String name, Set<String> old) {
    public WatchedTable {
        if (name.indexOf('.') < 1 || name.endsWith(".")) {
            throw new IllegalArgumentException("a watched table is SCHEMA.NAME, not '" + name + "'");
        }
        old = Set.copyOf(old);
    }

    String schema() {
        return name.substring(0, name.indexOf('.'));
    }

    String relation() {
        return name.substring(name.indexOf('.') + 1);
    }
}
