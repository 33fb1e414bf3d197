package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Labels WEB_1 = Labels.of("server", "web-1");
    private static final Labels WEB_2 = Labels.of("server", "web-2");

    private final TestClock clock = new TestClock();
    private final Registry registry = new Registry(clock);

    @Test
    void theSameNameAndLabelsAreTheSameSeries() {
        Labels oneWay = Labels.of("server", "web-1", "class", "2xx");
        Labels other = Labels.of("class", "2xx", "server", "web-1");
        assertThat(registry.counter("banyan_a_total", "A.", oneWay)).isSameAs(registry.counter("banyan_a_total", "A.", other));
    }

    @Test
    void seriesBeyondTheMostAreCountedAsOther_andThatIsSaidOnce() {
        Registry small = new Registry(clock, 2);
        List<String> said = new ArrayList<>();
        small.onOverflow(said::add);
        for (int i = 1; i <= 5; i++) {
            small.counter("banyan_a_total", "A.", Labels.of("server", "web-" + i)).increment();
            small.gauge("banyan_b", "B.", Labels.of("server", "web-" + i), () -> 1);
        }
        Snapshot snapshot = small.snapshot();
        assertThat(snapshot.families().get("banyan_a_total").series()).hasSize(3);
        assertThat(snapshot.total("banyan_a_total", Labels.of("server", "other"))).isEqualTo(3);
        assertThat(snapshot.families().get("banyan_b").series()).hasSize(2);
        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).contains("banyan_a_total has 2 series", "web-3", "fewer values");
    }

    @Test
    void aRemovedSeriesIsGone_andItsPlaceIsFree() {
        Registry small = new Registry(clock, 1);
        small.counter("banyan_a_total", "A.", WEB_1).add(7);
        small.removeAll(WEB_1);
        assertThat(small.snapshot().total("banyan_a_total", Labels.NONE)).isZero();
        small.counter("banyan_a_total", "A.", WEB_2).add(2);
        assertThat(small.snapshot().total("banyan_a_total", WEB_2)).isEqualTo(2);
        small.remove("banyan_a_total", WEB_2);
        assertThat(small.snapshot().families().get("banyan_a_total").series()).isEmpty();
    }

    @Test
    void aWindowTellsRatesQuantilesAndLevels() {
        Counter requests = registry.counter("banyan_requests_total", "R.", WEB_1);
        Histogram durations = registry.histogram("banyan_duration_seconds", "D.", WEB_1);
        registry.gauge("banyan_in_flight", "I.", WEB_1, () -> 3);
        registry.gauge("banyan_in_flight", "I.", WEB_2, () -> 4);
        requests.add(100);
        durations.record(1_000_000_000);
        Snapshot before = registry.snapshot();
        clock.advance(Duration.ofSeconds(2));
        requests.add(50);
        registry.counter("banyan_requests_total", "R.", WEB_2).add(10);
        durations.record(4_000_000);
        Window window = new Window(before, registry.snapshot());
        assertThat(window.rate("banyan_requests_total", WEB_1)).isEqualTo(25);
        assertThat(window.rate("banyan_requests_total", Labels.NONE)).isEqualTo(30);
        assertThat((double) window.distribution("banyan_duration_seconds", Labels.NONE).quantileNanos(.99)).isCloseTo(4e6, within(4e6 * .016));
        assertThat(window.level("banyan_in_flight", Labels.NONE)).isEqualTo(7);
        assertThat(window.rate("banyan_unknown_total", Labels.NONE)).isZero();
    }

    @Test
    void aSeriesThatBeganAnewNeverGivesANegativeRate() {
        registry.counter("banyan_requests_total", "R.", WEB_1).add(100);
        Snapshot before = registry.snapshot();
        registry.removeAll(WEB_1);
        registry.counter("banyan_requests_total", "R.", WEB_1).add(5);
        clock.advance(Duration.ofSeconds(1));
        assertThat(new Window(before, registry.snapshot()).rate("banyan_requests_total", WEB_1)).isEqualTo(5);
    }

    @Test
    void aGaugeThatThrowsIsNotANumber_andHarmsNoOther() {
        registry.gauge("banyan_a", "A.", Labels.NONE, () -> {
            throw new IllegalStateException("closed");
        });
        registry.gauge("banyan_b", "B.", Labels.NONE, () -> 2);
        assertThat(registry.snapshot().total("banyan_a", Labels.NONE)).isNaN();
        assertThat(registry.snapshot().total("banyan_b", Labels.NONE)).isEqualTo(2);
    }

    @Test
    void theProcessTellsWhatItUses() {
        ProcessFigures.observe(registry);
        Snapshot snapshot = registry.snapshot();
        assertThat(snapshot.total("process_cpu_seconds_total", Labels.NONE)).isBetween(.01, 3_600.0);
        assertThat(snapshot.total("jvm_memory_used_bytes", Labels.NONE)).isBetween(1e6, snapshot.total("jvm_memory_limit_bytes", Labels.NONE));
        if (snapshot.families().containsKey("process_resident_memory_bytes")) {
            assertThat(snapshot.total("process_resident_memory_bytes", Labels.NONE)).isBetween(1e7, 1e11);
        }
    }

    @Test
    void misuseIsRefusedWithTheNames() {
        registry.counter("banyan_a_total", "A.", WEB_1);
        assertThatThrownBy(() -> registry.counter("banyan_a_total", "A.", Labels.of("class", "2xx")))
                .hasMessageContaining("banyan_a_total").hasMessageContaining("[server]").hasMessageContaining("[class]");
        assertThatThrownBy(() -> registry.counter("banyan_a", "A.", WEB_1)).hasMessageContaining("_total");
        assertThatThrownBy(() -> registry.histogram("banyan_wait", "W.", WEB_1)).hasMessageContaining("_seconds");
        assertThatThrownBy(() -> registry.gauge("Banyan-x", "X.", WEB_1, () -> 1)).hasMessageContaining("Banyan-x");
        assertThatThrownBy(() -> Labels.of("server")).hasMessageContaining("in turn");
        assertThatThrownBy(() -> Labels.of("a", "1", "a", "2")).hasMessageContaining("twice");
        assertThatThrownBy(() -> registry.removeAll(Labels.NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSeriesThatEndsMakesNoSpikeOfTheOthers() {
        Registry registry = new Registry(new TestClock());
        Histogram stays = registry.histogram("banyan_test_seconds", "Test.", Labels.of("server", "a"));
        Histogram leaves = registry.histogram("banyan_test_seconds", "Test.", Labels.of("server", "b"));
        for (int i = 0; i < 100; i++) {
            stays.record(1_000);
            leaves.record(1_000);
        }
        Snapshot before = registry.snapshot();
        registry.removeAll(Labels.of("server", "b"));
        stays.record(1_000);
        assertThat(new Window(before, registry.snapshot()).distribution("banyan_test_seconds", Labels.NONE).count()).isEqualTo(1);
    }
}
