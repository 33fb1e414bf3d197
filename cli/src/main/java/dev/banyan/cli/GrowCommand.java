package dev.banyan.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "grow", description = "Moves the running site to the next stage, live: no request is dropped.")
final class GrowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--to", paramLabel = "STAGE", description = "The stage to go to, up or down. Default: the next one.")
    private Optional<Integer> to = Optional.empty();

    @Option(names = "--dry-run", description = "Print the plan only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    GrowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return StageMove.make(place, to, true, dryRun, json, terminal);
    }
}
