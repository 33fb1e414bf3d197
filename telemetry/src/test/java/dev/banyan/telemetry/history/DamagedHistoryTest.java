package dev.banyan.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import org.assertj.core.data.Offset;

/** Whatever is written, cut off or garbled: a value that is read back is the one that was recorded then, or a gap. */
class DamagedHistoryTest {
    private static final int SERIES = 5;
    private static final int STEPS = 40;

    private Path folder;

    @Provide
    Arbitrary<Long> offsets() {
        Layout.RingShape steps = Layout.STEPS;
        Layout.RingShape minutes = Layout.MINUTES;
        long begin = Recorded.BEGIN.getEpochSecond();
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 48),
                Arbitraries.longs().between(48, Layout.PAGE),
                Arbitraries.longs().between(Layout.entry(0), Layout.entry(SERIES + 1)),
                Arbitraries.longs().between(Layout.entry(SERIES), steps.offset()),
                Arbitraries.longs().between(0, STEPS).flatMap(step -> Arbitraries.longs().between(0, 64).map(into -> steps.row(begin / 5 + step) + into)),
                Arbitraries.longs().between(0, 3).flatMap(minute -> Arbitraries.longs().between(0, 64).map(into -> minutes.row(begin / 60 + minute) + into)),
                Arbitraries.longs().between(0, Layout.FILE_BYTES));
    }

    @Property(tries = 25)
    void aFileThatWasCutAnywhereGivesWhatIsLeft(@ForAll("offsets") long offset, @ForAll long seed) throws IOException {
        judge(seed, file -> file.setLength(offset));
    }

    @Property(tries = 50)
    void aFileThatWasGarbledAnywhereGivesTheRest(@ForAll("offsets") long offset, @ForAll long seed) throws IOException {
        judge(seed, file -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            file.seek(Math.min(offset, Layout.FILE_BYTES - garbage.length));
            file.write(garbage);
        });
    }

    @Property(tries = 15)
    void aWriteThatWasTornAnywhereCostsItsStepAlone(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (Recorded history = fresh()) {
            Map<Long, double[]> model = record(history, random);
            byte[] before = Files.readAllBytes(history.path);
            model.put(Math.floorDiv(history.now().getEpochSecond(), 5L), values(history, random));
            byte[] after = Files.readAllBytes(history.path);
            int first = 0;
            while (before[first] == after[first]) {
                first++;
            }
            long row = Layout.STEPS.row(HistoryFile.step(history.now()) - 1);
            int torn = (int) (row + random.nextInt(Row.HEAD_BYTES + SERIES * Float.BYTES));
            // The kernel had taken the row's bytes up to here; of what was written before it all.
            System.arraycopy(before, torn, after, torn, (int) (row + Layout.STEPS.rowBytes()) - torn);
            Files.write(history.path, after);
            history.open();
            double[] read = history.read("s0.rate", 5 * STEPS, 2_000);
            int last = read.length - 1;
            for (int i = 0; i < last; i++) {
                assertThat(read[i]).isEqualTo(at(model, history, last - i, 0), Offset.offset(1e-3));
            }
            assertThat(Double.isNaN(read[last]) || Math.abs(read[last] - at(model, history, 0, 0)) < 1e-3).isTrue();
        }
    }

    @Property(tries = 10)
    void whateverIsRecordedAndReopenedIsReadBack(@ForAll long seed) throws IOException {
        judge(seed, _ -> {});
    }

    private void judge(long seed, Damage damage) throws IOException {
        try (Recorded history = fresh()) {
            Map<Long, double[]> model = record(history, new SplittableRandom(seed));
            history.close();
            try (RandomAccessFile file = new RandomAccessFile(history.path.toFile(), "rw")) {
                damage.to(file);
            }
            for (int round = 0; round < 2; round++) {
                agrees(history, model);
                history.open();
            }
            assertThat(history.step("s0.rate", 4)).isZero();
            assertThat(history.read("s0.rate", 5, 1)).containsExactly(4);
        }
    }

    private static void agrees(Recorded history, Map<Long, double[]> model) {
        List<String> ids = history.reader.series().stream().map(KeptSeries::id).toList();
        if (ids.isEmpty()) {
            return;
        }
        for (Plot.Line line : history.reader.read(ids, 5 * STEPS, 2_000, Optional.empty()).lines()) {
            assertThat(line.series()).isEqualTo(Recorded.series(line.series().id()));
            double[] read = line.values();
            for (int i = 0; i < read.length; i++) {
                double right = at(model, history, read.length - 1 - i, number(line));
                assertThat(Double.isNaN(read[i]) || Math.abs(read[i] - right) < 1e-3).as("%s at %d is %s, was %s", line.series().id(), i, read[i], right).isTrue();
            }
        }
        for (Plot.Line line : history.reader.read(ids, 7_260, 2_000, Optional.of(Fold.MAX)).lines()) {
            for (double value : line.values()) {
                assertThat(Double.isNaN(value) || model.values().stream().anyMatch(row -> Math.abs(row[number(line)] - value) < 1e-3)).isTrue();
            }
        }
    }

    private static int number(Plot.Line line) {
        return line.series().id().charAt(1) - '0';
    }

    /** What was recorded so many steps before the last. */
    private static double at(Map<Long, double[]> model, Recorded history, int before, int series) {
        double[] row = model.get(Math.floorDiv(history.now().getEpochSecond(), 5L) - 1 - before);
        return row == null ? Double.NaN : row[series];
    }

    private Recorded fresh() throws IOException {
        forget();
        folder = Files.createTempDirectory(Path.of("target"), "history");
        return new Recorded(folder);
    }

    @AfterProperty
    void forget() throws IOException {
        if (folder != null) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            folder = null;
        }
    }

    /** Some steps with some of the series each, and a kill now and then. */
    private static Map<Long, double[]> record(Recorded history, SplittableRandom random) {
        Map<Long, double[]> model = new HashMap<>();
        for (int i = 0; i < STEPS - 1; i++) {
            if (random.nextInt(6) == 0) {
                history.after(java.time.Duration.ofSeconds(5));
                continue;
            }
            double[] row = values(history, random);
            model.put(Math.floorDiv(history.now().getEpochSecond(), 5L) - 1, row);
            if (random.nextInt(15) == 0) {
                history.open();
            }
        }
        return model;
    }

    private static double[] values(Recorded history, SplittableRandom random) {
        double[] row = new double[SERIES];
        Map<String, Double> values = new HashMap<>();
        for (int i = 0; i < SERIES; i++) {
            row[i] = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(100_000) / 8.0;
            values.put("s" + i + ".rate", row[i]);
        }
        history.step(values);
        return row;
    }

    private interface Damage {
        void to(RandomAccessFile file) throws IOException;
    }
}
