package dev.banyan.telemetry.history;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.history.Layout.RingShape;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the file that another thread or process may be writing, without a lock: sums tell what is whole. No file is no history. What was asked for up to
 * two hours comes from the steps, what goes back further from the minutes.
 */
public final class HistoryReader implements History {
    private final Path path;
    private final Clock clock;

    public HistoryReader(Path path, Clock clock) {
        this.path = path;
        this.clock = clock;
    }

    @Override
    public List<KeptSeries> series() {
        return withFile(file -> Stream.of(Directory.read(file)).filter(Objects::nonNull).map(Entry::series).sorted(Comparator.comparing(KeptSeries::id)).toList(), List.of());
    }

    @Override
    public Plot read(List<String> ids, int seconds, int points, Optional<Fold> fold) {
        within("series", ids.size(), MOST_SERIES);
        within("seconds", seconds, MOST_SECONDS);
        within("points", points, MOST_POINTS);
        RingShape ring = seconds <= Layout.STEPS.rows() * Layout.STEPS.seconds() ? Layout.STEPS : Layout.MINUTES;
        int step = (int) Math.ceilDiv((long) seconds, (long) points * ring.seconds()) * ring.seconds();
        // Up to the last step that is over; the present one is not known yet.
        long end = clock.now().getEpochSecond() / STEP_SECONDS * STEP_SECONDS;
        int count = Math.min(points, Math.ceilDiv(seconds, step));
        long first = Math.ceilDiv(end, (long) step) - count;
        return withFile(file -> read(file, ids, new Steps(first, step, count), ring, fold), Optional.<Plot>empty()).orElseThrow(() -> unknown(ids.getFirst()));
    }

    private Optional<Plot> read(FileChannel file, List<String> ids, Steps steps, RingShape ring, Optional<Fold> fold) throws IOException {
        List<Folding> lines = lines(file, ids, steps.count(), fold);
        RowSource rows = new RowSource(file, ring, HistoryFile.step(clock.now()));
        long perStep = steps.seconds() / ring.seconds();
        for (int i = 0; i < steps.count(); i++) {
            for (long row = (steps.first() + i) * perStep; row < (steps.first() + i + 1) * perStep; row++) {
                if (rows.turnTo(row)) {
                    for (Folding line : lines) {
                        line.add(i, rows, row);
                    }
                }
            }
        }
        return Optional.of(new Plot(steps.first() * steps.seconds(), steps.seconds(), lines.stream().map(Folding::line).toList()));
    }

    private static List<Folding> lines(FileChannel file, List<String> ids, int count, Optional<Fold> fold) throws IOException {
        Entry[] entries = Directory.read(file);
        Map<String, Integer> places = new HashMap<>();
        for (int place = 0; place < entries.length; place++) {
            if (entries[place] != null) {
                places.put(entries[place].series().id(), place);
            }
        }
        List<Folding> lines = new ArrayList<>();
        for (String id : ids) {
            int place = Optional.ofNullable(places.get(id)).orElseThrow(() -> unknown(id));
            lines.add(new Folding(place, entries[place], fold.orElse(entries[place].series().fold()), count));
        }
        return lines;
    }

    private <T> T withFile(Reading<T> reading, T absent) {
        if (!Files.exists(path)) {
            return absent;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return HistoryFile.isOurs(file) ? reading.of(file) : absent;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read the history of figures in " + path + ": " + e.getMessage(), e);
        }
    }

    private static void within(String what, int asked, int most) {
        if (asked < 1 || asked > most) {
            throw new BanyanException(ErrorCode.USAGE, "ask for 1 to at most " + most + " " + what + " at once, not " + asked);
        }
    }

    private static BanyanException unknown(String id) {
        return new BanyanException(ErrorCode.NO_SUCH_THING, "there is no history of '" + id + "'; /api/history and `banyan history` tell what there is");
    }

    private interface Reading<T> {
        T of(FileChannel file) throws IOException;
    }

    /** @param first the number of the first, counted in steps of that length since 1970 */
    private record Steps(long first, int seconds, int count) {}
}
