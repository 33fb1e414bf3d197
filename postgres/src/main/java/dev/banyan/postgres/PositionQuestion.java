package dev.banyan.postgres;

import java.util.List;

/** The question how far a member is, the same for a primary and a replica, and its answer. PostgreSQL 13 and newer; any user may ask it. */
final class PositionQuestion {
    /**
     * Roles are asked for first: a replica that is promoted in the middle of it then says that it follows and gives a position it has.
     * A primary is asked for its insert position, never for the flushed one: with {@code synchronous_commit = off} commits are visible and
     * answered before they are flushed, and a bound that misses one is none.
     */
    static final String SQL =
            "select pg_is_in_recovery(),"
                    + " case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end,"
                    + " case when pg_is_in_recovery() then pg_last_wal_receive_lsn() end,"
                    + " case when pg_is_in_recovery() then"
                    + " (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000000)::bigint end";

    private PositionQuestion() {}

    /** @throws IllegalArgumentException when the answer has not the form of one */
    static Sample read(long sentNanos, List<List<String>> rows) {
        if (rows.size() != 1 || rows.getFirst().size() != 4) {
            throw new IllegalArgumentException("one row of 4 columns was expected, not " + rows.size() + " rows");
        }
        List<String> row = rows.getFirst();
        boolean inRecovery = "t".equals(row.get(0));
        long position = position(row.get(1), Lsn.NONE);
        long received = position(row.get(2), position);
        long micros = row.get(3).isEmpty() ? 0 : Long.parseLong(row.get(3));
        // On an idle primary the last commit grows old without anything being behind.
        long lag = position >= received ? 0 : Math.max(0, micros) * 1_000;
        return new Sample(sentNanos, inRecovery, position, received, lag);
    }

    private static long position(String text, long otherwise) {
        return text.isEmpty() ? otherwise : Lsn.parse(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no position of the log"));
    }
}
