package dev.banyan.changes;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A replication slot as the server shows it.
 *
 * @param confirmed up to where its reader has said it has all
 * @param activePid the process that serves its reader; 0 when nobody reads
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param invalid why it cannot be read any more; empty when it can
 * @param synced it is, or was before a promotion, a standby's copy
 * @param kept bytes of log the server keeps for it
 * @param behind bytes of log behind {@code confirmed}
 */
record Slot(boolean pgoutput, boolean here, long confirmed, int activePid, String walStatus, String invalid, boolean synced, long kept, long behind) {
    static Optional<Slot> find(Sql sql, Server server, String name) throws SQLException {
        String invalid = server.hasFailoverSlots() ? "coalesce(invalidation_reason, '')" : "''";
        String synced = server.hasFailoverSlots() ? "synced" : "false";
        List<Slot> found = sql.rows(
                row -> new Slot(row.getBoolean(1), row.getBoolean(2), lsn(row.getString(3)), row.getInt(4), row.getString(5), row.getString(6), row.getBoolean(7), row.getLong(8), row.getLong(9)),
                "select plugin is not distinct from 'pgoutput', database is not distinct from current_database(), confirmed_flush_lsn::text, coalesce(active_pid, 0), coalesce(wal_status, ''), "
                        + invalid + ", " + synced + ", coalesce(pg_current_wal_lsn() - restart_lsn, 0)::bigint, coalesce(pg_current_wal_lsn() - confirmed_flush_lsn, 0)::bigint"
                        + " from pg_replication_slots where slot_name = ?",
                name);
        return found.stream().findFirst();
    }

    boolean isLost() {
        return walStatus.equals("lost") || !invalid.isEmpty();
    }

    static long lsn(String text) {
        return text == null ? 0 : LogSequenceNumber.valueOf(text).asLong();
    }
}
