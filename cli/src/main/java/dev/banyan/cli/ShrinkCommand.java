package dev.banyan.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "shrink", description = "Moves the running site back to the stage before, live: no request is dropped.")
final class ShrinkCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--to", paramLabel = "STAGE", description = "The stage to go to. Default: the one before.")
    private Optional<Integer> to = Optional.empty();

    @Option(names = "--dry-run", description = "Print the plan only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    ShrinkCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return StageMove.make(place, to, false, dryRun, json, terminal);
    }
}
