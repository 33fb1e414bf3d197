package dev.banyan.telemetry.history;

import dev.banyan.net.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A history under test with a clock of its own: what is recorded, and what is read back. */
final class Recorded implements AutoCloseable, Clock {
    /** A minute's begin. */
    static final Instant BEGIN = Instant.ofEpochSecond(1_800_000_000L);

    final Path path;
    final HistoryReader reader;
    private Instant now = BEGIN;
    private HistoryFile file;

    Recorded(Path folder) {
        path = folder.resolve("figures.ring");
        reader = new HistoryReader(path, this);
        open();
    }

    Recorded open() {
        file = HistoryFile.open(path, now);
        return this;
    }

    boolean wasDamaged() {
        return file.wasDamaged();
    }

    Recorded at(Instant time) {
        now = time;
        return this;
    }

    Recorded after(Duration time) {
        return at(now.plus(time));
    }

    /** A step passes, in which the series were these. */
    int step(Map<String, Double> values) {
        now = now.plusSeconds(History.STEP_SECONDS);
        List<Sample> samples = new ArrayList<>();
        values.forEach((id, value) -> samples.add(new Sample(series(id), value)));
        try {
            return file.record(now, samples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int step(String id, double value) {
        return step(Map.of(id, value));
    }

    double[] read(String id, int seconds, int points) {
        return reader.read(List.of(id), seconds, points, Optional.empty()).lines().getFirst().values();
    }

    double[] read(String id, int seconds, int points, Fold fold) {
        return reader.read(List.of(id), seconds, points, Optional.of(fold)).lines().getFirst().values();
    }

    /** Latencies are folded by their maximum. */
    static KeptSeries series(String id) {
        int dot = id.lastIndexOf('.');
        return new KeptSeries(id, "what " + id + " is", "1/s", dot < 0 ? Optional.empty() : Optional.of(id.substring(0, dot)), id.endsWith(".p99") ? Fold.MAX : Fold.MEAN);
    }

    @Override
    public long nanos() {
        return Duration.between(BEGIN, now).toNanos();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration time) {
        after(time);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
