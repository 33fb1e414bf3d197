package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Compares the reader with PostgreSQL's own parser: what the reader proves to read only, the parse tree must allow, and both must see the same
 * verb and number of statements. The other way round, a read that is not proved, costs speed only and is counted.
 */
class OracleTest {
    private static final Catalogue CATALOGUE = new Catalogue(Set.of("my_volatile"), Set.of("my_stable"), Set.of("my_unlogged"));
    /** A folder of PostgreSQL's regression tests ({@code src/test/regress/sql}), which are not part of this tree. */
    private static final String REGRESSION = "BANYAN_POSTGRES_REGRESSION";
    private static final int GENERATED = 100_000;

    private static Optional<PgQuery> parser;

    private final ParseTreeVerdict verdict = new ParseTreeVerdict(CATALOGUE);
    private final CachedStatementReader reader = new CachedStatementReader(() -> CATALOGUE, 10_000, Texts.SEED);
    private final List<String> wrong = new ArrayList<>();
    private int accepted;
    private int queries;
    private int allowed;
    private int proved;

    @BeforeAll
    static void findTheLibrary() {
        parser = PgQuery.find();
    }

    @Test
    void agreesWithPostgresOnTheTable() throws IOException {
        assumeThat(parser).as(PgQuery.ABSENT).isPresent();
        try (InputStream in = OracleTest.class.getResourceAsStream("statements.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                int bar = line.indexOf(" | ");
                if (!line.startsWith("#") && bar >= 0 && !line.contains("scs=off")) {
                    compare(line.substring(bar + 3).replace("⏎", "\n"));
                }
            }
        }
        report("statements.txt");
        assertThat(accepted).isGreaterThan(300);
    }

    @Test
    void agreesWithPostgresOnGeneratedStatements() {
        assumeThat(parser).as(PgQuery.ABSENT).isPresent();
        StatementGenerator generator = new StatementGenerator(new Random(Texts.SEED));
        for (int i = 0; i < GENERATED; i++) {
            compare(generator.next());
        }
        report(GENERATED + " generated statements");
        assertThat(accepted).isGreaterThan(GENERATED / 2);
        assertThat(proved).isGreaterThan(allowed * 8 / 10);
    }

    @Test
    void agreesWithPostgresOnItsRegressionTests() throws IOException {
        assumeThat(parser).as(PgQuery.ABSENT).isPresent();
        Path folder = Path.of(Optional.ofNullable(System.getenv(REGRESSION)).orElse("target/regression"));
        assumeThat(Files.isDirectory(folder)).as("no folder " + folder + ": name PostgreSQL's src/test/regress/sql by " + REGRESSION).isTrue();
        try (Stream<Path> scripts = Files.list(folder)) {
            for (Path script : scripts.filter(p -> p.toString().endsWith(".sql")).sorted().toList()) {
                for (String statement : statements(Files.readString(script, StandardCharsets.ISO_8859_1))) {
                    compare(statement);
                }
            }
        }
        report("PostgreSQL's regression tests");
    }

    /** A psql script's statements, without its own commands and the data of COPY. */
    private static List<String> statements(String script) {
        StringBuilder sql = new StringBuilder();
        boolean data = false;
        for (String line : script.lines().toList()) {
            if (data) {
                data = !line.equals("\\.");
            } else if (!line.startsWith("\\")) {
                sql.append(line.replaceFirst("\\\\(g|gset|gexec|gdesc|crosstabview|bind|;).*$", ";")).append('\n');
                data = line.toLowerCase(Locale.ROOT).matches("copy .* from stdin.*;\\s*");
            }
        }
        return parser.orElseThrow().split(sql.toString()).orElse(List.of());
    }

    private void compare(String sql) {
        Optional<JsonNode> tree = parser.orElseThrow().parse(sql);
        Statement statement = Texts.read(reader, sql, true);
        if (tree.isEmpty()) {
            return;
        }
        accepted++;
        int count = tree.get().size();
        if (count != statement.count()) {
            wrong.add(count + " statements, not " + statement.count() + ": " + sql);
            return;
        }
        Verb verb = count == 0 ? Verb.EMPTY : count > 1 ? Verb.OTHER : verdict.verb(tree.get().path(0).path("stmt"));
        if (verb != statement.verb()) {
            wrong.add(verb + ", not " + statement.verb() + ": " + sql);
        }
        String danger = verdict.danger(tree.get());
        queries += verb == Verb.QUERY ? 1 : 0;
        allowed += danger.isEmpty() ? 1 : 0;
        proved += statement.readsOnly() ? 1 : 0;
        if (statement.readsOnly() && !danger.isEmpty()) {
            wrong.add("proved, though " + danger + ": " + sql);
        }
        if (!statement.readsOnly() && danger.isEmpty() && System.getenv("BANYAN_UNPROVED") != null) {
            System.out.println("UNPROVED " + statement.whyNot() + ": " + sql.replace('\n', ' '));
        }
    }

    private void report(String what) {
        System.out.println(what + ": " + accepted + " accepted by PostgreSQL's grammar, " + queries + " queries, " + allowed + " may be taken for reads, " + proved + " are proved");
        assertThat(wrong).isEmpty();
    }
}
