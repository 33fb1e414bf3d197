package dev.banyan.cli;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.Drills;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "drill", description = "Breaks a running site on purpose, or asks it hard questions, and says whether what it promises held. Without a name it lists the drills.",
        subcommands = {DrillAllCommand.class, DrillReadsCommand.class, DrillBankCommand.class, DrillCacheCommand.class})
final class DrillCommand implements Callable<Integer> {
    private final Terminal terminal;

    DrillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** @param stage the first that has what it needs */
    private record Row(String name, int stage, String what) {
        String line() {
            return "%-12s  stage %d  %s".formatted(name, stage, what);
        }
    }

    @Override
    public Integer call() {
        terminal.say("One part of the running site breaks under load, and users, data and healing are judged:");
        Drills.all().forEach(drill -> terminal.say("  " + row(drill).line()));
        terminal.say("  " + new Row("all", Drills.all().getFirst().stage(), "each of these that the site's stage allows, one after the other").line());
        terminal.say("One promise is put to the test for long:");
        checks().forEach(row -> terminal.say("  " + row.line()));
        terminal.say("banyan drill NAME --help says more; the stage is the first that has what the drill needs.");
        return Failures.DONE;
    }

    private static Row row(Drill drill) {
        List<String> others = drill.faults().stream().filter(fault -> fault != drill.usual()).map(fault -> fault.word()).toList();
        return new Row(drill.name(), drill.stage(), drill.victim() + " is " + drill.usual().done() + "; --fault " + String.join(", ", others) + " where possible");
    }

    private static List<Row> checks() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("reads", 1, "no session is shown its own past, in a million operations through the router; meant for stage 4"));
        rows.add(new Row("bank", 4, "money moves while the primary is killed and frozen again and again: none is lost"));
        rows.add(new Row("cache", 5, "the cache is not stale, loses no write behind it, and asks once for what ten thousand want"));
        return rows;
    }
}
