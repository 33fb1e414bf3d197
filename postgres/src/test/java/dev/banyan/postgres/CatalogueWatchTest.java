package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.sql.Catalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatalogueWatchTest {
    private static final Pattern PAGE = Pattern.compile("limit (\\d+) offset (\\d+)$");

    private final ReplicationWorld world = new ReplicationWorld(1, 0);
    private final List<List<String>> known = new ArrayList<>(List.of(List.of("volatile", "book"), List.of("harmless", "price"), List.of("primary", "ids")));
    private final List<Catalogue> told = new ArrayList<>();
    private final CatalogueWatch watch = new CatalogueWatch(world.loop(), (_, _, opening) -> world.later(() -> opening.opened(new Asked())), world.clock(), told::add);
    private int asked;

    @Test
    void tellsWhatIsThere_andAgainOnlyWhatChanged() {
        watch.ask(Optional.of(world.primary.member));
        world.pass(Duration.ofSeconds(61));
        assertThat(told).containsExactly(new Catalogue(Set.of("book"), Set.of("price"), Set.of("ids")));
        assertThat(asked).isEqualTo(3);

        known.add(List.of("harmless", "tax"));
        world.pass(Duration.ofSeconds(31));
        assertThat(told.getLast().harmlessFunctions()).containsExactlyInAnyOrder("price", "tax");
    }

    @Test
    void whatWasDefinedIsKnownSoon_evenWhenItWasWhileOneAsked() {
        watch.ask(Optional.of(world.primary.member));
        world.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 50; i++) {
            known.add(List.of("volatile", "f" + i));
            watch.look();
            world.pass(Duration.ofNanos(world.random.nextInt(200_000)));
        }
        world.pass(Duration.ofMillis(50));
        assertThat(told.getLast().volatileFunctions()).hasSize(51);
    }

    @Test
    void moreThanFitsOneAnswerIsAskedForInParts() {
        IntStream.range(0, 3 * CatalogueWatch.PAGE).forEach(i -> known.add(List.of("harmless", "g" + i)));
        watch.ask(Optional.of(world.primary.member));
        world.pass(Duration.ofSeconds(1));
        assertThat(told).hasSize(1).first().extracting(c -> c.harmlessFunctions().size()).isEqualTo(3 * CatalogueWatch.PAGE + 1);
    }

    /** Answers what is known when the question arrives. */
    private final class Asked implements Monitor {
        @Override
        public void ask(String sql, Reply reply) {
            Matcher page = PAGE.matcher(sql);
            assertThat(page.find()).isTrue();
            world.later(() -> {
                asked++;
                List<List<String>> rows = known.stream().skip(Long.parseLong(page.group(2))).limit(Long.parseLong(page.group(1))).toList();
                world.later(() -> reply.rows(rows));
            });
        }

        @Override
        public void whenClosed(Runnable task) {}

        @Override
        public void close() {}
    }
}
