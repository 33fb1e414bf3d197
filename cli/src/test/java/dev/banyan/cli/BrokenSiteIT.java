package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.console.Fault;
import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real servers are broken on purpose, and what follows is what would follow if it had happened by itself. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BrokenSiteIT {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @TempDir
    private Path folder;

    @Test
    void aDatabaseOfThree_whosePrimaryIsStopped_thenCutOff_thenFull_hasAnotherEachTime() throws Exception {
        write("""
                site: shop
                stage: 4
                application: {command: [java, -Xmx64m, -cp, "%s", dev.banyan.cli.TinyServer], instances: 1}
                database: {kind: postgresql, port: 0, replicas: 2, router: {listen: "127.0.0.1:0"}}
                front-door: {listen: "127.0.0.1:0"}
                console: {listen: "127.0.0.1:0"}
                """.formatted(REPOSITORY.resolve("cli/target/test-classes")));
        try (LiveSite live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml")); AdminClient client = AdminClient.of(folder.resolve(".banyan"))) {
            assertThat(live.site().begin(new Request.Up()).outcome().orTimeout(90, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
            String first = replaced(client, "stop", "%s");
            String second = replaced(client, "partition", "router>%s");
            assertThat(second).isNotEqualTo(first);
            String third = whole(client);
            if (possible(client, third).contains("full-disk")) {
                replaced(client, "full-disk", "%s");
            }
            String primary = whole(client);
            String replica = names(client, "replica").getFirst();
            JsonNode drop = inject(client, "drop", primary + ">" + replica);
            assertThat(drop.path("sentence").asString()).isEqualTo("the process of " + replica + " that receives the log was stopped (SIGSTOP)");
            assertThat(client.ask("/api/faults/" + drop.path("number").asLong() + "/lift", "{}").path("state").asString()).isEqualTo("lifted");
        }
    }

    /** Breaks the primary and waits for another; which it was. */
    private static String replaced(AdminClient client, String kind, String target) {
        String primary = whole(client);
        JsonNode fault = inject(client, kind, target.formatted(primary));
        await("another primary than " + primary + " after " + fault.path("sentence").asString(), () -> {
            List<String> now = names(client, "database");
            return now.size() == 1 && !now.contains(primary);
        });
        client.ask("/api/faults/" + fault.path("number").asLong() + "/lift", "{}");
        return primary;
    }

    private static JsonNode inject(AdminClient client, String kind, String target) {
        return client.ask("/api/faults", "{\"kind\":\"%s\",\"target\":\"%s\",\"for\":\"1m\"}".formatted(kind, target));
    }

    /** Waits until there are a primary and two replicas, and commits are on one of these, without which none would be promoted; which is the primary. */
    private static String whole(AdminClient client) {
        await("a primary and two replicas", () -> names(client, "database").size() == 1 && names(client, "replica").size() == 2
                && decided(client, "acknowledge commits that one of") > decided(client, "fail over from"));
        return names(client, "database").getFirst();
    }

    private static long decided(AdminClient client, String what) {
        return client.get("/api/decisions?most=1000").valueStream().filter(each -> each.at("/decision/what").asString().startsWith(what)).count();
    }

    private static List<String> names(AdminClient client, String kind) {
        return SiteServersSeen.up(client.get("/api/site").path("nodes"), kind).map(node -> node.path("id").asString()).toList();
    }

    private static List<String> possible(AdminClient client, String target) {
        return client.get("/api/faults").path("possible").valueStream().filter(one -> one.path("target").asString().equals(target))
                .flatMap(one -> one.path("kinds").valueStream()).map(JsonNode::asString).toList();
    }

    /** The first Banyan is killed while its application is stopped; the second undoes that before it ends what was left behind. */
    @Test
    void whatAKilledBanyanHasBrokenIsUndoneByTheNext() throws Exception {
        write("""
                site: shop
                application: {command: [java, -Xmx64m, -cp, "%s", dev.banyan.cli.TinyServer], stop-timeout: 20s}
                front-door: {listen: "127.0.0.1:0"}
                console: {listen: "127.0.0.1:0"}
                """.formatted(REPOSITORY.resolve("cli/target/test-classes")));
        Process first = up("first.log");
        long stopped;
        try (AdminClient client = AdminClient.of(folder.resolve(".banyan"))) {
            JsonNode killed = inject(client, "kill", "web-1");
            await("it runs again", () -> client.get("/api/faults/" + killed.path("number").asLong()).path("state").asString().equals(Fault.State.DONE.name().toLowerCase(java.util.Locale.ROOT)));
            JsonNode fault = inject(client, "stop", "web-1");
            assertThat(fault.path("sentence").asString()).startsWith("its ").endsWith("stopped (SIGSTOP)");
            stopped = Files.readString(folder.resolve(".banyan/processes/web-1.json")).transform(text -> Long.parseLong(text.replaceAll("(?s).*\"pid\": (\\d+).*", "$1")));
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertThat(ProcessHandle.of(stopped)).as("it outlives the killed Banyan, stopped").isPresent();
        Process second = up("second.log");
        try {
            assertThat(Files.readString(folder.resolve(".banyan/logs/banyan.log"))).containsSubsequence("end the fault stop web-1", "end 1 process");
            assertThat(folder.resolve(".banyan/faults")).isEmptyDirectory();
        } finally {
            second.destroy();
            second.waitFor(60, TimeUnit.SECONDS);
        }
        assertThat(LaunchedSite.processesOf(folder)).as("processes left behind").isEmpty();
    }

    private Process up(String log) throws IOException {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"), "dev.banyan.cli.Banyan", "up")
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve(log).toFile()).start();
        await("the site is up", () -> {
            assertThat(process.isAlive()).as(Files.readString(folder.resolve(log))).isTrue();
            return Files.readString(folder.resolve(log)).contains("shop is up");
        });
        return process;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(60);
        try {
            while (!condition.holds()) {
                assertThat(Clock.system().nanos()).as("waited 60 s for " + what).isLessThan(deadline);
                Clock.system().sleep(Duration.ofMillis(50));
            }
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    private void write(String site) throws IOException {
        Files.writeString(siteFile(), site);
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }
}
