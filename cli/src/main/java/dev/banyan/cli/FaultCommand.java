package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "fault", description = "Breaks something of the running site on purpose, for a limited time; without words it lists what is broken and what can be.")
final class FaultCommand implements Callable<Integer> {
    private static final String LIFT = "lift";
    private static final String ALL = "all";

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "kill, stop, latency, drop, partition or full-disk; or lift, to end one now.")
    private Optional<String> kind = Optional.empty();

    @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET", description = "A server, as web-1; or an arrow in quotes, as 'front-door>web-1'. To lift: the fault's number, or all.")
    private Optional<String> target = Optional.empty();

    @Option(names = "--for", paramLabel = "TIME", description = "How long, at most 10m. Default: 30s.", converter = TimeWords.class)
    private Optional<Duration> lasts = Optional.empty();

    @Option(names = "--latency", paramLabel = "TIME", description = "How much longer a round trip takes, at most 1m; for the kind latency. Default: 100ms.", converter = TimeWords.class)
    private Optional<Duration> latency = Optional.empty();

    @Option(names = "--jitter", paramLabel = "TIME", description = "Up to so much more, by chance; at most as much as the latency. Default: none.", converter = TimeWords.class)
    private Optional<Duration> jitter = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    FaultCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (kind.isPresent() && target.isEmpty()) {
            terminal.problem("say what: banyan fault " + kind.get() + (kind.get().equals(LIFT) ? " NUMBER, or all" : " TARGET, as: banyan fault stop web-1") + "; 'banyan fault' lists what there is");
            return Failures.USAGE;
        }
        Optional<FaultOrder> order = kind.filter(word -> !word.equals(LIFT)).map(word -> FaultOrder.of(FaultKind.of(word), target.orElseThrow(), lasts, latency, jitter));
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            if (kind.isEmpty()) {
                list(client.get("/api/faults"));
            } else if (order.isPresent()) {
                tell(client.ask("/api/faults", letter(order.get()).toString()));
            } else {
                lift(client, target.orElseThrow());
            }
            return Failures.DONE;
        }
    }

    private static ObjectNode letter(FaultOrder order) {
        ObjectNode letter = new JsonMapper().createObjectNode().put("kind", order.kind().word()).put("target", order.target()).put("for", order.lasts().toMillis() + "ms");
        if (order.kind() == FaultKind.LATENCY) {
            letter.put("latency", order.latency().toMillis() + "ms").put("jitter", order.jitter().toMillis() + "ms");
        }
        return letter;
    }

    private void lift(AdminClient client, String which) {
        if (!which.equals(ALL)) {
            tell(client.ask("/api/faults/" + which + "/lift", "{}"));
            return;
        }
        ArrayNode lifted = new JsonMapper().createArrayNode();
        client.get("/api/faults").path("active").forEach(fault -> lifted.add(client.ask("/api/faults/" + fault.path("number").asLong() + "/lift", "{}")));
        if (json) {
            terminal.say(lifted.toPrettyString());
        } else if (lifted.isEmpty()) {
            terminal.say("nothing is broken on purpose");
        } else {
            lifted.forEach(fault -> terminal.say(line(fault)));
        }
    }

    private void tell(JsonNode fault) {
        terminal.say(json ? fault.toPrettyString() : line(fault));
    }

    private void list(JsonNode all) {
        if (json) {
            terminal.say(all.toPrettyString());
            return;
        }
        if (all.path("active").isEmpty()) {
            terminal.say("nothing is broken on purpose");
        }
        all.path("active").forEach(fault -> terminal.say(line(fault)));
        all.path("past").forEach(fault -> terminal.say(line(fault)));
        Table possible = new Table("can be broken", "by");
        all.path("possible").forEach(one -> possible.row(one.path("target").asString(), String.join(", ", one.path("kinds").valueStream().map(JsonNode::asString).toList())));
        terminal.say("");
        possible.lines().forEach(terminal::say);
    }

    /** As {@code 3 active   stop web-1: its one process was stopped (SIGSTOP); until 2026-11-22T14:00:30Z}. */
    private static String line(JsonNode fault) {
        String setting = fault.path("setting").asString("");
        String until = fault.path("state").asString().equals("active") ? "; until " + Instant.parse(fault.path("until").asString()).truncatedTo(ChronoUnit.SECONDS) : "";
        return "%-3d %-8s %s %s%s: %s%s".formatted(fault.path("number").asLong(), fault.path("state").asString(), fault.path("kind").asString(),
                setting.isEmpty() ? "" : setting + " ", fault.path("target").asString(), fault.path("sentence").asString(), until);
    }
}
