package dev.banyan.cli;

import dev.banyan.console.Purge;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "purge", description = "Has no edge serve a response any more, and waits until each edge has said so.")
final class PurgeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(names = "--soft", description = "Only make it stale: it is validated before it is used again, and used while the application is down.")
    private boolean soft;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** One of them is said. */
    static final class What {
        @Parameters(index = "0", arity = "1", paramLabel = "URL", description = "As clients ask for it, scheme and host included; all its variants.")
        private Optional<String> url = Optional.empty();

        @Option(names = "--tag", paramLabel = "TAG", description = "All responses with this tag (Surrogate-Key or Cache-Tag).")
        private Optional<String> tag = Optional.empty();

        @Option(names = "--prefix", paramLabel = "URL", description = "All whose URL begins so, as http://localhost:8080/photos/.")
        private Optional<String> prefix = Optional.empty();

        @Option(names = "--all", description = "Everything.")
        private boolean all;
    }

    PurgeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ObjectNode order = new JsonMapper().createObjectNode().put("soft", soft);
        what.url.ifPresent(url -> order.put(Purge.key(Purge.Kind.URL), url));
        what.tag.ifPresent(tag -> order.put(Purge.key(Purge.Kind.TAG), tag));
        what.prefix.ifPresent(prefix -> order.put(Purge.key(Purge.Kind.PREFIX), prefix));
        if (what.all) {
            order.put(Purge.key(Purge.Kind.ALL), true);
        }
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            JsonNode report = client.ask("/api/purge", order.toString());
            boolean complete = report.path("complete").asBoolean();
            if (json) {
                terminal.say(report.toPrettyString());
            } else {
                report.path("edges").forEach(edge -> terminal.say(line(edge)));
            }
            if (!complete) {
                terminal.problem("not every edge has said that it purged; one that could not be reached purges as soon as it reaches the site again");
            }
            return complete ? Failures.DONE : Failures.FAILED;
        }
    }

    private static String line(JsonNode edge) {
        String name = edge.path("edge").asString();
        long responses = edge.path("responses").asLong();
        return edge.path("done").asBoolean()
                ? String.format(Locale.ROOT, "%-16s %,d %s in %.1f ms", name, responses, responses == 1 ? "response" : "responses", edge.path("millis").asDouble())
                : String.format(Locale.ROOT, "%-16s did not answer in %.0f s", name, edge.path("millis").asDouble() / 1000);
    }
}
