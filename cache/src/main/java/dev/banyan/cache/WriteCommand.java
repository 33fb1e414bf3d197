package dev.banyan.cache;

import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a command does to one row.
 *
 * @param needsOld whether its answer, or whether it is done at all, hangs on what was there
 * @param answer from what came of it
 */
record WriteCommand(Wanted wanted, boolean needsOld, Function<Outcome, Reply> answer) {
    /**
     * Itself, if it takes no more away than the key stands for.
     *
     * @throws Refused when a row would go that has more than the one column
     */
    WriteCommand checked(Bound bound) {
        List<String> others = bound.writable().columns().stream().filter(column -> !bound.key().contains(column) && !bound.values().contains(column)).map(Column::name).toList();
        if (bound.rule().shape() == Shape.COLUMN && !others.isEmpty()) {
            throw new Refused("ERR a key of '" + bound.rule().prefix() + "' (cache.keys) is one column, and to delete it would take the whole row of " + bound.writable().full() + " away, with "
                    + String.join(", ", others) + ": set it instead");
        }
        return this;
    }

    /** What becomes of the row. */
    sealed interface Wanted {
        /** Sets columns; the row is inserted when it is not there. */
        record Put(List<Cell> cells, When when) implements Wanted {}

        /** Adds to a column; the row is inserted when it is not there. */
        record Add(Column column, long amount) implements Wanted {}

        /** Makes columns NULL where there is a row. */
        record Clear(List<Column> columns) implements Wanted {}

        record Delete() implements Wanted {}
    }

    /** A column and its text; empty is NULL. */
    record Cell(Column column, Optional<String> value) {}

    /** On which condition a value is set. */
    enum When {
        ALWAYS,
        ABSENT,
        PRESENT;

        boolean holds(boolean there) {
            return this == ALWAYS || there == (this == PRESENT);
        }
    }

    /**
     * What came of it.
     *
     * @param done whether the row was changed, or would have been had it not been so already
     * @param old the value before; empty when there was none, or nobody asked
     * @param number the sum after adding
     */
    record Outcome(boolean done, Optional<byte[]> old, OptionalLong number) {}
}
