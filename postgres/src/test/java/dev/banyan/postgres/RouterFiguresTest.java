package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.KnownUsers;
import dev.banyan.postgres.wire.RealPostgres;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.ServerTls;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Traces;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router says of itself, with a real server behind it and real clients before it. */
class RouterFiguresTest {
    @TempDir
    static Path folder;

    private static final BlockingQueue<SlowStatement> SLOW = new LinkedBlockingQueue<>();
    private static final Registry REGISTRY = new Registry(Clock.system());

    private static RealPostgres server;
    private static Loops loops;
    private static PostgresRouter router;

    @BeforeAll
    static void open() throws Exception {
        server = RealPostgres.start(folder, List.of("host all ann,bob 127.0.0.1/32 scram-sha-256"), false);
        server.execute("CREATE USER ann PASSWORD 'secret'", "CREATE USER bob PASSWORD 'secret'", "CREATE TABLE notes (id int, text text)",
                "GRANT ALL ON notes TO ann, bob", "CREATE FUNCTION touch() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'");
        loops = Loops.open(IoKind.best(), 2);
        router = router(settings(Routers.defaults().pool()), REGISTRY);
    }

    private static PostgresRouter router(DatabaseRouter settings, Registry registry) {
        Login monitor = new Login("ann", "postgres", 0, Map.of(), new Proof.Password(new Secret("secret")));
        PostgresRouter made = PostgresRouter.of(new PostgresRouter.Setup(
                settings, new KnownUsers(Map.of("ann", new Secret("secret"), "bob", new Secret("secret")), loops.blocking(), Loops.secrets()), Optional.empty(),
                new ServerOpening(loops.transport(), ServerTls.none(), Duration.ofSeconds(5), Duration.ofSeconds(5), loops.blocking(), Loops.secrets()),
                new ServerCancel(loops.transport(), ServerTls.none(), Duration.ofSeconds(5)), () -> monitor, () -> Catalogue.NONE, loops.transport(), Clock.system(), Loops.random(1),
                Loops.secrets(), registry, Set.of("ann"), SLOW::add, _ -> {}, Throwable::printStackTrace));
        made.use(Cluster.of(server.member()));
        return made.open();
    }

    private static DatabaseRouter settings(DatabaseRouter.Pool pool) {
        DatabaseRouter base = Routers.defaults();
        return new DatabaseRouter(new HostPort("127.0.0.1", 0), base.tls(), base.usersFile(), base.mode(), base.clients(), pool, base.reads(),
                base.preparedStatements(), base.statement(), Duration.ofMillis(200));
    }

    @AfterAll
    static void close() {
        router.close();
        loops.close();
        server.close();
    }

    private static Connection connect(String user, String database, String... properties) throws SQLException {
        return connect(router, user, database, properties);
    }

    private static Connection connect(PostgresRouter router, String user, String database, String... properties) throws SQLException {
        Properties all = new Properties();
        all.setProperty("user", user);
        all.setProperty("password", "secret");
        for (int i = 0; i < properties.length; i += 2) {
            all.setProperty(properties[i], properties[i + 1]);
        }
        return DriverManager.getConnection("jdbc:postgresql://" + router.address() + "/" + database, all);
    }

