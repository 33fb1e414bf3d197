package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "deploy",
        description = "Replaces the application's instances one by one: starts the new one, waits for its health, drains the old one.")
final class DeployCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

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
            return dryRun ? move.plan("do=deploy") : move.make("/api/deploy", "");
        }
    }
}
