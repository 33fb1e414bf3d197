package dev.banyan.postgres.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.Proof;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What strangers' bytes can do before there is a session, on both sides. Seeds are replayed with the tests; {@code JAZZER_FUZZ=1} explores one
 * target a run. Holds for all: no exception, an end that does not depend on how the bytes were cut, no more kept than a bound.
 */
class StartupFuzzTest {
    private static final Member SERVER = new Member("db-1", new HostPort("127.0.0.1", 5432));

    @FuzzTest(maxDuration = "2m")
    void client(byte[] bytes) {
        String whole = greeted(bytes, Math.max(1, bytes.length));
        String slow = greeted(bytes, 1);
        // Together with a request for encryption anything is an attack, one after the other it may not be.
        require(whole.equals(slow) || whole.equals("closed") && slow.startsWith("N"), whole + ", but byte by byte " + slow);
        require(!whole.contains("in:"), "let in without a proof");
    }

    private static String greeted(byte[] bytes, int step) {
        try (Visit visit = new Visit()) {
            for (int at = 0; at < bytes.length && visit.channel.isOpen(); at += step) {
                visit.send(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
            }
            require(visit.told == null || !visit.told.state().equals("XX000"), "our own bug: " + visit.told);
            return visit.outcome();
        }
    }

    /** A client that has asked for a session and now answers strangely. */
    @FuzzTest(maxDuration = "2m")
    void answer(byte[] bytes) {
        for (String user : List.of("ada", "eve")) {
            client(Wire.join(Wire.start("user", user), bytes));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void options(byte[] options) {
        try {
            StartupOptions.read(new String(options, StandardCharsets.UTF_8)).forEach((name, value) -> require(!name.isEmpty(), "a setting without a name"));
        } catch (Refused e) {
            require(e.why().state().equals("42601"), "another SQLSTATE");
        }
    }

    /** A server that answers a login strangely. */
    @FuzzTest(maxDuration = "2m")
    void server(byte[] bytes) {
        for (Proof proof : List.of(new Proof.Password(new Secret("x")), new Proof.ScramKeys(new byte[32], new byte[32]), new Proof.Md5(new Secret("md5" + "0".repeat(32))))) {
            String whole = opened(proof, bytes, Math.max(1, bytes.length));
            String slow = opened(proof, bytes, 1);
            require(whole.equals(slow), whole + ", but byte by byte " + slow);
        }
    }

    private static String opened(Proof proof, byte[] bytes, int step) {
        List<String> end = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel();
        Login login = new Login("ada", "ada", 0, Map.of(), proof);
        Opened opened = new Opened() {
            @Override
            public void opened(Channel ready, ServerWelcome welcome) {
                end.add("opened " + welcome.parameters() + welcome.key().length);
                ready.close();
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                end.add("failed " + why.state());
            }
        };
        var exchange = new ServerExchange(SERVER, login, false, Optional.empty(), Visit.SECRETS);
        channel.pipeline().addLast(new ServerLogin(SERVER, login, Map.of(), exchange, new ScramKeyCache(Runnable::run), opened));
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.finishAndReleaseAll();
        require(end.size() == 1, "told " + end.size() + " times");
        return end.getFirst();
    }

    /** A server that answers a question strangely. */
    @FuzzTest(maxDuration = "2m")
    void monitor(byte[] bytes) {
        String whole = asked(bytes, Math.max(1, bytes.length));
        String slow = asked(bytes, 1);
        require(whole.equals(slow), whole + ", but byte by byte " + slow);
    }

    private static String asked(byte[] bytes, int step) {
        List<String> end = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel();
        MonitorConnection.over(channel, SERVER, Duration.ofSeconds(1)).ask("select 1", new MonitorConnection.Answer() {
            @Override
            public void rows(List<List<String>> rows) {
                end.add(rows.toString());
            }

            @Override
            public void failed(PostgresError why) {
                end.add(why.state());
            }
        });
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.finishAndReleaseAll();
        require(end.size() == 1, "told " + end.size() + " times");
        return end.getFirst();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
