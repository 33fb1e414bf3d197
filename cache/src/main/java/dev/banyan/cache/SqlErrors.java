package dev.banyan.cache;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.postgresql.util.PSQLException;

/** The database's errors as the protocol's: with the SQLSTATE, and without the values that PostgreSQL puts into some of its messages. */
final class SqlErrors {
    /** Classes whose messages name tables, columns and constraints only (PostgreSQL's manual, appendix A). */
    private static final Set<String> PLAIN = Set.of("08", "23", "25", "28", "40", "42", "53", "55", "57", "58");

    private static final Map<String, String> KNOWN = Map.of(
            "22001", "a value is too long for its column",
            "22003", "increment or decrement would overflow, or a number is out of its column's range",
            "22007", "a value is no date or time",
            "22008", "a date or time is out of range",
            "22021", "a value is no text of the database's encoding",
            "22P02", "a value does not fit its column's type",
            "22P05", "a value cannot be written in the database's encoding");

    private SqlErrors() {}

    /** Whether the connection is of no use any more. */
    static boolean broken(SQLException e) {
        String state = state(e);
        return state.startsWith("08") || state.startsWith("57P0") || state.equals("57014") && e.getCause() instanceof IOException;
    }

    /** Whether the same again may go well: a deadlock, or a conflict of serializable transactions. */
    static boolean conflict(SQLException e) {
        return state(e).equals("40001") || state(e).equals("40P01");
    }

    /** Whether a table or column is not what it was. */
    static boolean changedShape(SQLException e) {
        return Set.of("42P01", "42703", "42804", "42P10", "42883", "3F000").contains(state(e));
    }

    static Refused refused(Rule rule, String what, SQLException e) {
        return new Refused("ERR " + what + " of '" + rule.prefix() + "' failed: " + text(e) + " (SQLSTATE " + state(e) + ")");
    }

    static String state(SQLException e) {
        return e.getSQLState() == null ? "58000" : e.getSQLState();
    }

    static String text(SQLException e) {
        String state = state(e);
        if (KNOWN.containsKey(state)) {
            return KNOWN.get(state);
        }
        if (!PLAIN.contains(state.substring(0, Math.min(2, state.length())))) {
            return "the database refused it";
        }
        return e instanceof PSQLException told && told.getServerErrorMessage() != null ? told.getServerErrorMessage().getMessage() : e.getMessage();
    }
}
