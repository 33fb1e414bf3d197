package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the schema up to date: every file of {@link #FILES} once, in order, all in one transaction. Several instances may
 * start at once: a transaction-level advisory lock lets one through, the others then find nothing left to do. (At transaction
 * level it works behind a pooler too, where a session-level lock could end up on someone else's session.)
 */
final class Migrations {
    private static final List<String> FILES = List.of("V1__people_and_photos.sql", "V2__counts_apart.sql");

    /** Any number that no other user of this database locks: "photos" in ASCII. */
    private static final long LOCK = 0x70686f746f73L;

    private Migrations() {}

    /** How many files were applied. */
    static int apply(Database database) throws SQLException {
        return database.transaction(Migrations::applyIn);
    }

    private static int applyIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
            Set<String> done = new HashSet<>(Database.list(connection, "SELECT name FROM migrations", row -> row.getString(1)));
            int applied = 0;
            for (String file : FILES) {
                if (!done.contains(file)) {
                    statement.execute(text(file));
                    Database.run(connection, "INSERT INTO migrations (name) VALUES (?)", file);
                    applied++;
                }
            }
            return applied;
        }
    }

    private static String text(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("migration " + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
