package dev.banyan.drill.cache;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The rows that {@link WriteBehindCheck} writes behind: each is a counter that all count up, and a value that one sets. Commands are Redis's words. Safe for any thread. */
public interface BehindRows {
    /**
     * Makes rows, or makes those that are there new: all zero.
     *
     * @return their ids
     */
    List<Long> make(Connection connection, int rows) throws SQLException;

    /** What a cache that loads what it is to write has an answer for as soon as the row is made. */
    List<List<String>> known(long id);

    /** Counts one up; answered with the sum. */
    List<String> count(long id);

    /** Asks for a counter. */
    List<String> counted(long id);

    /** Sets a row's value. */
    List<String> set(long id, long value);

    /** Asks for a row's value; there may be none where none was set. */
    List<String> value(long id);

    /** What the database has, of the primary, in the order of the ids. */
    List<Had> look(Connection connection, List<Long> ids) throws SQLException;

    void remove(Connection connection) throws SQLException;

    /** A row: its counter, and its value, 0 where none was set. */
    record Had(long count, long value) {}
}
