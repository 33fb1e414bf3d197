package dev.banyan.cache.journal;

import java.util.Comparator;
import java.util.List;

/** Which row. In the order of table and key, which is the order in which rows are locked. */
record RowKey(String table, List<RowWrite.Cell> key) implements Comparable<RowKey> {
    private static final Comparator<RowWrite.Cell> CELLS = Comparator.comparing(RowWrite.Cell::column).thenComparing(cell -> cell.value().orElse(""));

    static RowKey of(RowWrite write) {
        return new RowKey(write.table(), write.key());
    }

    /** The columns that find it. */
    List<String> columns() {
        return key.stream().map(RowWrite.Cell::column).toList();
    }

    @Override
    public int compareTo(RowKey other) {
        int order = table.compareTo(other.table);
        for (int i = 0; order == 0 && i < Math.min(key.size(), other.key.size()); i++) {
            order = CELLS.compare(key.get(i), other.key.get(i));
        }
        return order != 0 ? order : Integer.compare(key.size(), other.key.size());
    }
}
