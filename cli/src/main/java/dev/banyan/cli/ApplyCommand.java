package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = "Makes the running site what its edited site file says, live; changes nothing when the file is wrong or needs a new start.")
final class ApplyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--dry-run", description = "Print the plan only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            RemoteMove move = new RemoteMove(client, terminal, json);
            return dryRun ? move.plan("do=apply") : move.make("/api/apply", "");
        }
    }
}
