package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.history.Fold;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.history.KeptSeries;
import dev.banyan.telemetry.history.Plot;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Made-up figures of a day: waves with a gap of ten minutes an hour ago. */
final class LivingHistory implements History {
    private static final long GAP_FROM = 4_200;
    private static final long GAP_TO = 3_600;

    private final Clock clock;
    private final LivingSite site;

    LivingHistory(Clock clock, LivingSite site) {
        this.clock = clock;
        this.site = site;
    }

    @Override
    public List<KeptSeries> series() {
        List<KeptSeries> all = new ArrayList<>();
        for (Site.Node node : site.site().nodes()) {
            String id = node.id();
            all.add(new KeptSeries(id + ".rate", "requests a second", "1/s", Optional.of(id), Fold.MEAN));
            all.add(new KeptSeries(id + ".failed", "failed a second", "1/s", Optional.of(id), Fold.MAX));
            all.add(new KeptSeries(id + ".in_flight", "in flight", "", Optional.of(id), Fold.MAX));
            all.add(new KeptSeries(id + ".p50", "half of the answers within", "ms", Optional.of(id), Fold.MEAN));
            all.add(new KeptSeries(id + ".p95", "95 in 100 answers within", "ms", Optional.of(id), Fold.MAX));
            all.add(new KeptSeries(id + ".p99", "99 in 100 answers within", "ms", Optional.of(id), Fold.MAX));
        }
        return all;
    }

    @Override
    public Plot read(List<String> ids, int seconds, int points, Optional<Fold> fold) {
        if (ids.size() > MOST_SERIES) {
            throw new BanyanException(ErrorCode.USAGE, "ask for at most " + MOST_SERIES + " series at once, not " + ids.size());
        }
        int step = Math.max(1, (seconds + points * STEP_SECONDS - 1) / (points * STEP_SECONDS)) * STEP_SECONDS;
        long now = clock.now().getEpochSecond();
        long last = now / step;
        int steps = Math.max(1, seconds / step);
        List<KeptSeries> all = series();
        return new Plot((last - steps + 1) * step, step, ids.stream().map(id -> all.stream().filter(each -> each.id().equals(id)).findFirst()
                .orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING, "there is no series '" + id + "'")))
                .map(kept -> new Plot.Line(kept, wave(kept.id().hashCode(), last - steps + 1, steps, step, now))).toList());
    }

    private static double[] wave(int phase, long first, int steps, int step, long now) {
        double[] values = new double[steps];
        for (int i = 0; i < steps; i++) {
            long at = (first + i) * step;
            boolean gap = now - at <= GAP_FROM && now - at > GAP_TO;
            values[i] = gap ? Double.NaN : 100 + 40 * Math.sin(phase + at / 900.0) + 5 * Math.sin(at / 17.0);
        }
        return values;
    }
}
