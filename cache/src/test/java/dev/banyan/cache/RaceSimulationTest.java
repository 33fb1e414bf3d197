package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers, writers, a log, a standby and a node that loses things, in every order that seeds make: when all is quiet no entry is older than its
 * row, and no read is older than what was told or acknowledged when it began.
 */
class RaceSimulationTest {
    private static final int SEEDS = Integer.getInteger("banyan.race.seeds", 200);
    private static final int KEYS = 3;

    @TempDir
    Path folder;

    @Test
    void loadOld_invalidate_storeOld_doesNotHappen() {
        RaceWorld race = new RaceWorld(1, folder, Strategy.READ_THROUGH, 0);
        CacheKey key = race.key(0);
        race.world.execute(() -> race.database.change(List.of(key), false));
        race.world.run();
        race.world.execute(race::tellNext);
        race.world.run();
        ModelEntries.Steps holdUp = new ModelEntries.Steps() {};
        race.entries.steps(holdUp);
        // Loads 1, and is held up before it stores it; the row becomes 2, and the log tells so; then 1 is to be stored.
        List<String> order = new ArrayList<>();
        race.entries.steps(new ModelEntries.Steps() {
            @Override
            public boolean lostBefore() {
                if (order.contains("loaded") && !order.contains("changed")) {
                    order.add("changed");
                    race.entries.steps(holdUp);
                    race.database.change(List.of(key), false);
                    race.tellNext();
                } else if (race.loads() > 0 && !order.contains("loaded")) {
                    order.add("loaded");
                    return lostBefore();
                }
                return false;
            }
        });
        race.world.execute(() -> assertThat(race.read(key)).isEqualTo(1));
        race.world.run();
        assertThat(order).containsExactly("loaded", "changed");
        assertThat(race.entries.look(key).map(Entry::state)).contains(Entry.State.GONE);
        assertThat(race.wrongAtTheEnd(1)).isEmpty();
    }

    @Test
    void aCommitThatIsInTheLogBeforeItIsVisible_isNotMissedByALoadThatBeginsAfterItWasTold() {
        RaceWorld race = new RaceWorld(2, folder, Strategy.READ_THROUGH, 20_000);
        CacheKey key = race.key(0);
        race.world.execute(() -> race.database.change(List.of(key), false));
        race.world.execute(() -> {
            race.world.awaitThat(() -> !race.toldAll());
            race.tellNext();
            assertThat(race.database.number(key)).as("what the primary shows when the log has told").isZero();
            assertThat(race.read(key)).isEqualTo(1);
        });
        race.world.run();
        assertThat(race.refusedFills()).isPositive();
        assertThat(race.wrongAtTheEnd(1)).isEmpty();
    }

    @Test
    void aLateStandbysValueIsNotStored_whenTheChangeWasToldBeforeAnyoneAsked() {
        RaceWorld race = new RaceWorld(3, folder, Strategy.READ_THROUGH, 0);
        CacheKey key = race.key(0);
        race.world.execute(() -> {
            race.read(race.key(1)); // from the primary, after which standbys are asked
            race.database.change(List.of(key), false);
            race.tellNext();
            race.world.sleep(Duration.ofSeconds(2));
            assertThat(race.read(key)).isEqualTo(1);
        });
        race.world.run();
        assertThat(race.refusedFills()).isPositive();
        assertThat(race.wrongAtTheEnd(1)).isEmpty();
    }

    @Test
    void readThrough_inEveryOrder() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, Strategy.READ_THROUGH, 0, 0)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void writeAround_inEveryOrder() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, Strategy.WRITE_AROUND, 0, 0)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void writeThrough_inEveryOrder() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, Strategy.WRITE_THROUGH, 0, 0)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void withANodeThatLosesEntriesRequestsAndAnswers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, seed % 2 == 0 ? Strategy.WRITE_THROUGH : Strategy.WRITE_AROUND, 0.05, 0)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void withALogThatHasGaps() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, Strategy.WRITE_THROUGH, seed % 3 == 0 ? 0.03 : 0, 0.05)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(trace(7)).isEqualTo(trace(7));
    }

    private String trace(long seed) {
        RaceWorld race = world(seed, Strategy.WRITE_THROUGH, 0.02, 0.02);
        race.world.run();
        return race.loads() + " loads, " + race.refusedFills() + " refused, " + race.database.log() + " at " + race.world.nanos();
    }

    private List<String> run(long seed, Strategy strategy, double losses, double gaps) {
        RaceWorld race = world(seed, strategy, losses, gaps);
        race.world.run();
        race.entries.steps(new ModelEntries.Steps() {});
        race.world.execute(race::payDebts);
        race.world.run();
        return race.wrongAtTheEnd(KEYS);
    }

    private RaceWorld world(long seed, Strategy strategy, double losses, double gaps) {
        RaceWorld race = new RaceWorld(seed, folder.resolve(strategy + "-" + seed), strategy, seed % 4 == 0 ? 15_000 : 200);
        race.entries.steps(new ModelEntries.Steps() {
            @Override
            public <T> T step(Supplier<T> what) {
                race.world.pause(400);
                if (race.world.random.nextDouble() < losses) {
                    race.entries.drop(race.key(race.world.random.nextInt(KEYS)));
                }
                return what.get();
            }

            @Override
            public boolean lostBefore() {
                return race.world.random.nextDouble() < losses / 2;
            }

            @Override
            public boolean lostAfter() {
                return race.world.random.nextDouble() < losses / 2;
            }
        });
        race.world.execute(() -> race.feed(gaps));
        race.world.execute(race::replicate);
        List<CompletableFuture<Void>> actors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            actors.add(race.actor(() -> reads(race)));
            actors.add(race.actor(() -> changes(race)));
        }
        if (strategy != Strategy.READ_THROUGH) {
            actors.add(race.actor(() -> writes(race)));
            actors.add(race.actor(() -> writes(race)));
        }
        race.endAfter(actors);
        return race;
    }

    private static CacheKey any(RaceWorld race) {
        return race.key(race.world.random.nextInt(KEYS));
    }

    private static void reads(RaceWorld race) {
        for (int i = 0; i < 12; i++) {
            race.world.pause(6_000);
            race.read(any(race));
        }
    }

    private static void changes(RaceWorld race) {
        for (int i = 0; i < 3; i++) {
            race.world.pause(15_000);
            List<CacheKey> keys = race.world.random.nextInt(3) == 0 ? List.of(race.key(0), race.key(2)) : List.of(any(race));
            race.database.change(keys, race.world.random.nextInt(5) == 0);
        }
    }

    private static void writes(RaceWorld race) {
        for (int i = 0; i < 5; i++) {
            race.world.pause(10_000);
            race.write(any(race));
        }
    }
}
