package dev.banyan.drill.cache;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Rows that the check has made for itself in a table, and the keys by which the cache shows them. Each row has a version, which only grows. */
interface CheckedKeys {
    /** As the report shows them: {@code profile:}. */
    String prefix();

    /** Makes so many rows of version 0. @return their ids */
    List<Long> make(Connection connection, int rows) throws SQLException;

    /** The statement that changes a row: its parameters are the version and the id. */
    String change();

    String key(long id);

    /** The version that an answer shows. @throws IllegalArgumentException when it shows none */
    long version(String answer);

    void remove(Connection connection) throws SQLException;
}
