package dev.banyan.cli;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.Drills;
import dev.banyan.drill.site.SiteDrill;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "all", description = "Carries out each drill of a whole site that the running site's stage allows, one after the other, each with its usual fault; one that is aborted ends them.")
final class DrillAllCommand implements Callable<Integer> {
    /** After a drill's end some servers may still be on their way. */
    private static final Duration BETWEEN = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Mixin
    private DrillWords words = new DrillWords();

    DrillAllCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<DrillReport> reports = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        boolean whole = true;
        try (DrillRun run = new DrillRun(place, words, terminal)) {
            for (Drill drill : possible(run)) {
                if (whole && reports.stream().noneMatch(report -> report.verdict() == DrillReport.Verdict.ABORTED)) {
                    whole = carryOut(drill, run, reports, skipped);
                }
            }
        }
        boolean passed = whole && !reports.isEmpty() && reports.stream().allMatch(DrillReport::passed);
        if (words.json()) {
            terminal.say(json(reports, skipped, passed));
        }
        return passed ? Failures.DONE : Failures.FAILED;
    }

    /** A drill that this site has nothing for, as one whose database is somebody else's. */
    private record Skipped(String drill, String why) {}

    /** @return false when no other can be carried out either; those before it are told of all the same */
    private boolean carryOut(Drill drill, DrillRun run, List<DrillReport> reports, List<Skipped> skipped) {
        try {
            untilQuiet(run);
            DrillReport report = run.carryOut(drill, Optional.empty(), Optional.empty());
            reports.add(report);
            if (!words.json()) {
                terminal.say(report.table());
            }
            return true;
        } catch (InterruptedException e) {
            return ended(drill, interrupted(drill), skipped);
        } catch (BanyanException e) {
            if (e.code() != ErrorCode.USAGE) {
                return ended(drill, Thread.interrupted() ? interrupted(drill) : e.getMessage(), skipped);
            }
            skipped.add(new Skipped(drill.name(), e.getMessage()));
            terminal.progress("  skipped: " + e.getMessage());
            return true;
        }
    }

    private static String interrupted(Drill drill) {
        return "the drill " + drill.name() + " was interrupted before anything was broken";
    }

    private boolean ended(Drill drill, String why, List<Skipped> skipped) {
        skipped.add(new Skipped(drill.name(), why));
        terminal.problem(why);
        return false;
    }

    private static List<Drill> possible(DrillRun run) {
        int stage = run.site().state().stage();
        List<Drill> drills = Drills.at(stage);
        if (drills.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, "no drill is possible at stage " + stage + ", where nothing could take over: banyan grow --to " + Drills.all().getFirst().stage() + " first");
        }
        return drills;
    }

    /** If it does not become quiet, the drill says why it does not begin. */
    private static void untilQuiet(DrillRun run) throws InterruptedException {
        Clock clock = Clock.system();
        long until = clock.nanos() + BETWEEN.toNanos();
        while (clock.nanos() - until < 0 && !SiteDrill.trouble(run.site().state(), run.site()).isEmpty()) {
            clock.sleep(LOOK);
        }
    }

    private static String json(List<DrillReport> reports, List<Skipped> skipped, boolean passed) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        ArrayNode drills = root.putArray("drills");
        reports.forEach(report -> drills.add(mapper.readTree(report.json())));
        ArrayNode left = root.putArray("skipped");
        skipped.forEach(each -> left.addObject().put("drill", each.drill()).put("why", each.why()));
        return root.put("passed", passed).toPrettyString();
    }
}
