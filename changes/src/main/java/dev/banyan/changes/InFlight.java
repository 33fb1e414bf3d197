package dev.banyan.changes;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Transactions that are under way, and may be committed in the log already while nobody sees them yet, or have changed what will not be told. */
final class InFlight {
    private InFlight() {}

    /**
     * Who waits for what.
     *
     * @param moment the server's time
     * @param transactions their ids
     */
    record Moment(String moment, List<String> transactions) {}

    /** Those that have not ended for other sessions. */
    static Moment now(Sql sql) throws SQLException {
        return sql.rows(
                row -> new Moment(row.getString(1), Sql.texts(row, 2)),
                "select clock_timestamp()::text, array(select x::text from pg_snapshot_xip(pg_current_snapshot()) x)").getFirst();
    }

    /**
     * Of those that were under way at a moment, who may have written the record of their commit before it and are still not seen: a commit
     * that waits for a standby or the disk. Not who was only between two statements after it, or has begun one since: their commit comes later.
     */
    static List<String> perhapsCommitting(Sql sql, Moment at) throws SQLException {
        return sql.rows(
                row -> row.getString(1),
                """
                select 'transaction ' || x || coalesce(' (process ' || a.pid || ', ' || a.state || ' since ' || a.state_change::timestamptz(0)::text || ')', ' (prepared)')
                from unnest(?::text[]) x
                  join pg_snapshot_xip(pg_current_snapshot()) still on still::text = x
                  left join pg_stat_activity a on a.backend_xid::text = (x::numeric % 4294967296)::text
                where a.pid is null or a.state is null or not (a.state like 'idle in transaction%' or a.query_start > ?::timestamptz)
                """,
                at.transactions().toArray(String[]::new), at.moment());
    }

    /** Who has written to these tables and not ended, each with a name of its own; of what they wrote before the tables were published nothing will be told. */
    static List<String> writers(Sql sql, Collection<Long> tables) throws SQLException {
        return sql.rows(
                row -> row.getString(1),
                """
                select distinct l.virtualtransaction || ' (process ' || coalesce(l.pid::text, 'none, prepared') || ')'
                from pg_locks l
                where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
                  and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                  and l.relation in (select t.oid from unnest(?::bigint[]) asked(oid) join pg_class t on t.oid = asked.oid
                                     union select p.relid from unnest(?::bigint[]) asked(oid), pg_partition_tree(asked.oid::oid::regclass) p)
                """,
                ids(tables), ids(tables));
    }

    /** What transactions are running that a new slot waits for, oldest first. */
    static List<String> running(Sql sql) throws SQLException {
        return sql.rows(
                row -> row.getString(1),
                """
                select 'process ' || pid || ' (' || coalesce(state, 'unknown') || ', since ' || xact_start::timestamptz(0)::text || ')'
                from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
                union all select 'prepared transaction ' || quote_literal(gid) || ' (since ' || prepared::timestamptz(0)::text || ')' from pg_prepared_xacts
                limit 5
                """);
    }

    private static String ids(Collection<Long> oids) {
        return "{" + String.join(",", oids.stream().map(String::valueOf).toList()) + "}";
    }
}
