package dev.banyan.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.LocalCertificate;
import dev.banyan.net.Loops;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Proof;
import dev.banyan.topology.Secret;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** psql and pgjdbc log in here, with users from a map and from a real server's catalogue; what SCRAM leaves opens a connection to that server. */
class RealClientsTest {
    private static final String PASSWORD = "päss wörd'\\";
    private static final Path PSQL = Path.of("/usr/bin/psql");

    @TempDir
    static Path folder;

    static RealPostgres server;
    static Loops loops;
    static ClientTls tls;
    static ServerOpening opening;
    static Channel listener;
    static final BlockingQueue<Login> LOGINS = new LinkedBlockingQueue<>();
    static final BlockingQueue<String> CANCELS = new LinkedBlockingQueue<>();

    static boolean psqlIsThere() {
        return Files.isExecutable(PSQL);
    }

    @BeforeAll
    static void start() throws Exception {
        server = RealPostgres.start(folder, List.of("host all known 127.0.0.1/32 scram-sha-256"), false);
        server.execute("create role known login password 'päss wörd''\\'", "create role expired login password 'x' valid until '2020-01-01'", "create role nologin password 'x'", "create role nopassword login");
        loops = Loops.open(IoKind.best(), 1);
        tls = ClientTls.of(LocalCertificate.make(Instant.now()).identity());
        opening = new ServerOpening(loops.transport(), ServerTls.none(), Duration.ofSeconds(60), Duration.ofSeconds(60), loops.blocking(), Loops.secrets());
        var lookup = new ServerLookup(opening, loops.transport().loops().next(), () -> Optional.of(server.member()),
                new Login("admin", "postgres", 0, Map.of(), new Proof.Password(new Secret(""))), Duration.ofSeconds(5));
        Map<String, Secret> known = Map.of(
                "plain", new Secret(PASSWORD), "hashed", new Secret(Passwords.md5Verifier("hashed", PASSWORD)));
        Users users = Users.chain(List.of(new KnownUsers(known, loops.blocking(), Loops.secrets()), new CatalogueUsers(lookup, Clock.system(), Duration.ofSeconds(5), 100)));
        Greetings greetings = new Greetings(users, Strangers.of(Loops.secrets()), Optional.of(tls), false, new Door(), Duration.ofSeconds(20), Loops.secrets());
        listener = new ServerBootstrap()
                .group(loops.transport().loops())
                .channelFactory(loops.transport().listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientGreeting(greetings));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
    }

    @AfterAll
    static void stop() {
        listener.close().syncUninterruptibly();
        loops.close();
        tls.close();
        server.close();
    }

    private static int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Lets clients in and answers every statement with "done". */
    private static final class Door implements Arrivals {
        @Override
        public void arrived(Channel channel, Login login, ByteBuf rest) {
            LOGINS.add(login);
            ByteBuf out = channel.alloc().buffer();
            Map<String, String> parameters = Map.of("server_version", "17.0", "client_encoding", "UTF8", "server_encoding", "UTF8", "DateStyle", "ISO", "integer_datetimes", "on", "standard_conforming_strings", "on", "TimeZone", "UTC");
            parameters.forEach((name, value) -> out.writeBytes(Wire.message('S', Wire.utf8(name + "\0" + value + "\0"))));
            out.writeBytes(Wire.message('K', Wire.int32(4711), Wire.int32(42))).writeBytes(Wire.message('Z', Wire.utf8("I")));
            assertThat(rest.isReadable()).as("these clients wait for what they are told").isFalse();
            rest.release();
            channel.pipeline().addLast(new Statements());
            channel.writeAndFlush(out);
        }

        @Override
        public void cancel(int processId, byte[] key, Runnable done) {
            CANCELS.add(processId + ":" + key.length);
            done.run();
        }
    }

