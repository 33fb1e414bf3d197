package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WriteNewsTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<List<String>> rounds = new ArrayList<>();
    private final Registry registry = new Registry(Clock.system());
    private final AtomicBoolean anybody = new AtomicBoolean(true);
    private final WriteNews news = new WriteNews(anybody::get, (wait, task) -> {
        waits.add(wait);
        tasks.add(task);
    }, registry, rounds::add);

    private double count(String outcome) {
        return registry.snapshot().total("banyan_edge_writes_total", Labels.of("outcome", outcome));
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    @Test
    void theFirstIsToldAtOnce_whatComesMeanwhileInTheNextRound_eachOnce() {
        news.written(List.of("http://a/1", "http://a/2"));
        assertThat(waits).containsExactly(Duration.ZERO);
        tasks.poll().run();
        news.written(List.of("http://a/3"));
        news.written(List.of("http://a/3"));
        runAll();
        assertThat(rounds).containsExactly(List.of("http://a/1", "http://a/2"), List.of("http://a/3"));
        assertThat(waits).containsExactly(Duration.ZERO, WriteNews.PAUSE, WriteNews.PAUSE);
        assertThat(count("told")).isEqualTo(3);
        news.written(List.of("http://a/1"));
        assertThat(waits).as("at once again").hasSize(4).last().isEqualTo(Duration.ZERO);
    }

    @Test
    void aFloodOfWritesIsToldInRounds_andWhatIsTooMuchIsCounted() {
        for (int i = 0; i < 2 * WriteNews.MOST_WAITING; i++) {
            news.written(List.of("http://a/" + i));
        }
        news.written(List.of("http://a/" + "x".repeat(3000)));
        runAll();
        assertThat(rounds).hasSize(WriteNews.MOST_WAITING / WriteNews.ROUND).allMatch(urls -> urls.size() == WriteNews.ROUND);
        assertThat(count("lost")).isEqualTo(WriteNews.MOST_WAITING + 1);
    }

    @Test
    void withoutEdgesNothingWaits() {
        anybody.set(false);
        news.written(List.of("http://a/1"));
        assertThat(tasks).isEmpty();
    }
}
