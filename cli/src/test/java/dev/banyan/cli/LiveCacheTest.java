package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.topology.file.SiteFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole site with a cache in this process: the router and real Redis nodes, spoken to by verbs and by a client. */
class LiveCacheTest {
    @TempDir
    private Path folder;

    private Origins origins;
    private LiveSite live;

    @BeforeEach
    void open() throws Exception {
        origins = new Origins("application");
        writeSite(2);
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        assertThat(live.site().begin(new Request.Up()).outcome().get()).isInstanceOf(Outcome.Done.class);
    }

    @AfterEach
    void close() {
        live.close();
        origins.close();
    }

    @Test
    void stage5OpensIt_andShrinkingGivesItBack() throws Exception {
        assertThat(live.cache()).isEmpty();
        assertThat(said("grow", "--to", "5")).contains("done: grow to stage 5");
        assertThat(live.cache()).startsWith("redis://127.0.0.1:");
        JsonNode variables = new JsonMapper().readTree(said("env", "--json"));
        URI url = URI.create(variables.path("REDIS_URL").asString());
        try (Client client = new Client(url)) {
            assertThat(client.say("PING")).startsWith("-NOAUTH");
            assertThat(client.say("AUTH " + url.getUserInfo().substring(1))).isEqualTo("+OK");
            for (int i = 0; i < 100; i++) {
                assertThat(client.say("SET key" + i + " " + i)).isEqualTo("+OK");
            }
            assertThat(client.say("DBSIZE")).isEqualTo(":100");
        }
        assertThat(said("explain", "key", "key7")).contains("no prefix is declared for it").contains("cache-").contains("yes, without an expiry");
        assertThat(said("explain", "key", "session:7")).contains("declared as session:, strategy cache-aside");
        awaited(() -> said("status").contains("keys") || said("status").contains("MiB"));
        assertThat(said("status")).contains("cache router").contains("cache-1").contains("cache-2");
        assertThat(said("shrink")).contains("done: shrink to stage 4");
        assertThat(live.cache()).isEmpty();
        assertThat(folder.resolve(".banyan/redis/cache-1")).doesNotExist();
        Captured gone = new Captured();
        assertThat(gone.run("redis-cli", "-C", folder.toString(), "PING")).isEqualTo(1);
        assertThat(gone.err()).contains("uses no cache now");
    }

    @Test
    void aNodeThatComesAndGoesBringsNothingOldBack() throws Exception {
        said("grow", "--to", "5");
        URI url = URI.create(new JsonMapper().readTree(said("env", "--json")).path("REDIS_URL").asString());
        try (Client client = new Client(url)) {
            client.say("AUTH " + url.getUserInfo().substring(1));
            for (int i = 0; i < 300; i++) {
                client.say("SET key" + i + " old");
            }
            writeSite(3);
            assertThat(said("apply")).contains("done: apply");
            int moved = 0;
            for (int i = 0; i < 300; i++) {
                moved += client.say("GET key" + i).equals("$-1") ? 1 : 0;
                client.say("SET key" + i + " new");
            }
            assertThat(moved).as("keys that another node has now, of 300").isBetween(50, 150);
            writeSite(2);
            assertThat(said("apply")).contains("done: apply");
            for (int i = 0; i < 300; i++) {
                assertThat(client.say("GET key" + i)).isIn("new", "$-1");
            }
        }
    }

    private String said(String... words) {
        Captured captured = new Captured();
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "-C";
        all[words.length + 1] = folder.toString();
        assertThat(captured.run(all)).as(captured.err()).isZero();
        return captured.out();
    }

    private static void awaited(BooleanSupplier so) throws InterruptedException {
        long deadline = Clock.system().nanos() + Duration.ofSeconds(60).toNanos();
        while (!so.getAsBoolean()) {
            assertThat(Clock.system().nanos()).as("awaited for 60 s").isLessThan(deadline);
            Clock.system().sleep(Duration.ofMillis(20));
        }
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }

    private void writeSite(int nodes) throws IOException {
        Files.writeString(siteFile(), """
                site: shop
                stage: 4
                application:
                  servers: ['http://%s']
                cache:
                  kind: redis
                  nodes: %d
                  router: { listen: 127.0.0.1:0 }
                  keys: [{ prefix: 'session:', strategy: cache-aside, lease: true }]
                front-door:
                  listen: 127.0.0.1:0
                console:
                  listen: 127.0.0.1:0
                """.formatted(origins.address(0), nodes));
    }

    /** Says a line, and hears the first line of its answer, of a string the string. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(URI url) throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            String head = in.readLine();
            return head.startsWith("$") && !head.equals("$-1") ? in.readLine() : head;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
