package dev.banyan.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HistoryFileTest {
    private static final double GAP = Double.NaN;

    @TempDir
    Path folder;

    private Recorded history;

    @BeforeEach
    void open() {
        history = new Recorded(folder);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void whatIsRecordedIsReadBack_andWhatWasNotMeasuredIsAGap() {
        history.step(Map.of("door.rate", 10.0, "door.p99", 3.5));
        history.step("door.rate", 20);
        history.after(Duration.ofSeconds(5));
        history.step(Map.of("door.rate", 40.0, "door.p99", GAP));
        assertThat(history.read("door.rate", 20, 10)).containsExactly(10, 20, GAP, 40);
        assertThat(history.read("door.p99", 20, 10)).containsExactly(3.5, GAP, GAP, GAP);
        assertThat(history.reader.series()).extracting(KeptSeries::id).containsExactly("door.p99", "door.rate");
        assertThat(history.reader.series().getLast()).isEqualTo(Recorded.series("door.rate"));
    }

    @Test
    void aPlotBeginsAtAMultipleOfItsStep_andHasNoMorePointsThanAskedFor() {
        IntStream.range(0, 100).forEach(i -> history.step("door.rate", i));
        for (int points : List.of(1, 7, 100, 2_000)) {
            Plot plot = history.reader.read(List.of("door.rate"), 500, points, Optional.empty());
            assertThat(plot.lines().getFirst().values().length).isBetween(1, points);
            assertThat(plot.fromSeconds() % plot.stepSeconds()).isZero();
            assertThat(plot.stepSeconds() % 5).isZero();
            assertThat(plot.fromSeconds() + (long) plot.stepSeconds() * plot.lines().getFirst().values().length)
                    .isGreaterThanOrEqualTo(history.now().getEpochSecond()).isLessThan(history.now().getEpochSecond() + plot.stepSeconds());
        }
    }

    @Test
    void aLatencyOfManyStepsIsTheirHighest_aRateTheirMean_unlessAnotherWayIsAskedFor() {
        IntStream.range(0, 12).forEach(i -> history.step(Map.of("door.rate", i + 1.0, "door.p99", i == 5 ? 900.0 : 2.0)));
        assertThat(history.read("door.rate", 60, 1)).containsExactly(6.5);
        assertThat(history.read("door.p99", 60, 1)).containsExactly(900);
        assertThat(history.read("door.rate", 60, 1, Fold.MAX)).containsExactly(12);
        assertThat(history.read("door.p99", 60, 1, Fold.MEAN)).containsExactly((11 * 2 + 900) / 12.0);
    }

    @Test
    void aDayComesFromMinutes_thePresentOneFromItsSteps() {
        IntStream.range(0, 12 * 60 * 3 + 6).forEach(i -> history.step(Map.of("door.rate", i / 12 + 1.0, "door.p99", i % 12 == 3 ? 50.0 : 1.0)));
        double[] rates = history.read("door.rate", 10_800, 180);
        assertThat(rates).hasSize(180);
        assertThat(rates[0]).isEqualTo(2);
        assertThat(rates[178]).isEqualTo(180);
        assertThat(rates[179]).as("the minute under way").isEqualTo(181);
        assertThat(history.read("door.p99", 10_800, 180)).containsOnly(50);
        assertThat(measured(history.read("door.p99", 86_400, 2_000))).hasSize(181);
    }

    @Test
    void aKillInAMinuteLosesNothingOfIt_neitherWhenItIsUpAgainSoon_norLater() {
        IntStream.range(0, 6).forEach(_ -> history.step("door.rate", 10));
        history.open(); // The one before was never closed, as after a kill.
        IntStream.range(0, 6).forEach(_ -> history.step("door.rate", 30));
        IntStream.range(0, 6).forEach(_ -> history.step("door.rate", 50));
        history.after(Duration.ofHours(3)).open();
        history.step("door.rate", 70);
        assertThat(measured(history.read("door.rate", 12_000, 200))).containsExactly(20.0, 50.0, 70.0);
    }

    @Test
    void whatIsOlderThanItsRingIsGone() {
        history.step("door.rate", 7);
        history.after(Duration.ofHours(23));
        assertThat(history.read("door.rate", 86_400, 2_000)).contains(7);
        history.after(Duration.ofHours(1).plusMinutes(1));
        assertThat(history.read("door.rate", 86_400, 2_000)).containsOnly(GAP);
        assertThat(history.read("door.rate", 7_200, 2_000)).containsOnly(GAP);
    }

    @Test
    void aPlaceIsKeptForADayAfterItsSeriesWasSeen_thenWhoComesNewGetsIt_andNothingOfTheOld() {
        Map<String, Double> all = IntStream.range(0, Layout.PLACES).boxed().collect(Collectors.toMap(i -> "s" + i + ".rate", i -> 1.0 * i));
        assertThat(history.step(all)).isZero();
        assertThat(history.step("new.rate", 1)).as("series without a place").isEqualTo(1);
        all.remove("s17.rate");
        for (int hour = 0; hour < 23; hour++) {
            history.after(Duration.ofHours(1)).step(all);
            assertThat(history.step("new.rate", 1)).isEqualTo(1);
        }
        history.open().after(Duration.ofHours(1)).step(all);
        history.after(Duration.ofMinutes(5));
        assertThat(history.step("new.rate", 5)).isZero();
        assertThat(measured(history.read("new.rate", 86_400, 2_000))).containsExactly(5.0);
        assertThatThrownBy(() -> history.read("s17.rate", 60, 10)).isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_THING));
        assertThat(history.read("s18.rate", 86_400, 2_000)).contains(18);
    }

    @Test
    void aServerThatComesBackWithinADayHasItsPastStill() {
        history.step("web-1.rate", 3);
        history.after(Duration.ofHours(20)).open().step("web-1.rate", 4);
        assertThat(measured(history.read("web-1.rate", 86_400, 2_000))).containsExactly(3.0, 4.0);
    }

    @Test
    void aClockThatGoesBackWritesOverWhatItComesBy_andWhatIsToComeIsNotShown() {
        IntStream.range(0, 24).forEach(_ -> history.step("door.rate", 1));
        history.at(Recorded.BEGIN.plusSeconds(60));
        assertThat(history.read("door.rate", 60, 12)).containsOnly(1);
        IntStream.range(0, 6).forEach(_ -> history.step(Map.of("door.rate", 2.0, "late.rate", 2.0)));
        assertThat(history.read("door.rate", 60, 12)).containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2);
        assertThat(history.read("late.rate", 60, 12)).containsExactly(GAP, GAP, GAP, GAP, GAP, GAP, 2, 2, 2, 2, 2, 2);
    }

    @Test
    void aClockThatWasYearsAheadForAWhileHoldsNothingUp() {
        history.step("door.rate", 1);
        Instant before = history.now();
        history.at(Instant.parse("2199-01-01T00:31:00Z"));
        IntStream.range(0, 30).forEach(_ -> history.step(Map.of("door.rate", 9.0, "ahead.rate", 9.0)));
        history.at(before).open();
        history.step(Map.of("door.rate", 2.0, "ahead.rate", 2.0));
        assertThat(history.read("door.rate", 60, 12)).endsWith(1, 2).doesNotContain(9);
        assertThat(measured(history.read("ahead.rate", 86_400, 2_000))).containsExactly(2.0);
        Map<String, Double> others = IntStream.range(0, Layout.PLACES - 2).boxed().collect(Collectors.toMap(i -> "s" + i + ".rate", i -> 1.0 * i));
        assertThat(history.step(others)).isZero();
        history.after(Duration.ofHours(25)).step(others);
        assertThat(history.step(Map.of("new.rate", 5.0, "newer.rate", 5.0))).as("the places of those that are gone").isZero();
    }

    @Test
    void aTimeBefore1970IsNoTrouble() {
        history.at(Instant.ofEpochSecond(-100));
        history.step("door.rate", 1);
        assertThat(history.reader.series()).hasSize(1);
    }

    @Test
    void itTakesNoMoreOfTheDiskThanItSaid() throws IOException {
        Map<String, Double> all = IntStream.range(0, 3_000).boxed().collect(Collectors.toMap(i -> "s" + i + ".rate", i -> 1.0 * i));
        IntStream.range(0, 50).forEach(_ -> assertThat(history.after(Duration.ofMinutes(31)).step(all)).isEqualTo(3_000 - Layout.PLACES));
        assertThat(Files.size(history.path)).isEqualTo(HistoryFile.BYTES).isLessThan(50 << 20);
        assertThat(HistoryFile.BYTES / 1e6).isBetween(35.0, 36.5);
    }

    @Test
    void namesThatDoNotFitFindNoPlace() {
        assertThat(history.step("x".repeat(300) + ".rate", 1)).isEqualTo(1);
        assertThat(history.step("web-1.rate", 1)).isZero();
        assertThat(history.reader.series()).hasSize(1);
    }

    @Test
    void whoReadsWhileAnotherWritesSeesWholeStepsOnly() {
        Map<String, Double> all = IntStream.range(0, Layout.PLACES).boxed().collect(Collectors.toMap(i -> "s" + i + ".rate", _ -> 0.0));
        history.step(all);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
            int seen = 0;
            do {
                Plot plot = history.reader.read(List.of("s0.rate", "s2043.rate"), 7_200, 2_000, Optional.empty());
                double[] first = plot.lines().getFirst().values();
                double[] last = plot.lines().getLast().values();
                for (int i = 0; i < first.length; i++) {
                    if (!Double.isNaN(first[i])) {
                        assertThat(last[i]).isEqualTo(first[i]);
                        seen++;
                    }
                }
            } while (!done.get());
            return seen;
        });
        for (int i = 1; i < 500; i++) {
            double value = i;
            all.replaceAll((_, _) -> value);
            history.step(all);
        }
        done.set(true);
        assertThat(reading.join()).isPositive();
    }

    @Test
    void withoutAFileThereIsNoHistory() {
        HistoryReader nowhere = new HistoryReader(folder.resolve("none"), history);
        assertThat(nowhere.series()).isEmpty();
        assertThatThrownBy(() -> nowhere.read(List.of("door.rate"), 60, 10, Optional.empty())).hasMessageContaining("there is no history of 'door.rate'");
    }

    @Test
    void moreThanTheMostIsRefused() {
        history.step("door.rate", 1);
        List<String> many = IntStream.range(0, History.MOST_SERIES + 1).mapToObj(i -> "s" + i).toList();
        assertThatThrownBy(() -> history.reader.read(many, 60, 10, Optional.empty())).hasMessageContaining("at most 64 series");
        assertThatThrownBy(() -> history.reader.read(List.of(), 60, 10, Optional.empty())).hasMessageContaining("series");
        assertThatThrownBy(() -> history.read("door.rate", 86_401, 10)).hasMessageContaining("86400 seconds");
        assertThatThrownBy(() -> history.read("door.rate", 60, 2_001)).hasMessageContaining("2000 points");
        assertThatThrownBy(() -> history.read("door.rate", 60, 0)).hasMessageContaining("2000 points");
    }

    @Test
    void aPlaceWhereNoFileCanBeIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "");
        assertThatThrownBy(() -> HistoryFile.open(file.resolve("figures.ring"), Recorded.BEGIN)).isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK))
                .hasMessageContaining("36 MB");
    }

    private static List<Double> measured(double[] values) {
        return DoubleStream.of(values).filter(value -> !Double.isNaN(value)).boxed().toList();
    }
}
