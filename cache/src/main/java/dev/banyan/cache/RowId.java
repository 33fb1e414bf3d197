package dev.banyan.cache;

import dev.banyan.cache.journal.RowWrite.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A row as the journal names it. */
record RowId(String table, List<Cell> key) {
    RowId {
        key = List.copyOf(key);
    }

    static RowId of(Bound bound, List<String> parts) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            cells.add(new Cell(bound.key().get(i).quoted(), Optional.of(parts.get(i))));
        }
        return new RowId(bound.writable().quoted(), cells);
    }
}
