package dev.banyan.cache;

import java.util.List;
import java.util.Optional;

/**
 * A rule that has met the database: its columns with their real types, and the statement that loads a value.
 *
 * @param table empty when a declared statement makes the value
 * @param key the columns that find a row, in the order of the key; empty with a statement
 * @param values the columns of the value; of a statement's document none
 * @param parts how many parts a key has after the prefix
 * @param evictedBy the tables of {@code evicted-by}, as declared
 */
record Bound(Rule rule, Optional<Table> table, List<Column> key, List<Column> values, int parts, LoadSql load, List<Evicting> evictedBy) {
    Bound {
        key = List.copyOf(key);
        values = List.copyOf(values);
        evictedBy = List.copyOf(evictedBy);
    }

    /** A table whose changes make values old, and its columns that are the key's parts; all values when there are none. */
    record Evicting(Table table, List<String> columns) {
        Evicting {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A statement whose answer is: the snapshot, whether in recovery, whether there is a value, the parts of the key as the database writes
     * them, the value's columns as texts, and how many rows there were.
     *
     * @param parameters for each of the statement's parameters which part of the key it is, from 0
     * @param canonical whether the key's parts are told
     * @param columns how many columns the value has
     */
    record LoadSql(String text, List<Integer> parameters, boolean canonical, int columns) {
        LoadSql {
            parameters = List.copyOf(parameters);
        }
    }

    /** The value's column of that name, unquoted. */
    Optional<Column> value(String name) {
        return values.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    Column onlyValue() {
        return values.getFirst();
    }

    /**
     * The parts of a key that is to be written. A row must always be named by the same text: changes are told of that one only.
     *
     * @throws Refused when it is not the one that the database writes, as far as that can be told here
     */
    List<String> writtenParts(CacheKey of) {
        List<String> all = of.parts(parts);
        for (int i = 0; i < key.size(); i++) {
            if (!key.get(i).canonical(all.get(i))) {
                throw new Refused("ERR a key of '" + rule.prefix() + "' (cache.keys) is written as the database writes column " + key.get(i).name() + " of type " + key.get(i).type());
            }
        }
        return all;
    }

    /** Whether {@link #writtenParts} can tell for all columns. */
    boolean tellsCanonical() {
        return key.stream().allMatch(Column::tellsCanonical);
    }

    Table writable() {
        return table.orElseThrow(() -> new IllegalStateException("a rule without a table has no writes: '" + rule.prefix() + "'"));
    }
}
