package dev.banyan.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.Proof;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins to a real PostgreSQL, by each of its methods, with and without TLS. */
class ServerOpeningTest {
    private static final String PASSWORD = "päss, wörd=1";
    private static final List<String> HBA = List.of(
            "hostssl all tls_only 127.0.0.1/32 scram-sha-256",
            "host all tls_only 127.0.0.1/32 reject",
            "host all scram 127.0.0.1/32 scram-sha-256",
            "host all hashed 127.0.0.1/32 md5",
            "host all clear 127.0.0.1/32 password",
            "host all trusted 127.0.0.1/32 trust",
            "host all refused 127.0.0.1/32 reject");

    @TempDir
    static Path folder;

    static RealPostgres server;
    static Loops loops;
    static EventLoop loop;

    @BeforeAll
    static void start() throws Exception {
        server = RealPostgres.start(folder, HBA, true);
        server.execute("create role scram login password '" + PASSWORD + "'", "create role clear login password '" + PASSWORD + "'", "create role trusted login",
                "create role tls_only login password '" + PASSWORD + "'", "create role refused login", "set password_encryption = md5; create role hashed login password '" + PASSWORD + "'");
        loops = Loops.open(dev.banyan.net.IoKind.best(), 1);
        loop = loops.transport().loops().next();
    }

    @AfterAll
    static void stop() {
        loops.close();
        server.close();
    }

    record Outcome(boolean encrypted, ServerWelcome welcome, PostgresError why, boolean reachable) {}

    static Login login(String user, Proof proof) {
        return new Login(user, "postgres", 0, Map.of(), proof);
    }

    static Proof password(String text) {
        return new Proof.Password(new Secret(text));
    }

    static Outcome open(ServerTls tls, Member member, Login login, Map<String, String> parameters) throws Exception {
        return open(tls, member, login, parameters, Duration.ofSeconds(60));
    }

