package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.wire.RealPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the PostgreSQL router takes for harmless is what the embedded server's own catalogue says. */
class HarmlessFunctionsTest {
    /** Names of pg_catalog of which every function is immutable or stable, and at least one takes and gives only what SQL can hand over. */
    private static final String CANDIDATES = """
            WITH internal AS (SELECT array_agg(t.oid) AS types FROM pg_type t WHERE t.typname IN ('internal', 'cstring', 'trigger', 'event_trigger') OR t.typname LIKE '%\\_handler')
            SELECT p.proname FROM pg_proc p, internal
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind <> 'p'
            GROUP BY p.proname
            HAVING bool_and(p.provolatile IN ('i', 's')) AND bool_or(NOT p.proargtypes::oid[] && internal.types AND p.prorettype <> ALL (internal.types))""";

    @TempDir
    private Path folder;

    @Test
    void theListIsWhatTheCatalogueSays_andTheCataloguesQueryRuns() throws Exception {
        try (RealPostgres postgres = RealPostgres.start(folder, List.of(), false); Connection connection = postgres.admin(); Statement statement = connection.createStatement()) {
            assertThat(lines("harmless-functions.txt")).containsExactlyElementsOf(wanted(names(statement, CANDIDATES)));
            statement.execute("CREATE FUNCTION f() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
                    + "CREATE FUNCTION nextval(text) RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'; CREATE UNLOGGED TABLE u (a serial)");
            assertThat(names(statement, "SELECT kind || ' ' || name FROM (" + Catalogue.QUERY + ") AS q(kind, name)"))
                    .contains("harmless f", "volatile g", "volatile nextval", "primary u", "primary u_a_seq");
        }
    }

    private static TreeSet<String> wanted(List<String> candidates) throws IOException {
        List<String> rules = lines("function-rules.txt");
        TreeSet<String> wanted = new TreeSet<>(candidates);
        rules.stream().filter(rule -> rule.startsWith("- ")).map(rule -> rule.substring(2).replace("*", ".*")).forEach(rule -> wanted.removeIf(name -> name.matches(rule)));
        rules.stream().filter(rule -> rule.startsWith("+ ")).map(rule -> rule.substring(2)).forEach(wanted::add);
        return wanted;
    }

    private static List<String> names(Statement statement, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = CachedStatementReader.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
