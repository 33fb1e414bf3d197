package dev.banyan.cache.journal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A write to one row of a table.
 *
 * @param table as SQL writes it, checked when the site file was
 * @param key the columns that find the row, as SQL writes them, and their values as PostgreSQL's texts; in the declaration's order
 * @param effect what it does to the row
 */
public record RowWrite(String table, List<Cell> key, Effect effect) {
    public RowWrite {
        key = List.copyOf(key);
    }

    /** A column and a value, as PostgreSQL's text; empty is NULL. */
    public record Cell(String column, Optional<String> value) {}

    /** What a write does to its row. */
    public sealed interface Effect {
        /** Sets columns, each to a value; the row is inserted when it is not there. */
        record Put(Map<String, Optional<String>> values) implements Effect {}

        /** Adds numbers to columns (NULL counts as 0); the row is inserted when it is not there. */
        record Add(Map<String, Long> amounts) implements Effect {}

        record Delete() implements Effect {}
    }
}
