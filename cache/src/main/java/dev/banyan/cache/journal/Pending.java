package dev.banyan.cache.journal;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What several writes to one row do to it, all together: folding them and then applying the fold is the same as applying them one by one,
 * wherever each of them could have been applied.
 */
public sealed interface Pending {
    /** The row is not there afterwards. */
    record Gone() implements Pending {}

    /**
     * The row is there afterwards: updated, or inserted with these columns where there was none.
     *
     * @param anew it is deleted first, so that columns not named here have their defaults
     * @param columns by the column as SQL writes it, in that order
     */
    record Written(boolean anew, Map<String, Column> columns) implements Pending {
        public Written {
            columns = Collections.unmodifiableMap(new TreeMap<>(columns));
        }
    }

    /** What becomes of one column. */
    sealed interface Column {
        /** It has this value, as PostgreSQL's text; empty is NULL. */
        record Set(Optional<String> value) implements Column {}

        /** It has this value and an amount more; only PostgreSQL can add them, or refuse to. */
        record SetPlus(String value, BigInteger amount) implements Column {}

        /**
         * It has an amount more, where NULL counts as 0.
         *
         * @param first a row that is inserted has the amount itself; otherwise an earlier write inserts it, and the column's default is added to
         */
        record Plus(BigInteger amount, boolean first) implements Column {
            public Plus(long amount) {
                this(BigInteger.valueOf(amount), true);
            }
        }
    }

    /** One write. */
    static Pending of(RowWrite.Effect effect) {
        return switch (effect) {
            case RowWrite.Effect.Delete() -> new Gone();
            case RowWrite.Effect.Put(Map<String, Optional<String>> values) -> {
                Map<String, Column> columns = new TreeMap<>();
                values.forEach((column, value) -> columns.put(column, new Column.Set(value)));
                yield new Written(false, columns);
            }
            case RowWrite.Effect.Add(Map<String, Long> amounts) -> {
                Map<String, Column> columns = new TreeMap<>();
                amounts.forEach((column, amount) -> columns.put(column, new Column.Plus(amount)));
                yield new Written(false, columns);
            }
        };
    }

    /** This and then that; associative. */
    default Pending then(Pending later) {
        if (!(later instanceof Written(boolean anew, Map<String, Column> columns)) || anew) {
            return later;
        }
        return switch (this) {
            case Gone() -> new Written(true, columns);
            case Written before -> {
                Map<String, Column> both = new TreeMap<>(before.columns);
                columns.forEach((name, column) -> both.put(name, Folding.then(both.get(name), column)));
                yield new Written(before.anew, both);
            }
        };
    }

    /**
     * A row as it will be when the database has these writes.
     *
     * @param row as the database has it, empty when it has none; columns as these writes name them
     * @return empty when it will not be there; of a row that is yet to be inserted the columns that are written, without others' defaults
     */
    default Optional<Map<String, Optional<String>>> over(Optional<Map<String, Optional<String>>> row) {
        return switch (this) {
            case Gone() -> Optional.empty();
            case Written(boolean anew, Map<String, Column> columns) -> {
                Map<String, Optional<String>> after = new LinkedHashMap<>(anew ? Map.of() : row.orElse(Map.of()));
                columns.forEach((name, column) -> after.put(name, Folding.over(after.getOrDefault(name, Optional.empty()), column)));
                yield Optional.of(after);
            }
        };
    }
}
