package dev.banyan.drill.reads;

import java.sql.SQLException;
import java.util.SortedMap;

/** What is checked: counters, each with a version that only grows. Safe for any thread. */
interface Store {
    /** Makes so many counters anew, all of version 0. */
    void prepare(int counters) throws SQLException;

    Link open() throws SQLException;

    /** Whether a position can be carried from one connection to another. */
    boolean carries() throws SQLException;

    /** Reads of the counters that each server has done since they were made, by name; without those that cannot be asked any more. Blocks. */
    SortedMap<String, Long> readsByServer();

    /** Takes the counters away. */
    void remove() throws SQLException;
}