    private static Outcome open(ServerTls tls, Member member, Login login, Map<String, String> parameters, Duration limit) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        new ServerOpening(loops.transport(), tls, limit, limit, loops.blocking(), Loops.secrets()).open(loop, member, login, parameters, new Opened() {
            @Override
            public void opened(Channel channel, ServerWelcome welcome) {
                assertThat(channel.config().isAutoRead()).isFalse();
                outcome.complete(new Outcome(channel.pipeline().get(SslHandler.class) != null, welcome, null, true));
                channel.close();
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                outcome.complete(new Outcome(false, null, why, reachable));
            }
        });
        return outcome.get(60, TimeUnit.SECONDS);
    }

    private static ServerTls tls(String mode) {
        return ServerTls.of(mode.startsWith("verify") ? Map.of("sslmode", mode, "sslrootcert", folder.resolve("server.crt").toString()) : Map.of("sslmode", mode));
    }

    @ParameterizedTest
    @CsvSource({
        "scram, disable, false", "scram, prefer, true", "scram, require, true", "scram, verify-ca, true", "scram, verify-full, true",
        "hashed, disable, false", "hashed, require, true", "clear, disable, false", "clear, require, true", "trusted, disable, false", "trusted, prefer, true",
        "tls_only, prefer, true"
    })
    void logsIn(String user, String mode, boolean encrypted) throws Exception {
        try (ServerTls tls = tls(mode)) {
            Outcome outcome = open(tls, server.member(), login(user, password(PASSWORD)), Map.of("application_name", "Bänyan"));
            assertThat(outcome.why).isNull();
            assertThat(outcome.encrypted).isEqualTo(encrypted);
            assertThat(outcome.welcome.parameters()).containsEntry("server_version", "17.11").containsKeys("client_encoding", "standard_conforming_strings", "TimeZone");
            assertThat(outcome.welcome.key()).hasSize(4);
            assertThat(outcome.welcome.processId()).isPositive();
        }
    }

    @Test
    void logsInWithWhatAClientsScramLoginLeft_thoughNobodyKnowsThePassword() throws Exception {
        String stored;
        try (var connection = server.admin(); var rows = connection.createStatement().executeQuery("select rolpassword from pg_authid where rolname = 'scram'")) {
            rows.next();
            stored = rows.getString(1);
        }
        Verifier.Scram verifier = (Verifier.Scram) StoredSecret.read(stored).orElseThrow();
        var keys = ScramSha256.keys(PASSWORD, verifier.salt(), verifier.iterations());
        assertThat(keys.serverKey()).as("our sums are PostgreSQL's").isEqualTo(verifier.serverKey());
        try (ServerTls tls = tls("require")) {
            Proof proof = new Proof.ScramKeys(keys.clientKey(), verifier.serverKey());
            assertThat(open(tls, server.member(), login("scram", proof), Map.of()).why).isNull();
            Outcome hashed = open(tls, server.member(), login("hashed", proof), Map.of());
            assertThat(hashed.why.message()).startsWith("server db-1 at 127.0.0.1:" + server.member().address().port() + " asks for an md5 answer of user \"hashed\", but the router has only what the client's SCRAM login left; give");
            byte[] other = keys.serverKey().clone();
            other[0] ^= 1;
            assertThat(open(tls, server.member(), login("scram", new Proof.ScramKeys(keys.clientKey(), other)), Map.of()).why.message()).contains("did not prove that it knows");
        }
    }

    @Test
    void logsInWithAnMd5Verifier() throws Exception {
        Proof proof = new Proof.Md5(new Secret(Passwords.md5Verifier("hashed", PASSWORD)));
        assertThat(open(ServerTls.none(), server.member(), login("hashed", proof), Map.of()).why).isNull();
        assertThat(open(ServerTls.none(), server.member(), login("scram", proof), Map.of()).why.state()).isEqualTo("28000");
    }

    @Test
    void keepsTheServersSqlstateAndMessage() throws Exception {
        Outcome wrong = open(ServerTls.none(), server.member(), login("scram", password("other")), Map.of());
        assertThat(wrong.why.state()).isEqualTo("28P01");
        assertThat(wrong.why.message()).isEqualTo("password authentication failed for user \"scram\"");
        assertThat(wrong.reachable).isTrue();
        Outcome none = open(ServerTls.none(), server.member(), new Login("trusted", "nowhere", 0, Map.of(), password("")), Map.of());
        assertThat(none.why.state()).isEqualTo("3D000");
        assertThat(open(ServerTls.none(), server.member(), login("tls_only", password(PASSWORD)), Map.of()).why.state()).isEqualTo("28000");
        assertThat(open(ServerTls.none(), server.member(), login("trusted", password("")), Map.of("no_such_setting", "1")).why.state()).isEqualTo("42704");
    }

    @Test
    void tellsThatNothingListens_andThatNothingAnswers() throws Exception {
        Member nobody = new Member("db-9", new HostPort("127.0.0.1", 1));
        Outcome refused = open(ServerTls.none(), nobody, login("scram", password("")), Map.of());
        assertThat(refused.why.state()).isEqualTo("08001");
        assertThat(refused.why.message()).startsWith("server db-9 at 127.0.0.1:1 cannot be reached: ").contains("Connection refused");
        assertThat(refused.reachable).isFalse();
        try (ServerSocket silent = new ServerSocket(0)) {
            Member mute = new Member("db-8", new HostPort("127.0.0.1", silent.getLocalPort()));
            Outcome tooSlow = open(ServerTls.none(), mute, login("scram", password("")), Map.of(), Duration.ofSeconds(2));
            assertThat(tooSlow.why.message()).isEqualTo("server " + mute + " did not finish the login after 2000 ms");
            assertThat(tooSlow.reachable).isFalse();
        }
    }

    @Test
    void refusesAnotherCertificate_andAnotherName() throws Exception {
        Path other = folder.resolve("other.crt");
        java.nio.file.Files.writeString(other, dev.banyan.net.LocalCertificate.make(java.time.Instant.now()).certificatePem());
        try (ServerTls tls = ServerTls.of(Map.of("sslmode", "verify-ca", "sslrootcert", other.toString()))) {
            Outcome outcome = open(tls, server.member(), login("scram", password(PASSWORD)), Map.of());
            assertThat(outcome.why.state()).isEqualTo("08001");
            assertThat(outcome.why.message()).startsWith("the TLS handshake with server db-1 at ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelsWhatRuns(boolean encrypted) throws Exception {
        try (ServerTls tls = tls(encrypted ? "require" : "disable")) {
            CompletableFuture<PostgresError> cancelled = new CompletableFuture<>();
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            new ServerOpening(loops.transport(), tls, Duration.ofSeconds(60), Duration.ofSeconds(60), loops.blocking(), Loops.secrets())
                    .open(loop, server.member(), login("scram", password(PASSWORD)), Map.of(), new Opened() {
                        @Override
                        public void opened(Channel channel, ServerWelcome welcome) {
                            MonitorConnection.over(channel, server.member(), Duration.ofSeconds(60)).ask("select pg_sleep(59)", answer(cancelled));
                            new ServerCancel(loops.transport(), tls, Duration.ofSeconds(5)).send(loop, server.member(), welcome, encrypted, () -> done.complete(true));
                        }

                        @Override
                        public void failed(PostgresError why, boolean reachable) {
                            done.completeExceptionally(new AssertionError(why.message()));
                        }
                    });
            assertThat(done.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(cancelled.get(60, TimeUnit.SECONDS).state()).isEqualTo("57014");
        }
    }

    private static MonitorConnection.Answer answer(CompletableFuture<PostgresError> failure) {
        return new MonitorConnection.Answer() {
            @Override
            public void rows(List<List<String>> rows) {
                failure.complete(PostgresError.error("00000", rows.toString()));
            }

            @Override
            public void failed(PostgresError why) {
                failure.complete(why);
            }
        };
    }

    private static MonitorConnection monitor(Duration limit) throws Exception {
        CompletableFuture<MonitorConnection> opened = new CompletableFuture<>();
        var opening = new ServerOpening(loops.transport(), ServerTls.none(), Duration.ofSeconds(60), Duration.ofSeconds(60), loops.blocking(), Loops.secrets());
        MonitorConnection.open(opening, loop, server.member(), login("scram", password(PASSWORD)), Map.of(), limit, new MonitorConnection.Ready() {
            @Override
            public void ready(MonitorConnection connection) {
                opened.complete(connection);
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                opened.completeExceptionally(new AssertionError(why.message()));
            }
        });
        return opened.get(60, TimeUnit.SECONDS);
    }

    private static String asked(MonitorConnection connection, String sql) throws Exception {
        CompletableFuture<PostgresError> answer = new CompletableFuture<>();
        connection.ask(sql, answer(answer));
        PostgresError said = answer.get(60, TimeUnit.SECONDS);
        return said.state() + " " + said.message();
    }

    @Test
    void answersQuestionsOneAfterTheOther() throws Exception {
        MonitorConnection connection = monitor(Duration.ofSeconds(60));
        assertThat(asked(connection, "select 1, null, 'ä' union all select 2, 'b', ''; select 3")).isEqualTo("00000 [[1, , ä], [2, b, ], [3]]");
        assertThat(asked(connection, "select 1/0")).isEqualTo("22012 division by zero");
        assertThat(asked(connection, "")).isEqualTo("00000 []");
        List<CompletableFuture<PostgresError>> answers = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(new CompletableFuture<>());
            connection.ask("select " + i, answer(answers.get(i)));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(answers.get(i).get(60, TimeUnit.SECONDS).message()).isEqualTo("[[" + i + "]]");
        }
        connection.close();
        assertThat(asked(connection, "select 1")).startsWith("08003 the connection to server db-1 at ");
    }

    @Test
    void closesWhenAnAnswerIsTooLong_orTooLate_orNoAnswerAtAll() throws Exception {
        MonitorConnection tooLong = monitor(Duration.ofSeconds(60));
        assertThat(asked(tooLong, "select repeat('x', 70000)")).startsWith("54000 ").endsWith("answered more than 65536 bytes");
        assertThat(asked(monitor(Duration.ofSeconds(60)), "select repeat('x', 1000) from generate_series(1, 100)")).startsWith("54000 ");
        assertThat(asked(monitor(Duration.ofMillis(100)), "select pg_sleep(5)")).startsWith("57014 ").endsWith("did not answer within 100 ms");
        assertThat(asked(monitor(Duration.ofSeconds(60)), "copy (select 1) to stdout")).startsWith("08P01 ");
        assertThat(asked(monitor(Duration.ofSeconds(60)), "select pg_terminate_backend(pg_backend_pid())")).startsWith("57P01 ");
    }

    @Test
    void manyQuestionsAreRefused_notKept() throws Exception {
        MonitorConnection connection = monitor(Duration.ofSeconds(60));
        CompletableFuture<PostgresError> last = new CompletableFuture<>();
        loop.execute(() -> {
            for (int i = 0; i <= MonitorConnection.MOST_WAITING; i++) {
                connection.ask("select pg_sleep(0.001)", answer(new CompletableFuture<>()));
            }
            connection.ask("select 1", answer(last));
        });
        assertThat(last.get(60, TimeUnit.SECONDS).state()).isEqualTo("53400");
        connection.close();
    }

    @Test
    void saysHowTheSettingsOfTlsAreWrong() {
        assertThat(HexFormat.of().formatHex(Strangers.of(Loops.secrets()).verifier("x").salt())).hasSize(32);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> ServerTls.of(Map.of("sslmode", "maybe")))
                .hasMessage("database.url: sslmode is disable, prefer, require, verify-ca or verify-full, not 'maybe'");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> ServerTls.of(Map.of("sslmode", "verify-full"))).hasMessageContaining("needs sslrootcert=FILE");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> ServerTls.of(Map.of("sslmode", "require", "sslrootcert", "system"))).hasMessageContaining("must be verify-full");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> ServerTls.of(Map.of("sslmode", "require", "sslrootcert", "/no/such")))
                .hasMessage("database.url: sslrootcert /no/such cannot be read as PEM certificates: there is no such file");
    }
}
