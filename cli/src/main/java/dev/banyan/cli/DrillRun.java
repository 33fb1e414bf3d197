package dev.banyan.cli;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.drill.site.SiteDrill;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.util.Optional;

/** Drills on one running site; Ctrl-C lifts what is broken and ends the one that is under way. Owned by the verb's thread. */
final class DrillRun implements AutoCloseable {
    private final Place place;
    private final DrillWords words;
    private final Terminal terminal;
    private final AdminSite site;
    private final Loops loops;

    DrillRun(Place place, DrillWords words, Terminal terminal) {
        this.place = place;
        this.words = words;
        this.terminal = terminal;
        this.site = new AdminSite(place.stateFolder());
        this.loops = Loops.open();
        Thread caller = Thread.currentThread();
        Signals.listen(caller::interrupt);
    }

    AdminSite site() {
        return site;
    }

    DrillReport carryOut(Drill drill, Optional<FaultKind> fault, Optional<String> target) {
        FaultKind kind = fault.filter(asked -> drill.promise(asked).isPresent()).orElse(drill.usual());
        terminal.progress(terminal.bold(drill.name()) + ": " + drill.hypothesis(kind));
        return SiteDrill.run(drill, words.options(Running.in(place.stateFolder()), fault, target), site, loops, Clock.system(), Loops.random(), line -> terminal.progress("  " + line));
    }

    @Override
    public void close() {
        site.close();
        loops.close();
    }
}
