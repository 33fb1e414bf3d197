package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.Load;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadReport;
import dev.banyan.drill.Rate;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real thing, whole: the launched program, PostgreSQL, the photos application, clients that post and WebSockets that talk; and while
 * they do, the site grows stage by stage, loses an application server, a replica and the primary, is switched over,
 * gets a cache, loses a node of it and the primary behind it, gets edges, is purged and deployed anew behind them, gives
 * them and the cache back and shrinks.
 */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class GrowthUnderLoadIT {
    /** What a client may be told when the process that had its request, or its transaction, in hand was killed. */
    private static final Set<String> OF_THE_KILLED = Set.of("status_502", "status_500", "status_503");
    private static final Set<String> WRITING_STEPS = Set.of("upload", "comment", "like", "follow", "log_in", "log_out");

    @TempDir
    private Path folder;

    @Test
    void noReadFailsAndNoAcknowledgedWriteIsLost_whileItGrowsLosesServersIsSwitchedOverCachesIsDeployedAndShrinks() throws Exception {
        try (LaunchedSite site = LaunchedSite.up(folder); Loops loops = Loops.open()) {
            LoadOptions options = LoadOptions.at(URI.create(site.frontDoor()), LoadOptions.Script.PHOTOS).edit()
                    .rate(Rate.constant(12)).duration(Duration.ofMinutes(10)).users(5).websockets(5, "/live").done();
            CompletableFuture<LoadReport> load = new CompletableFuture<>();
            Thread loader = Thread.ofVirtual().start(() -> complete(load, options, loops));
            site.awaitRequests(100);

            assertThat(site.verb("grow")).contains("done: grow to stage 2");
            site.awaitRequests(100);
            assertThat(site.verb("grow")).contains("done: grow to stage 3");
            site.awaitRequests(200);
            site.killInstance("web-2");
            site.awaitInstances(3);
            assertThat(site.verb("grow")).contains("done: grow to stage 4");
            site.awaitReplicas(2);
            site.awaitRequests(200);
            site.killReplica();
            site.awaitReplicas(2);
            site.awaitRequests(200);
            site.killPrimary();
            site.awaitReplicas(2);
            site.awaitRequests(200);
            assertThat(site.verb("switchover")).contains("done: switch over");
            site.awaitRequests(100);
            assertThat(site.verb("grow")).contains("done: grow to stage 5");
            site.awaitRequests(300);
            assertThat(site.verb("env")).contains("REDIS_URL='redis://:");
            site.kill("cache-1");
            site.awaitRequests(200);
            site.killPrimary();
            site.awaitReplicas(2);
            site.awaitRequests(200);
            assertThat(site.verb("grow")).contains("done: grow to stage 6");
            site.awaitRequests(300);
            assertThat(site.verb("purge", "--all")).contains("edge-1");
            assertThat(site.verb("deploy")).contains("done: deploy");
            site.awaitRequests(200);
            assertThat(site.verb("shrink")).contains("done: shrink to stage 5");
            site.awaitRequests(200);
            assertThat(site.verb("grow")).contains("done: grow to stage 6");
            site.awaitRequests(100);
            assertThat(site.verb("shrink", "--to", "4")).contains("done: shrink to stage 4");
            assertThat(site.verb("env")).doesNotContain("REDIS_URL");
            site.awaitRequests(100);
            site.awaitRequests(200);
            assertThat(site.verb("grow", "--to", "1")).contains("done: shrink to stage 1");
            site.awaitRequests(100);

            loader.interrupt();
            LoadReport report = load.get(60, TimeUnit.SECONDS);
            System.out.println(report.table());
            assertThat(report.requests()).isGreaterThan(800);
            assertThat(report.byKind().keySet()).isSubsetOf(OF_THE_KILLED);
            assertThat(report.steps().entrySet()).filteredOn(step -> step.getValue().failed() > 0).allMatch(step -> WRITING_STEPS.contains(step.getKey()));
            assertThat(report.writes().acknowledged()).isPositive();
            assertThat(report.writes().clean()).isTrue();
            assertThat(report.websockets().orElseThrow().lost()).isLessThanOrEqualTo(report.websockets().orElseThrow().closed());
            assertThat(report.instances()).containsKeys("web-1", "web-2", "web-3");
        }
        assertThat(LaunchedSite.processesOf(folder)).as("processes left behind").isEmpty();
    }

    private static void complete(CompletableFuture<LoadReport> load, LoadOptions options, Loops loops) {
        try {
            load.complete(Load.run(options, loops, Clock.system(), Loops.random(), _ -> {}));
        } catch (RuntimeException e) {
            load.completeExceptionally(e);
        }
    }
}
