package dev.banyan.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "switchover", description = "Makes a replica the database's primary, and the primary a replica, live: statements wait a moment, none fails.")
final class SwitchoverCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--to", paramLabel = "NAME", description = "The replica, as db-2. Default: the one that has the most of the primary's log.")
    private Optional<String> to = Optional.empty();

    @Option(names = "--dry-run", description = "Print the plan only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    SwitchoverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            RemoteMove move = new RemoteMove(client, terminal, json);
            return dryRun
                    ? move.plan("do=switchover" + to.map(name -> "&to=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orElse(""))
                    : move.make("/api/switchover", to.map(name -> new JsonMapper().createObjectNode().put("to", name).toString()).orElse("{}"));
        }
    }
}
