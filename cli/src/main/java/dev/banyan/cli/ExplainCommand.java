package dev.banyan.cli;

import dev.banyan.console.Explanation;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "explain", description = "Says what would become of a request, or what the router would do with a statement, or knows of a key of the cache, and why.",
        subcommands = {ExplainCommand.Sql.class, ExplainCommand.Key.class})
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "URL", description = "A request's: https://host/path, or a path of the site. It is not sent: nothing is asked, counted or stored.")
    private Optional<String> url = Optional.empty();

    @Option(names = {"-X", "--method"}, paramLabel = "METHOD", defaultValue = "GET", description = "The request's method; GET unless it is said.")
    private String method;

    @Option(names = {"-H", "--header"}, paramLabel = "'NAME: VALUE'", description = "One of its headers. Keys, passwords and cookies are not printed again.")
    private List<String> headers = List.of();

    @Option(names = "--from", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "The client's address, which says which edge is the nearest; this machine's unless it is said.")
    private String from;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (url.filter(said -> said.startsWith("/") || said.matches("https?://.*")).isEmpty()) {
            terminal.problem("say what to explain: banyan explain https://HOST/PATH, banyan explain /PATH, banyan explain sql 'select 1', or banyan explain key user:42");
            return Failures.USAGE;
        }
        JsonNode said;
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            ObjectNode body = new JsonMapper().createObjectNode().put("url", url.get()).put("method", method).put("from", from);
            headers.forEach(body.putArray("headers")::add);
            said = client.ask("/api/explain/request", body.toString());
        }
        if (json) {
            terminal.say(said.toPrettyString());
        } else {
            text(said).forEach(terminal::say);
        }
        return Failures.DONE;
    }

    private List<String> text(JsonNode said) {
        List<String> lines = new ArrayList<>(List.of(terminal.bold(said.path("request").asString()) + " from " + said.path("from").asString()));
        for (JsonNode step : said.path("steps")) {
            String where = (step.path("at").asString() + " " + step.path("name").asString()).strip();
            String section = step.path("section").asString();
            lines.add("  %-19s %s".formatted(where, terminal.bold(step.path("does").asString())));
            lines.add("    %-17s %s".formatted("why", step.path("why").asString() + (section.isEmpty() ? "" : " (" + section + ")")));
            step.path("facts").forEach(fact -> lines.add("    %-17s %s".formatted(fact.path("name").asString(), fact.path("value").asString())));
        }
        return lines;
    }

    @Command(name = "sql", description = "Which class a statement is of, which server a new session's would go to now, and why. Of a site that is down, the class only.")
    static final class Sql implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private Place place = new Place();

        @Parameters(paramLabel = "SQL", description = "One statement or several.")
        private String sql;

        @Option(names = "--json", description = "Print it as JSON.")
        private boolean json;

        Sql(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode said = Running.find(place.stateFolder()).isPresent() ? running() : new JsonMapper().valueToTree(stopped());
            if (json) {
                terminal.say(said.toPrettyString());
            } else {
                text(said).forEach(terminal::say);
            }
            return Failures.DONE;
        }

        private JsonNode running() {
            try (AdminClient client = AdminClient.of(place.stateFolder())) {
                ObjectNode body = new JsonMapper().createObjectNode().put("sql", sql);
                return client.ask("/api/explain", body.toString());
            }
        }

        /** By the site file's settings where there is one, else by the defaults. */
        private Explanation stopped() {
            Path file = place.stateFolder().resolveSibling(Place.SITE_FILE);
            Topology site = Files.exists(file)
                    ? SiteFile.read(file, name -> Optional.ofNullable(System.getenv(name))).orThrow(file.toString())
                    : SiteFile.read("site: any\napplication: { command: x }", _ -> Optional.empty()).orThrow("the defaults");
            DatabaseRouter router = site.database().router();
            return new StatementWay(router, Catalogue.NONE, Optional.empty()).explain(sql);
        }

        private List<String> text(JsonNode said) {
            List<String> servers = said.path("servers").valueStream().map(JsonNode::asString).toList();
            List<String> lines = new ArrayList<>();
            lines.add(terminal.bold(said.path("kind").asString()) + ": " + said.path("why").asString());
            if (servers.size() > 1) {
                lines.add("  goes to " + String.join(" or ", servers.subList(0, servers.size() - 1)) + ", else " + servers.getLast());
            } else {
                lines.add(servers.isEmpty() ? terminal.faint("  the site is down: where it would go is not known") : "  goes to " + servers.getFirst());
            }
            said.path("effects").forEach(effect -> lines.add("  " + effect.asString()));
            return lines;
        }
    }

    @Command(name = "key", description = "Where a key of the cache lies, what is declared for it in cache.keys, and what is there now.")
    static final class Key implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private Place place = new Place();

        @Parameters(paramLabel = "KEY", description = "As the application says it.")
        private String key;

        @Option(names = "--json", description = "Print it as JSON.")
        private boolean json;

        Key(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            JsonNode said;
            try (AdminClient client = AdminClient.of(place.stateFolder())) {
                said = client.ask("/api/explain", new JsonMapper().createObjectNode().put("key", key).toString());
            }
            if (json) {
                terminal.say(said.toPrettyString());
            } else {
                text(said).forEach(terminal::say);
            }
            return Failures.DONE;
        }

        private List<String> text(JsonNode said) {
            String prefix = said.path("prefix").asString();
            String declared = prefix.isEmpty() ? "no prefix is declared for it: it is the application's own business" : "declared as " + prefix + ", strategy " + said.path("strategy").asString();
            List<String> lines = new ArrayList<>(List.of(terminal.bold(said.path("key").asString()) + ": " + declared));
            lines.add("  node                " + said.path("node").asString());
            said.path("facts").forEach(fact -> lines.add("  %-19s %s".formatted(fact.path("name").asString(), fact.path("value").asString())));
            return lines;
        }
    }
}
