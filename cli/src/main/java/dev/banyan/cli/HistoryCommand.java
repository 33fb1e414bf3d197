package dev.banyan.cli;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.history.KeptSeries;
import dev.banyan.telemetry.history.Plot;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "history", description = "Shows the figures of the last 24 hours, whether the site runs or not.")
final class HistoryCommand implements Callable<Integer> {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int WIDTH = 48;
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "SERIES", description = "One series, as front-door.p99, or all of web-1. Default: all.")
    private Optional<String> asked = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", description = "How far back: 10m, 2h, 24h. Default: ${DEFAULT-VALUE}.", defaultValue = "1h", converter = TimeWords.class)
    private Duration since = Duration.ofHours(1);

    @Option(names = "--json", description = "Print a line of JSON for each series: id, title, unit, from_s, step_s, values.")
    private boolean json;

    HistoryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (since.toSeconds() < 1 || since.toSeconds() > History.MOST_SECONDS) {
            throw new BanyanException(ErrorCode.USAGE, "--since is from 1s to 24h: no more is kept");
        }
        History history = SiteHistory.of(place.stateFolder(), Clock.system());
        List<String> ids = history.series().stream().map(KeptSeries::id).filter(id -> asked.stream().allMatch(word -> id.equals(word) || id.startsWith(word + "."))).toList();
        if (ids.isEmpty()) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, asked.map(word -> "there is no history of '" + word + "'; banyan history without it tells what there is")
                    .orElse("there is no history of a site here yet; say where with -C FOLDER"));
        }
        List<Plot> plots = new ArrayList<>();
        for (int i = 0; i < ids.size(); i += History.MOST_SERIES) {
            plots.add(history.read(ids.subList(i, Math.min(ids.size(), i + History.MOST_SERIES)), (int) since.toSeconds(), json ? 300 : WIDTH, Optional.empty()));
        }
        if (json) {
            plots.forEach(plot -> plot.lines().forEach(line -> terminal.say(json(plot, line).toString())));
        } else {
            table(plots).forEach(terminal::say);
        }
        return Failures.DONE;
    }

    private static List<String> table(List<Plot> plots) {
        Table table = new Table("", "last", "mean", "highest", "", "");
        plots.forEach(plot -> plot.lines().forEach(line -> {
            double[] known = DoubleStream.of(line.values()).filter(value -> !Double.isNaN(value)).toArray();
            if (known.length > 0) {
                table.row(line.series().id(), figure(known[known.length - 1]), figure(DoubleStream.of(known).average().orElseThrow()), figure(highest(known)), line.series().unit(), bars(line.values()));
            }
        }));
        return table.lines();
    }

    /** From zero to the highest; a step that was not measured is empty. */
    static String bars(double[] values) {
        double highest = highest(values);
        StringBuilder bars = new StringBuilder();
        for (double value : values) {
            bars.append(Double.isNaN(value) ? ' ' : BARS.charAt(highest <= 0 ? 0 : Math.clamp(Math.round(value / highest * (BARS.length() - 1)), 0, BARS.length() - 1)));
        }
        return bars.toString();
    }

    private static double highest(double[] values) {
        return DoubleStream.of(values).filter(value -> !Double.isNaN(value)).max().orElse(0);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 1_000 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private static ObjectNode json(Plot plot, Plot.Line line) {
        ObjectNode node = JSON.createObjectNode().put("id", line.series().id()).put("title", line.series().title()).put("unit", line.series().unit())
                .put("from_s", plot.fromSeconds()).put("step_s", plot.stepSeconds());
        ArrayNode values = node.putArray("values");
        for (double value : line.values()) {
            if (Double.isNaN(value)) {
                values.addNull();
            } else {
                values.add(value);
            }
        }
        return node;
    }
}
