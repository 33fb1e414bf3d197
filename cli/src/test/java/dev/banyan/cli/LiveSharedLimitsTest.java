package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Decisions;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole sites with a front door each, before the same application and with the same Redis of their user's: they limit together. */
class LiveSharedLimitsTest {
    private static final int BURST = 20;
    private static final int CREDIT = 5; // half a burst, over two doors

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<LiveSite> sites = new ArrayList<>();
    private Origins origins;
    private OwnRedis redis;

    @BeforeEach
    void open() throws Exception {
        origins = new Origins("shop");
        redis = new OwnRedis(folder, FreePort.choose());
        redis.start();
        for (String name : List.of("east", "west")) {
            Path at = Files.createDirectories(folder.resolve(name));
            if (!sites.isEmpty()) {
                Path secrets = Files.createDirectories(at.resolve(".banyan/secrets"));
                Files.copy(folder.resolve("east/.banyan/secrets/limits"), secrets.resolve("limits")); // what both hide their clients with
            }
            sites.add(site(at.resolve("site.yaml")));
        }
    }

    private LiveSite site(Path file) throws IOException {
        Files.writeString(file, """
                site: shop
                stage: 5
                application: { servers: ['http://%s'] }
                cache: { kind: redis, url: '%s', router: { listen: '127.0.0.1:0' } }
                front-door: { listen: '127.0.0.1:0', health: { timeout: 5s } }
                console: { listen: '127.0.0.1:0' }
                gateway:
                  routes: [{ name: api, path: /api, limits: [{ requests: 1, per: 1h, burst: %d, by: header X-User, shared: true }] }]
                """.formatted(origins.address(0), redis.url(), BURST));
        LiveSite live = LiveSite.open(file, SiteFile.read(file, _ -> Optional.empty()).orThrow("site.yaml"));
        assertThat(live.site().begin(new Request.Up()).outcome().orTimeout(30, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
        await("an answer", () -> status(live, "/", "nobody") == 200);
        return live;
    }

    @AfterEach
    void close() {
        sites.forEach(LiveSite::close);
        http.close();
        redis.close();
        origins.close();
    }

    @Test
    void twoFrontDoorsCountTogether_eachAloneWhileRedisIsAway_andTogetherAgain() throws Exception {
        countTogether("ann");

        redis.kill();
        for (LiveSite live : sites) {
            await("a door that limits alone", () -> {
                status(live, "/api", "bob");
                return said(live).endsWith("limit by this front door alone");
            });
            assertThat(admitted(live, "eve-of-" + live.addresses())).as("of one client at one of two doors").isEqualTo(BURST / 2);
            assertThat(status(live, "/", "bob")).isEqualTo(200);
        }

        redis.start();
        for (LiveSite live : sites) {
            await("a door that limits with the other", () -> said(live).endsWith("limit together with the other front doors"));
        }
        countTogether("dan");
    }

    /**
     * The bound holds while Redis answers and each door knows of the other; where a machine stands still for so long that they do not, which the doors
     * say or the clock, it is tried with another client.
     */
    private void countTogether(String user) {
        await("both doors to count together undisturbed", () -> {
            awaitBothDoorsKnown();
            long began = Clock.system().nanos();
            List<Long> before = sites.stream().map(LiveSharedLimitsTest::changes).toList();
            int admitted = admittedTogether(user + began);
            boolean undisturbed = before.equals(sites.stream().map(LiveSharedLimitsTest::changes).toList()) && Clock.system().nanos() - began < TimeUnit.SECONDS.toNanos(3);
            if (undisturbed) {
                assertThat(admitted).as("requests of one client that two doors let in").isBetween(BURST, BURST + sites.size() * CREDIT);
            }
            return undisturbed;
        });
    }

    /** Both are asked until nothing more is to be had: a burst in all, and at most their credits more. */
    private int admittedTogether(String user) {
        int[] admitted = {0};
        await("a whole burst of " + user, () -> {
            sites.forEach(live -> admitted[0] += status(live, "/api", user) == 200 ? 1 : 0);
            return admitted[0] >= BURST;
        });
        for (LiveSite live : sites) {
            admitted[0] += admitted(live, user);
        }
        return admitted[0];
    }

    /** How many of a client's requests a door lets in before it refuses ten in a row. */
    private int admitted(LiveSite live, String user) {
        int admitted = 0;
        for (int refused = 0; refused < 10;) {
            boolean in = status(live, "/api", user) == 200;
            admitted += in ? 1 : 0;
            refused = in ? 0 : refused + 1;
        }
        return admitted;
    }

    /** A door hears how many there are whenever it says that it is there: each has said it twice after both had. */
    private void awaitBothDoorsKnown() {
        Map<String, List<String>> said = new TreeMap<>();
        await("two doors at Redis", () -> {
            List<String> now = redis.ask("ZRANGE banyan:limit:doors 0 -1 WITHSCORES");
            for (int i = 0; now.size() == 4 && i < 4; i += 2) {
                List<String> times = said.computeIfAbsent(now.get(i), _ -> new ArrayList<>());
                if (times.isEmpty() || !times.getLast().equals(now.get(i + 1))) {
                    times.add(now.get(i + 1));
                }
            }
            return said.values().stream().filter(times -> times.size() >= 3).count() == 2;
        });
    }

    /** How often a site's limits were alone, or together again. */
    private static long changes(LiveSite live) {
        return live.decisions().latest(Decisions.KEPT).stream().filter(each -> each.decision().what().startsWith("limit ")).count();
    }

    /** What the limits of a site decided last. */
    private static String said(LiveSite live) {
        return live.decisions().latest(100).stream().map(each -> each.decision().what()).filter(what -> what.startsWith("limit ")).reduce("", (_, last) -> last);
    }

    private int status(LiveSite live, String path, String user) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(live.addresses().getFirst() + path)).header("X-User", user).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(180);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().nanos()).as("waited 180 s for " + what).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }
}
