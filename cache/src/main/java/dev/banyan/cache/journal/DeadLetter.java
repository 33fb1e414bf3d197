package dev.banyan.cache.journal;

import dev.banyan.cache.journal.Pending.Column;
import dev.banyan.cache.journal.PendingRows.RowWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Writes to a row that the database refused, and its words. */
record DeadLetter(UUID journal, RowWork work, SQLException failure) {
    /** The columns are json, not jsonb, which refuses a character 0. */
    private static final String KEEP = """
            INSERT INTO banyan.dead_letters (journal, first_sequence, last_sequence, "table", key, effect, sqlstate, message)
            VALUES (?, ?, ?, ?, ?::json, ?::json, ?, ?)""";
    private static final JsonMapper JSON = new JsonMapper();

    static void keep(Connection connection, List<DeadLetter> letters) throws SQLException {
        if (letters.isEmpty()) {
            return;
        }
        try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
            for (DeadLetter letter : letters) {
                keep.setObject(1, letter.journal);
                keep.setLong(2, letter.work.first());
                keep.setLong(3, letter.work.last());
                keep.setString(4, letter.work.row().table());
                keep.setString(5, letter.key());
                keep.setString(6, letter.effect());
                keep.setString(7, SqlFailure.state(letter.failure));
                keep.setString(8, letter.failure.getMessage());
                keep.addBatch();
            }
            keep.executeBatch();
        }
    }

    /** {@code {"id": "42"}}. */
    String key() {
        Map<String, String> key = new LinkedHashMap<>();
        work.row().key().forEach(cell -> key.put(cell.column(), cell.value().orElse(null)));
        return JSON.writeValueAsString(key);
    }

    /** {@code {"delete": true}}, or {@code {"set": {"name": "Ada"}, "add": {"likes": 3}}}; both when the row is deleted first. */
    String effect() {
        Map<String, Object> effect = new LinkedHashMap<>();
        if (!(work.fold() instanceof Pending.Written(boolean anew, Map<String, Column> columns)) || anew) {
            effect.put("delete", true);
        }
        if (work.fold() instanceof Pending.Written(boolean _, Map<String, Column> columns)) {
            Map<String, Object> set = new LinkedHashMap<>();
            Map<String, Object> add = new LinkedHashMap<>();
            columns.forEach((name, column) -> {
                switch (column) {
                    case Column.Set(Optional<String> value) -> set.put(name, value.orElse(null));
                    case Column.SetPlus(String value, var amount) -> {
                        set.put(name, value);
                        add.put(name, amount);
                    }
                    case Column.Plus(var amount, boolean _) -> add.put(name, amount);
                }
            });
            effect.put("set", set);
            effect.put("add", add);
        }
        return JSON.writeValueAsString(effect);
    }
}
