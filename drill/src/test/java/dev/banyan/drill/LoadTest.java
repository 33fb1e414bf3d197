package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadTest {
    private final Loops loops = Loops.open();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void countsEachArrivalOnce_atTheRateThatWasAskedFor() {
        try (Origin origin = Origin.pages(loops, asked -> Origin.Reply.of(200, "hello").with("X-Served-By", "web-1"))) {
            List<LoadProgress> seconds = new ArrayList<>();
            LoadReport report = run(url(origin, "/").rate(Rate.constant(500)).arrivals(Arrivals.Kind.CONSTANT).duration(Duration.ofSeconds(2)), seconds);

            assertThat(report.arrivals()).isEqualTo(1000);
            assertThat(report.requests()).isEqualTo(1000);
            assertThat(report.failed()).isZero();
            assertThat(report.instances()).isEqualTo(Map.of("web-1", 1000L));
            assertThat(report.rpsSent()).isBetween(350.0, 501.0);
            assertThat(report.exitCode()).isZero();
            assertThat(seconds.getFirst()).isInstanceOfSatisfying(LoadProgress.Second.class, first -> {
                assertThat(first.second()).isEqualTo(1);
                assertThat(first.requests()).isBetween(100L, 900L);
            });
        }
    }

    @Test
    void endsEarly_whenItsThreadIsInterrupted_andSaysSo() throws Exception {
        try (Origin origin = Origin.pages(loops, asked -> Origin.Reply.of(200, "hello"))) {
            CompletableFuture<Thread> runner = new CompletableFuture<>();
            LoadOptions options = url(origin, "/").rate(Rate.constant(50)).duration(Duration.ofHours(1)).done();
            Future<LoadReport> run = loops.blocking().submit(() -> Load.run(options, loops, Clock.system(), Loops.random(7),
                    second -> runner.complete(Thread.currentThread())));
            runner.get(60, TimeUnit.SECONDS).interrupt();

            LoadReport report = run.get(60, TimeUnit.SECONDS);
            assertThat(report.interrupted()).isTrue();
            assertThat(report.requests()).isBetween(10L, 500L);
            assertThat(report.failed()).isZero();
            assertThat(report.table()).contains("(interrupted)");
        }
    }

    @Test
    void refusesATargetElsewhere_unlessSomebodySaysWhy() {
        LoadOptions elsewhere = LoadOptions.at(URI.create("http://192.0.2.1/"), LoadOptions.Script.URL);
        assertThatThrownBy(() -> Load.run(elsewhere, loops, Clock.system(), Loops.random(1), s -> {})).isInstanceOf(BanyanException.class)
                .hasMessageContaining("192.0.2.1").hasMessageContaining("--allow-remote");
        assertThat(Target.of(elsewhere.url(), java.util.Optional.of("our own staging server")).loopback()).isFalse();
    }

    @Test
    void namesAllOptionsThatAreOutOfBounds() {
        LoadOptions wrong = LoadOptions.at(URI.create("http://127.0.0.1/"), LoadOptions.Script.URL).edit().users(0).connections(0).timeout(Duration.ZERO).done();
        assertThatThrownBy(() -> Load.run(wrong, loops, Clock.system(), Loops.random(1), s -> {})).isInstanceOf(BanyanException.class)
                .hasMessageContaining("--users is 1 to 100000, not 0").hasMessageContaining("--connections").hasMessageContaining("--timeout");
    }

    private static LoadOptionsEdit url(Origin origin, String path) {
        return LoadOptions.at(origin.url(path), LoadOptions.Script.URL).edit();
    }

    private LoadReport run(LoadOptionsEdit options, List<LoadProgress> seconds) {
        return Load.run(options.done(), loops, Clock.system(), Loops.random(7), seconds::add);
    }
}
