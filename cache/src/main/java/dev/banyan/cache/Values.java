package dev.banyan.cache;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A value's bytes, from the texts of its columns. */
final class Values {
    private Values() {}

    /** Empty when a single column is NULL. */
    static Optional<byte[]> of(Bound bound, List<Optional<String>> texts) {
        return switch (bound.rule().shape()) {
            case DOCUMENT, COLUMN -> texts.getFirst().map(text -> text.getBytes(StandardCharsets.UTF_8));
            case HASH -> Optional.of(HashValue.of(bound.values(), texts));
        };
    }

    /** The texts in some columns of a row. */
    static List<Optional<String>> texts(ResultSet row, int first, int count) throws SQLException {
        List<Optional<String>> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(Optional.ofNullable(row.getString(first + i)));
        }
        return texts;
    }
}
