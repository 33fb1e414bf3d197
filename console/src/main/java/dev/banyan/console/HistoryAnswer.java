package dev.banyan.console;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.banyan.telemetry.history.Fold;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.history.KeptSeries;
import dev.banyan.telemetry.history.Plot;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code GET /api/history}: without {@code series} what there is, with it the values. */
final class HistoryAnswer {
    private static final int SECONDS = 3_600;
    private static final int POINTS = 300;
    /** More digits than a plot can show. */
    private static final MathContext DIGITS = new MathContext(6);

    private HistoryAnswer() {}

    static Answer of(History history, Call call) {
        Optional<String> asked = call.query("series");
        if (asked.isEmpty()) {
            return Answer.json(200, new What(History.STEP_SECONDS, history.series()));
        }
        List<String> ids = Stream.of(asked.get().split(",")).filter(id -> !id.isBlank()).distinct().toList();
        if (ids.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, "say the series: /api/history?series=front-door.rate,front-door.p99; /api/history tells those there are");
        }
        Plot plot = history.read(ids, call.number("seconds", SECONDS, History.MOST_SECONDS), call.number("points", POINTS, History.MOST_POINTS), fold(call));
        return Answer.json(200, new Values(plot.fromSeconds(), plot.stepSeconds(), plot.lines().stream().map(HistoryAnswer::line).toList()));
    }

    private static Optional<Fold> fold(Call call) {
        return call.query("fold").map(word -> switch (word) {
            case "mean" -> Fold.MEAN;
            case "max" -> Fold.MAX;
            default -> throw new BanyanException(ErrorCode.USAGE, "fold is mean or max, not '" + word + "'");
        });
    }

    private static Line line(Plot.Line line) {
        List<BigDecimal> values = new ArrayList<>(line.values().length);
        for (double value : line.values()) {
            values.add(Double.isFinite(value) ? new BigDecimal(value, DIGITS).stripTrailingZeros() : null);
        }
        return new Line(line.series().id(), line.series().unit(), values);
    }

    private record What(@JsonProperty("step_s") int step, List<KeptSeries> series) {}

    private record Values(@JsonProperty("from_s") long from, @JsonProperty("step_s") int step, List<Line> series) {}

    private record Line(String id, String unit, List<BigDecimal> values) {}
}
