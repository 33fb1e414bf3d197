package dev.banyan.cache.journal;

import dev.banyan.cache.journal.RowWrite.Cell;
import dev.banyan.cache.journal.RowWrite.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes as tests say them. */
final class Writes {
    private Writes() {}

    static List<Cell> key(Object id) {
        return List.of(new Cell("id", Optional.of(id.toString())));
    }

    static RowWrite put(String table, Object id, String column, String value) {
        return new RowWrite(table, key(id), new Effect.Put(Map.of(column, Optional.ofNullable(value))));
    }

    static RowWrite add(String table, Object id, String column, long amount) {
        return new RowWrite(table, key(id), new Effect.Add(Map.of(column, amount)));
    }

    static RowWrite delete(String table, Object id) {
        return new RowWrite(table, key(id), new Effect.Delete());
    }
}
