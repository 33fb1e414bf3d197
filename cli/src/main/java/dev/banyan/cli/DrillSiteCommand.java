package dev.banyan.cli;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.drill.site.SiteDrill;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
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
        Thread caller = Thread.currentThread();
        Signals.listen(caller::interrupt);
        try (AdminSite site = new AdminSite(place.stateFolder()); Loops loops = Loops.open()) {
            terminal.progress(terminal.bold(drill.name()) + ": " + drill.hypothesis(fault.filter(kind -> drill.promise(kind).isPresent()).orElse(drill.usual())));
            DrillReport report = SiteDrill.run(drill, words.options(Running.in(place.stateFolder()), fault, target), site, loops, Clock.system(), Loops.random(), line -> terminal.progress("  " + line));
            terminal.say(words.json() ? report.json() : report.table());
            return report.exitCode();
        }
    }
}
