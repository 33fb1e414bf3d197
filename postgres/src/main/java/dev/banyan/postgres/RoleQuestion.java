package dev.banyan.postgres;

import java.util.List;

/** The question what a server is in its cluster, and its answer. PostgreSQL 13 and newer. */
final class RoleQuestion {
    private static final String ROLE = "select pg_is_in_recovery(),"
            // A primary's timeline stands in the names of the files it writes; a server in recovery refuses to name one.
            + " case when pg_is_in_recovery() then 0 else ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int end,"
            + " (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint";

    static final String SQL = ROLE + ", (select system_identifier from pg_control_system())";

    /** For a user who may not ask for the cluster's identity. */
    static final String PLAIN = ROLE + ", ''";

    private RoleQuestion() {}

    /** @throws IllegalArgumentException when the answer has not the form of one */
    static Role read(List<List<String>> rows) {
        if (rows.size() != 1 || rows.getFirst().size() != 4) {
            throw new IllegalArgumentException("one row of 4 columns was expected, not " + rows.size() + " rows");
        }
        List<String> row = rows.getFirst();
        return new Role("t".equals(row.get(0)), Long.parseLong(row.get(1)), Long.parseLong(row.get(2)), row.get(3));
    }

    /**
     * What a server said it is.
     *
     * @param timeline of a primary; 0 of a replica
     * @param startedMicros when its postmaster started, since 1970: two addresses with the same one are one server
     * @param system the cluster's identity, which a clone shares; empty when the user may not ask
     */
    record Role(boolean inRecovery, long timeline, long startedMicros, String system) {}
}
