package dev.banyan.cache.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The schema {@code banyan} of the application's database: how far the journal is, how late, and what was refused. */
final class JournalTables {
    private static final String PRESENT = "SELECT to_regclass('banyan.journal') IS NOT NULL AND to_regclass('banyan.dead_letters') IS NOT NULL AND to_regclass('banyan.lag') IS NOT NULL";

    /** The table's comments are what a user reads who finds it. */
    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS banyan.journal (
                id uuid PRIMARY KEY,
                applied bigint NOT NULL,
                xid bigint,
                epoch bigint NOT NULL,
                owner text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(),
                waiting bigint NOT NULL DEFAULT 0,
                oldest timestamptz);
            COMMENT ON TABLE banyan.journal IS 'How far Banyan''s write-behind journals are applied: changed in the transactions that apply them. Do not edit.';
            CREATE TABLE IF NOT EXISTS banyan.dead_letters (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                journal uuid NOT NULL,
                first_sequence bigint NOT NULL,
                last_sequence bigint NOT NULL,
                "table" text NOT NULL,
                key json NOT NULL,
                effect json NOT NULL,
                sqlstate text NOT NULL,
                message text NOT NULL,
                at timestamptz NOT NULL DEFAULT now());
            COMMENT ON TABLE banyan.dead_letters IS 'Acknowledged write-behind writes that this database refused, with its error. Delete what is dealt with.';
            CREATE OR REPLACE VIEW banyan.lag AS
                SELECT id, applied, waiting, CASE WHEN oldest IS NULL THEN interval '0' ELSE clock_timestamp() - oldest END AS lag, applied_at AS as_of
                FROM banyan.journal;
            COMMENT ON VIEW banyan.lag IS 'How many acknowledged write-behind writes this database did not have when the last batch was applied, and how old the oldest of them is.';
            """;

    private JournalTables() {}

    /** Makes what is absent, in a transaction of its own. */
    static void make(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (present(statement)) {
                connection.rollback();
                return;
            }
            try {
                // Two that make it at the same time would fail on the catalogue's own keys.
                statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('banyan', 0))");
                if (!schemaIsThere(statement)) {
                    statement.execute("CREATE SCHEMA banyan");
                }
                statement.execute(TABLES);
                connection.commit();
            } catch (SQLException e) {
                String user = connection.getMetaData().getUserName();
                connection.rollback();
                throw SqlFailure.state(e).equals("42501") ? mayNot(user, e) : e;
            }
        }
    }

    private static boolean schemaIsThere(Statement statement) throws SQLException {
        return yes(statement, "SELECT to_regnamespace('banyan') IS NOT NULL");
    }

    private static boolean present(Statement statement) throws SQLException {
        return schemaIsThere(statement) && yes(statement, PRESENT);
    }

    private static boolean yes(Statement statement, String question) throws SQLException {
        try (ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private static SQLException mayNot(String user, SQLException cause) {
        String name = '"' + user.replace("\"", "\"\"") + '"';
        return new SQLException("the write-behind journal needs the schema banyan in the application's database, and user " + user + " may not make it (" + cause.getMessage()
                + "). As a superuser or the database's owner run there: CREATE SCHEMA IF NOT EXISTS banyan; GRANT CREATE, USAGE ON SCHEMA banyan TO " + name, cause.getSQLState(), cause);
    }
}