    private static final class Statements extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> unused) {
            if (in.readableBytes() < 5 || in.readableBytes() < 1 + in.getInt(in.readerIndex() + 1)) {
                return;
            }
            char type = (char) in.readByte();
            in.skipBytes(in.getInt(in.readerIndex()));
            byte[] ready = Wire.message('Z', Wire.utf8("I"));
            byte[] answer = switch (type) {
                case 'P' -> Wire.message('1');
                case 'B' -> Wire.message('2');
                case 'D' -> Wire.message('n');
                case 'E' -> Wire.message('C', Wire.utf8("SET\0"));
                case 'Q' -> Wire.join(Wire.message('C', Wire.utf8("DONE\0")), ready);
                case 'S' -> ready;
                default -> new byte[0];
            };
            ctx.writeAndFlush(Unpooled.wrappedBuffer(answer));
            if (type == 'X') {
                ctx.close();
            }
        }
    }

    record Said(int exit, String text) {}

    private static Said psql(String user, String password, String... settings) throws Exception {
        String connection = "host=127.0.0.1 port=" + port() + " user=" + user + " dbname=postgres connect_timeout=10 " + String.join(" ", settings);
        ProcessBuilder psql = new ProcessBuilder(PSQL.toString(), "-X", "-w", "-c", "begin", connection).redirectErrorStream(true);
        psql.environment().put("PGPASSWORD", password);
        psql.environment().put("LC_ALL", "C.UTF-8");
        Process process = psql.start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), text);
    }

    @ParameterizedTest
    @EnabledIf("psqlIsThere")
    @CsvSource({
        "plain, sslmode=disable", "plain, sslmode=prefer", "plain, sslmode=require", "plain, sslmode=require channel_binding=require", "plain, sslmode=disable gssencmode=disable",
        "hashed, sslmode=disable", "hashed, sslmode=require", "known, sslmode=disable", "known, sslmode=require channel_binding=require"
    })
    void psqlLogsIn(String user, String settings) throws Exception {
        LOGINS.clear();
        assertThat(psql(user, PASSWORD, settings, "application_name=ring")).isEqualTo(new Said(0, "DONE"));
        assertThat(LOGINS.poll(60, TimeUnit.SECONDS)).satisfies(login -> {
            assertThat(login.user()).isEqualTo(user);
            assertThat(login.settings()).containsEntry("application_name", "ring");
        });
    }

    @ParameterizedTest
    @EnabledIf("psqlIsThere")
    @ValueSource(strings = {"plain", "hashed", "known", "expired", "nologin", "nopassword", "nobody"})
    void psqlShowsWhoGotThePasswordWrong(String user) throws Exception {
        Said said = psql(user, "wrong", "sslmode=disable");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.text()).endsWith("FATAL:  password authentication failed for user \"" + user + "\"");
    }

    @Test
    @EnabledIf("psqlIsThere")
    void psqlShowsOtherRefusals() throws Exception {
        assertThat(psql("plain", PASSWORD, "sslmode=disable", "replication=maybe").text()).contains("FATAL:  invalid value for parameter \"replication\"");
        assertThat(psql("plain", PASSWORD, "sslmode=disable", "options='-d 5'").text()).contains("FATAL:  invalid command-line argument in \"options\": -d; settings are given as -c name=value");
    }

    private static Connection jdbc(String user, String password, Map<String, String> properties) throws SQLException {
        var all = new java.util.Properties();
        all.putAll(new HashMap<>(properties));
        all.put("user", user);
        all.put("password", password);
        all.put("loginTimeout", "60");
        all.put("sslResponseTimeout", "60000");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/postgres", all);
    }

    @ParameterizedTest
    @CsvSource({"plain, disable, prefer", "plain, require, require", "hashed, disable, disable", "hashed, require, disable", "known, disable, disable", "known, require, require"})
    void pgjdbcLogsIn(String user, String sslmode, String binding) {
        assertThatCode(() -> jdbc(user, PASSWORD, Map.of("sslmode", sslmode, "channelBinding", binding)).close()).doesNotThrowAnyException();
    }

    @Test
    void pgjdbcLogsInByDirectTls_andCancels() throws Exception {
        try (Connection connection = jdbc("plain", PASSWORD, Map.of("sslmode", "require", "sslNegotiation", "direct")); var statement = connection.createStatement()) {
            CANCELS.clear();
            statement.execute("begin");
            connection.unwrap(org.postgresql.PGConnection.class).cancelQuery();
            assertThat(CANCELS.poll(60, TimeUnit.SECONDS)).isEqualTo("4711:4");
        }
    }

    @Test
    void pgjdbcIsToldTheSqlstate() {
        assertThatThrownBy(() -> jdbc("plain", "wrong", Map.of("sslmode", "disable"))).isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void whatAClientsLoginLeftOpensAConnectionToTheServer() throws Exception {
        LOGINS.clear();
        jdbc("known", PASSWORD, Map.of("sslmode", "disable")).close();
        Login login = LOGINS.poll(60, TimeUnit.SECONDS);
        assertThat(login.proof()).isInstanceOf(Proof.ScramKeys.class);
        BlockingQueue<String> outcome = new LinkedBlockingQueue<>();
        opening.open(loops.transport().loops().next(), server.member(), login, Map.of(), new Opened() {
            @Override
            public void opened(Channel channel, ServerWelcome welcome) {
                channel.close();
                outcome.add("opened");
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                outcome.add(why.message());
            }
        });
        assertThat(outcome.poll(60, TimeUnit.SECONDS)).isEqualTo("opened");
    }

    @Test
    void manyLogInAtATime() throws Exception {
        List<Connection> open = new ArrayList<>();
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var logins = java.util.stream.IntStream.range(0, 30).mapToObj(i -> threads.submit(() -> jdbc(List.of("plain", "hashed", "known").get(i % 3), PASSWORD, Map.of("sslmode", i % 2 == 0 ? "disable" : "require")))).toList();
            for (var login : logins) {
                open.add(login.get(60, TimeUnit.SECONDS));
            }
        }
        assertThat(open).hasSize(30);
        for (Connection connection : open) {
            connection.close();
        }
    }
}