    private static List<Map<String, String>> show(Connection connection, String topic) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery("SHOW " + topic)) {
            while (result.next()) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnName(i), result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void everyTopicIsAnswered_bySimpleAndExtendedQueries() throws SQLException {
        try (Connection client = connect("ann", "postgres", "ApplicationName", "the application"); Statement statement = client.createStatement()) {
            statement.execute("INSERT INTO notes VALUES (1, 'secret of ann')");
            for (String mode : List.of("simple", "extended", "extendedForPrepared")) {
                try (Connection admin = connect("ann", "banyan", "preferQueryMode", mode)) {
                    for (AdminTopic topic : AdminTopic.values()) {
                        List<Map<String, String>> rows = show(admin, topic.name());
                        if (topic != AdminTopic.ADVICE) {
                            assertThat(rows).as("SHOW %s, %s", topic, mode).isNotEmpty();
                            assertThat(rows.getFirst().keySet()).containsExactlyElementsOf(topic.columns());
                        }
                    }
                    assertThat(show(admin, "POOLS")).anySatisfy(pool -> assertThat(pool).containsEntry("user", "ann").containsEntry("server", "db-1").containsEntry("pool_size", "20"));
                    assertThat(show(admin, "CLIENTS")).anySatisfy(one -> assertThat(one).containsEntry("application_name", "the application").containsEntry("state", "idle"));
                    assertThat(show(admin, "SERVERS")).anySatisfy(one -> assertThat(one).containsEntry("state", "idle").containsEntry("server", "db-1"));
                    assertThat(show(admin, "CONFIG")).contains(Map.of("key", "database.router.pool.size", "value", "20"), Map.of("key", "database.router.slow", "value", "200ms"));
                    assertThat(show(admin, "MEMBERS").getFirst()).containsEntry("role", "primary");
                }
            }
        }
    }

    @Test
    void aDriversTransactionsAndPreparedStatementsWorkAtTheVirtualDatabase() throws SQLException {
        try (Connection admin = connect("ann", "banyan", "prepareThreshold", "1")) {
            admin.setAutoCommit(false);
            try (var statement = admin.prepareStatement("SHOW VERSION")) {
                for (int i = 0; i < 3; i++) {
                    try (ResultSet result = statement.executeQuery()) {
                        assertThat(result.next()).isTrue();
                        assertThat(result.getString("version")).startsWith("Banyan ");
                    }
                }
            }
            admin.commit();
            assertThatThrownBy(() -> show(admin, "SECRETS")).hasMessageContaining("SHOW POOLS, SHOW CLIENTS");
            assertThat(show(admin, "HELP")).hasSize(AdminTopic.values().length);
        }
    }

    @Test
    void psqlReadsIt() throws Exception {
        assumeTrue(new File("/usr/bin/psql").canExecute());
        HostPort at = router.address();
        ProcessBuilder psql = new ProcessBuilder("/usr/bin/psql", "-X", "-A", "-t", "-h", at.host(), "-p", "" + at.port(), "-U", "ann", "-d", "banyan", "-c", "SHOW CONFIG", "-c", "SHOW VERSION");
        psql.environment().put("PGPASSWORD", "secret");
        Process process = psql.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("database.router.pool.size|20").contains("Banyan ");
    }

    @Test
    void onlyTheApplicationsUserMayAsk() {
        assertThatThrownBy(() -> connect("bob", "banyan")).hasMessageContaining("user \"bob\" may not ask the router's own database \"banyan\"");
    }

    @Test
    void statementsAreCountedByKind_withoutTheirLiterals() throws Exception {
        try (Connection client = connect("bob", "postgres"); Statement statement = client.createStatement()) {
            for (int i = 0; i < 7; i++) {
                statement.execute("SELECT text FROM notes WHERE id = " + i + " AND text = 'hidden'");
            }
            statement.execute("SELECT touch()");
            assertThatThrownBy(() -> statement.execute("SELECT 1/0")).hasMessageContaining("division by zero");
            client.setAutoCommit(false);
            for (int i = 0; i < 5; i++) {
                try (var prepared = client.prepareStatement("UPDATE notes SET text = ? WHERE id = ?")) {
                    prepared.setString(1, "hidden");
                    prepared.setInt(2, 1);
                    prepared.executeUpdate();
                }
                client.commit();
            }
        }
        StatementStatistics statistics = router.statements().get(60, TimeUnit.SECONDS);
        assertThat(statistics.statements()).noneMatch(each -> each.text().contains("hidden"));
        assertThat(statistics.statements()).anySatisfy(each -> {
            assertThat(each.text()).isEqualTo("select text from notes where id = ? and text = ?");
            assertThat(each.calls()).isEqualTo(7);
            assertThat(each.readsOnly()).isTrue();
        });
        assertThat(statistics.statements()).anySatisfy(each -> {
            assertThat(each.text()).startsWith("update notes set text = ?");
            assertThat(each.calls()).as("not counted as the BEGIN that a driver sends along").isEqualTo(5);
        });
        assertThat(statistics.statements()).anySatisfy(each -> {
            assertThat(each.text()).startsWith("select ? / ?");
            assertThat(each.errors()).isEqualTo(1);
        });
        assertThat(statistics.advice(10)).anySatisfy(each -> {
            assertThat(each.statement().text()).startsWith("select touch");
            assertThat(each.why()).contains("touch");
        });
    }

    @Test
    void aSlowStatementIsTold_withoutItsLiterals() throws Exception {
        try (Connection client = connect("ann", "postgres"); Statement statement = client.createStatement()) {
            statement.execute("SELECT pg_sleep(0.25), 'hidden'");
        }
        SlowStatement slow = SLOW.poll(60, TimeUnit.SECONDS);
        assertThat(slow).isNotNull();
        assertThat(slow.text()).isEqualTo("select pg_sleep(?), ?");
        assertThat(slow.user()).isEqualTo("ann");
        assertThat(slow.server()).isEqualTo("db-1");
        assertThat(slow.nanos()).isBetween(250_000_000L, 60_000_000_000L);
    }

    @Test
    void theRegistryShowsConnectionsAndStatements() throws Exception {
        try (Connection client = connect("ann", "postgres"); Statement statement = client.createStatement()) {
            double before = REGISTRY.snapshot().total("banyan_postgres_statements_total", Labels.of("kind", "read", "place", "primary"));
            for (int i = 0; i < 10; i++) {
                statement.execute("SELECT 1");
            }
            var after = REGISTRY.snapshot();
            assertThat(after.total("banyan_postgres_statements_total", Labels.of("kind", "read", "place", "primary"))).isGreaterThanOrEqualTo(before + 10);
            assertThat(after.total("db_client_connection_count", Labels.of("server", "db-1", "db_client_connection_state", "idle"))).isGreaterThanOrEqualTo(1);
            assertThat(after.total("banyan_postgres_leases_total", Labels.of("server", "db-1"))).isGreaterThanOrEqualTo(10);
            assertThat(after.distribution("db_client_operation_duration_seconds", Labels.of("place", "primary", "server", "db-1", "db_operation_name", "SELECT")).count()).isGreaterThanOrEqualTo(10);
            assertThat(after.total("banyan_postgres_clients", Labels.NONE)).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void aStatementThatSaysForWhatRequestItIs_isASpanOfIt_andTheServerIsToldSo() throws Exception {
        Tracer tracer = Tracer.of(new Traces(Share.parse("0%"), 1), Clock.system(), new Registry(Clock.system()));
        router.tracing(tracer);
        String trace = "0af7651916cd43dd8448eb211c80319c";
        for (String mode : List.of("simple", "extended", "extendedForPrepared")) {
            try (Connection client = connect("ann", "postgres", "preferQueryMode", mode); Statement statement = client.createStatement()) {
                String seen;
                try (ResultSet rows = statement.executeQuery("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() /*traceparent='00-" + trace + "-b7ad6b7169203331-01'*/")) {
                    rows.next();
                    seen = rows.getString(1);
                }
                statement.execute("SELECT 2 /*traceparent='00-" + trace + "-b7ad6b7169203331-00'*/");
                statement.execute("SELECT 3");
                List<Span> spans = new ArrayList<>();
                tracer.take(spans, 100);
                assertThat(spans).as(mode).hasSize(1);
                Span span = spans.getFirst();
                assertThat(span.parent()).isEqualTo(0xb7ad6b7169203331L);
                assertThat(span.name()).isEqualTo("SELECT");
                assertThat(span.attribute("banyan.server")).isEqualTo("db-1");
                assertThat(span.nanos()).isPositive();
                assertThat(seen).as(mode).endsWith("/*traceparent='00-" + trace + "-" + java.util.HexFormat.of().toHexDigits(span.id()) + "-01'*/");
            }
        }
        try (Connection admin = connect("ann", "banyan")) {
            assertThat(show(admin, "STATEMENTS").stream().filter(row -> row.values().stream().anyMatch(value -> value != null && value.contains("from pg_stat_activity where pid = pg_backend_pid")))).hasSize(1);
        }
    }

    @Test
    void clientsOfBothLoopsShareOneConnection_whichGoesBackAndForth() throws Exception {
        Registry figures = new Registry(Clock.system());
        try (PostgresRouter narrow = router(settings(PoolBench.settings().size(1).made()), figures)) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int id = i;
                clients.add(loops.blocking().submit(() -> askManyTimes(narrow, id)));
            }
            for (Future<Integer> client : clients) {
                assertThat(client.get(60, TimeUnit.SECONDS)).isEqualTo(60);
            }
            assertThat(figures.snapshot().total("banyan_postgres_opens_total", Labels.of("server", "db-1"))).as("connections opened in all").isEqualTo(1);
            assertThat(figures.snapshot().total("banyan_postgres_errors_total", Labels.NONE)).isZero();
        }
    }

    /** Transactions with prepared statements and a setting of the session's own; how many gave the right answer. */
    private static int askManyTimes(PostgresRouter narrow, int id) throws SQLException {
        int right = 0;
        try (Connection client = connect(narrow, "ann", "postgres", "prepareThreshold", "1")) {
            try (Statement statement = client.createStatement()) {
                statement.execute("SET app.id = '" + id + "'");
            }
            client.setAutoCommit(false);
            try (var prepared = client.prepareStatement("SELECT ?::int + 1, current_setting('app.id')")) {
                for (int i = 0; i < 60; i++) {
                    prepared.setInt(1, i);
                    try (ResultSet result = prepared.executeQuery()) {
                        result.next();
                        right += result.getInt(1) == i + 1 && result.getInt(2) == id ? 1 : 0;
                    }
                    client.commit();
                }
            }
        }
        return right;
    }
}
