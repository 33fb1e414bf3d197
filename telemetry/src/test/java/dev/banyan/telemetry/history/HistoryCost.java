package dev.banyan.telemetry.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a history of 60 servers costs: run its main, with the number of steps. Each step records 8 series of each of 60 servers, 60 arrows and 20 others; then questions
 * are asked as the page does. Prints microseconds.
 */
final class HistoryCost {
    private HistoryCost() {}

    public static void main(String[] arguments) throws IOException {
        int steps = arguments.length == 0 ? 4_000 : Integer.parseInt(arguments[0]);
        Path path = Files.createTempDirectory("history").resolve("figures.ring");
        java.time.Instant now = Recorded.BEGIN;
        try (HistoryFile file = HistoryFile.open(path, now)) {
            long taken = 0;
            int series = 0;
            for (int i = 0; i < steps; i++) {
                now = now.plusSeconds(History.STEP_SECONDS);
                long before = System.nanoTime();
                List<Sample> samples = samples(i);
                file.record(now, samples);
                taken += i < steps / 2 ? 0 : System.nanoTime() - before;
                series = samples.size();
            }
            double micros = taken / 1e3 / (steps - steps / 2);
            System.out.printf("record %d series: %.0f us a step, %.4f %% of a core%n", series, micros, micros / (History.STEP_SECONDS * 1e6) * 100);
        }
        java.time.Instant end = now;
        Recorded clock = new Recorded(path.getParent()).at(end);
        for (int seconds : new int[] {600, 7_200, 86_400}) {
            List<String> ids = IntStream.range(0, 6).mapToObj(i -> "target-" + i + ".rate0").toList();
            long before = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                clock.reader.read(ids, seconds, 300, Optional.empty());
            }
            System.out.printf("6 series of %d s: %.1f ms a question%n", seconds, (System.nanoTime() - before) / 20e6);
        }
        System.out.printf("the file: %.1f MB at most%n", HistoryFile.BYTES / 1e6);
        clock.close();
    }

    private static List<Sample> samples(int step) {
        List<Sample> samples = new ArrayList<>();
        for (int target = 0; target < 140; target++) {
            for (int i = 0; i < 8; i++) {
                String id = "target-" + target;
                samples.add(new Sample(new KeptSeries(id + ".rate" + i, "requests a second", "1/s", Optional.of(id), Fold.MEAN), step + i));
            }
        }
        return samples;
    }
}
