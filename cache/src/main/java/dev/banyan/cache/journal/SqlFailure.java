package dev.banyan.cache.journal;

import java.sql.SQLException;
import java.util.Set;

/** What a failure of PostgreSQL's means (manual, appendix A). */
final class SqlFailure {
    /**
     * Classes of failures that are not the rows' own: connection, transaction state (a standby is read-only), who may log in and where, rollback,
     * resources, objects in use, intervention, the system, settings, internal errors.
     */
    private static final Set<String> PASSING = Set.of("08", "25", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX", "HV");

    private SqlFailure() {}

    /** Whether a row is at fault, so that trying again as it is cannot help. */
    static boolean isTheRows(SQLException failure) {
        String state = state(failure);
        return state.length() == 5 && !PASSING.contains(state.substring(0, 2));
    }

    /** The SQLSTATE; empty when there is none. */
    static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    /** Whether it will hardly pass by itself. */
    static boolean needsSomebody(Throwable failure) {
        return !(failure instanceof SQLException sql) || isTheRows(sql) || state(sql).startsWith("28") || state(sql).startsWith("3D");
    }
}
