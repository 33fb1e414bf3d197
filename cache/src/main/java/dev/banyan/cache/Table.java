package dev.banyan.cache;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table as the database has it.
 *
 * @param primaryKey its columns in the key's order; empty without one
 * @param unique the columns of each unique index that has no condition and no expression, the primary key's too
 */
record Table(String schema, String name, List<Column> columns, List<String> primaryKey, Set<Set<String>> unique) {
    Table {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        unique = Set.copyOf(unique);
    }

    /** As SQL writes it. */
    String quoted() {
        return Names.quoted(schema) + "." + Names.quoted(name);
    }

    /** As the log names it. */
    String full() {
        return schema + "." + name;
    }

    Optional<Column> column(String plain) {
        return columns.stream().filter(column -> column.name().equals(plain)).findFirst();
    }
}
