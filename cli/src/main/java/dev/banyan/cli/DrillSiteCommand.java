package dev.banyan.cli;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.FaultKind;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code banyan drill application} and its like: one command for each {@link Drill}, which is where its name and words come from. */
@Command(description = "Breaks one part of the running site under load, and says whether users, data and the site's own healing were as promised.")
final class DrillSiteCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Drill drill;

    @Mixin
    private Place place = new Place();

    @Mixin
    private DrillWords words = new DrillWords();

    @Option(names = "--fault", description = "What is done: ${COMPLETION-CANDIDATES}, as far as the drill knows it and the site can. Default: the drill's usual one.")
    private Optional<FaultKind> fault = Optional.empty();

    @Option(names = "--target", paramLabel = "NAME", description = "Which node is broken. Default: one of the right kind, by chance.")
    private Optional<String> target = Optional.empty();

    DrillSiteCommand(Terminal terminal, Drill drill) {
        this.terminal = terminal;
        this.drill = drill;
    }

    @Override
    public Integer call() {
        try (DrillRun run = new DrillRun(place, words, terminal)) {
            DrillReport report = run.carryOut(drill, fault, target);
            terminal.say(words.json() ? report.json() : report.table());
            return report.exitCode();
        }
    }
}
