package dev.banyan.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "deploy",
        description = "Replaces the instances of the application, or of a service, one by one: starts the new one, waits for its health, drains the old one.")
final class DeployCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "A service of the site file. Default: the application.")
    private Optional<String> service = Optional.empty();

    @Option(names = "--dry-run", description = "Print the plan only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    DeployCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            RemoteMove move = new RemoteMove(client, terminal, json);
            return dryRun
                    ? move.plan("do=deploy" + service.map(name -> "&service=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orElse(""))
                    : move.make("/api/deploy", service.map(name -> new JsonMapper().createObjectNode().put("service", name).toString()).orElse(""));
        }
    }
}
