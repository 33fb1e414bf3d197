package dev.banyan.cli;

import dev.banyan.topology.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "status", description = "Shows what runs, how it is, and what Banyan did last by itself.")
final class StatusCommand implements Callable<Integer> {
    private static final int DECISIONS = 5;

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            ObjectNode site = (ObjectNode) client.get("/api/site");
            JsonNode decisions = client.get("/api/decisions?most=" + DECISIONS);
            if (json) {
                site.put("console", client.running().console()).put("siteFile", client.running().siteFile()).put("pid", client.running().pid());
                client.running().frontDoor().forEach(site.putArray("frontDoor")::add);
                site.set("decisions", decisions);
                terminal.say(site.toPrettyString());
            } else {
                text(site, decisions, client.running()).forEach(terminal::say);
            }
        }
        return Failures.DONE;
    }

    private List<String> text(JsonNode site, JsonNode decisions, Running running) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(site.path("name").asString()) + " at stage " + site.path("stage").asInt() + "   " + String.join(" ", running.frontDoor())
                + "   console " + running.console());
        Table nodes = new Table("", "is", "at", "req/s", "p99 ms", "in flight", "", "");
        for (JsonNode node : site.path("nodes")) {
            if (!node.path("kind").asString().equals("users")) {
                nodes.row(node.path("title").asString(), node.path("health").asString(), node.path("detail").asString(), figure(node, "rate"),
                        figure(node, "p99Millis"), figure(node, "inFlight"),
                        node.path("kind").asString().equals("edge") ? node.path("gauge").asString() : "", node.path("why").asString());
            }
        }
        lines.addAll(nodes.lines());
        JsonNode totals = site.path("totals");
        lines.add("%,d requests answered since the start, %,d failed".formatted(totals.path("requests").asLong(), totals.path("failed").asLong()));
        for (JsonNode promise : site.path("slo")) {
            lines.add(promise(promise));
        }
        for (JsonNode numbered : decisions) {
            JsonNode decision = numbered.path("decision");
            lines.add(terminal.faint(decision.path("at").asString().substring(0, 19) + "  ") + decision.path("what").asString() + ": "
                    + decision.path("why").asString());
        }
        return lines;
    }

    /** {@code promised: 99.9% of requests do not fail; 83.1 % of what may fail in 30d is left; burns 1.2x (5m), ...}. */
    private String promise(JsonNode promise) {
        StringBuilder burns = new StringBuilder();
        promise.path("burn").forEach(burn -> burns.append(burns.isEmpty() ? "" : ", ").append("%.1fx (%s)".formatted(burn.path("rate").asDouble(), burn.path("window").asString())));
        String line = "promised: " + promise.path("what").asString() + "; %.1f %% of what may break it in %s is left; it goes ".formatted(
                100 * promise.path("left").asDouble(), Durations.format(Duration.ofSeconds(promise.path("windowSeconds").asLong()))) + burns;
        return promise.path("alerting").asBoolean() ? line + "\n  " + terminal.red(promise.path("alert").asString()) : line;
    }

    private static String figure(JsonNode node, String name) {
        JsonNode figures = node.path("figures");
        if (!figures.isObject()) {
            return "";
        }
        JsonNode value = figures.path(name);
        return value.isIntegralNumber() ? Long.toString(value.asLong()) : "%.1f".formatted(value.asDouble());
    }
}
