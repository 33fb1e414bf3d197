package dev.banyan.changes;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.sql.SQLException;

/**
 * What must be so at a server before its log can be followed.
 *
 * @param version as {@code 170011}
 */
record Server(int version, boolean standby, String walLevel, boolean mayReplicate, String user) {
    /** The first with pg_replication_slots.wal_status and partitions published by their root, and still cared for. */
    private static final int OLDEST = 140000;
    private static final int FAILOVER_SLOTS = 170000;

    static Server ask(Sql sql) throws SQLException {
        return sql.rows(
                row -> new Server(row.getInt(1), row.getBoolean(2), row.getString(3), row.getBoolean(4), row.getString(5)),
                "select current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('wal_level'), "
                        + "rolreplication or rolsuper or exists (select from pg_roles r where r.rolname = 'rds_replication' and pg_has_role(r.oid, 'MEMBER')), rolname from pg_roles where rolname = current_user").getFirst();
    }

    /** @throws BanyanException when its log cannot be followed; says what to do */
    void mustBeFit(Primary primary) {
        if (version < OLDEST) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "PostgreSQL at " + primary.address() + " is version " + version / 10_000 + ": changes can be followed from " + OLDEST / 10_000 + " on; upgrade it");
        }
        if (standby) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "PostgreSQL at " + primary.address() + " is a standby: changes are read at the primary; waiting for its promotion, or for another address");
        }
        if (!walLevel.equals("logical")) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "PostgreSQL at " + primary.address() + " has wal_level = " + walLevel + ": its log does not tell rows; run ALTER SYSTEM SET wal_level = logical and restart it");
        }
        if (!mayReplicate) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "role " + user + " at " + primary.address() + " may not read the log; run ALTER ROLE " + Sql.name(user) + " REPLICATION (at Amazon RDS: GRANT rds_replication TO it)");
        }
    }

    /** Whether it knows slots that standbys can keep a copy of. */
    boolean hasFailoverSlots() {
        return version >= FAILOVER_SLOTS;
    }
}
