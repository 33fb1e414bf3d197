package dev.banyan.cli;

import dev.banyan.control.Move;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.control.Step;
import dev.banyan.telemetry.Decisions;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.Reading;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "up", description = "Starts a site and runs it until Ctrl-C, which stops all of it and loses nothing.")
final class UpCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final CountDownLatch stop = new CountDownLatch(1);

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "SITE_FILE", description = "Default: site.yaml here, else the sample site.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--json", description = "Print one line of JSON when the site is up.")
    private boolean json;

    @Option(names = "--end-with", paramLabel = "PID", description = "Stop, as on Ctrl-C, when this process has ended: for programs that run a site of their own and may be killed.")
    private Optional<Long> parent = Optional.empty();

    UpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path siteFile = file.orElseGet(place::siteFile);
        terminal.progress("banyan: starting the site of " + siteFile);
        Reading reading = SiteFile.read(siteFile, name -> Optional.ofNullable(System.getenv(name)));
        Topology site = reading.orThrow(siteFile.toString());
        terminal.err().print(reading.report(siteFile.toString()));
        try (LiveSite live = LiveSite.open(siteFile, site)) {
            Signals.listen(() -> interrupted(live));
            parent.ifPresent(pid -> OtherProcess.ended(pid).thenRun(() -> orphaned(pid)));
            live.decisions().latest(Decisions.KEPT).forEach(this::told);
            live.decisions().listen(this::told);
            live.watch(this::moved);
            terminal.progress("  console     " + live.consoleLink());
            certificate(live).ifPresent(terminal::progress);
            return run(live);
        }
    }

    private int run(LiveSite live) throws InterruptedException {
        Move move = live.site().begin(new Request.Up(), this::progress);
        move.outcome().whenComplete((outcome, _) -> {
            if (!(outcome instanceof Outcome.Done)) {
                stop.countDown();
                return;
            }
            if (json) {
                terminal.say(json(live));
            } else {
                welcome(live);
            }
            live.settle();
        });
        stop.await();
        if (move.outcome().getNow(null) instanceof Outcome.Undone undone) {
            terminal.problem(undone.sentence());
            return Failures.FAILED;
        }
        return Failures.DONE;
    }

    private void interrupted(LiveSite live) {
        if (stop.getCount() == 0) {
            terminal.progress("hurrying: requests in flight are cut off");
            live.hurry();
        } else {
            terminal.progress("stopping: requests in flight may end, then the application, then the database");
        }
        stop.countDown();
    }

    /** Whoever reads what is said here may be gone too. */
    private void orphaned(long pid) {
        terminal.progress("process " + pid + " has ended, and this site with it (--end-with)");
        stop.countDown();
    }

    private void progress(MoveEvent event) {
        switch (event) {
            case MoveEvent.StepDone(_, var step, var took) when !(step instanceof Step.Commit) ->
                    terminal.progress("  " + terminal.green("done") + "  " + step.does() + terminal.faint(String.format(Locale.ROOT, "  %.1f s", took.toMillis() / 1000.0)));
            case MoveEvent.StepFailed(_, var step, _) -> terminal.progress("  " + terminal.red("failed") + "  " + step.does());
            case MoveEvent.Noticed(_, var what) when MoveProgress.HOW_FAR.matcher(what).matches() -> { /* the console shows it as it goes */ }
            case MoveEvent.Noticed(_, var what) -> terminal.progress("  " + what);
            case MoveEvent.Begun _, MoveEvent.StepBegun _, MoveEvent.StepDone _, MoveEvent.StepUndone _, MoveEvent.Ended _ -> { /* nothing to say */ }
        }
    }

    /** A move that another command or the console asked for. */
    private void moved(MoveEvent event) {
        switch (event) {
            case MoveEvent.Begun(_, var plan) -> terminal.progress(terminal.bold(plan.title()) + ": " + plan.summary());
            case MoveEvent.Ended(_, var outcome) -> terminal.progress("  " + outcome.sentence());
            case MoveEvent.StepDone _, MoveEvent.StepFailed _, MoveEvent.Noticed _, MoveEvent.StepBegun _, MoveEvent.StepUndone _ -> progress(event);
        }
    }

    private void told(Decisions.Numbered numbered) {
        var decision = numbered.decision();
        terminal.progress(terminal.faint("  decided  ") + decision.what() + terminal.faint(": " + decision.why()));
    }

    private void welcome(LiveSite live) {
        var wanted = live.site().wanted();
        terminal.say(terminal.bold(wanted.site().site() + " is up") + " at stage " + wanted.stage().title());
        live.addresses().forEach(address -> terminal.say("  site        " + address));
        if (!live.database().isEmpty()) {
            terminal.say("  database    " + live.database() + terminal.faint("   (banyan psql opens it; banyan env has its password)"));
        }
        if (!live.cache().isEmpty()) {
            terminal.say("  cache       " + live.cache() + terminal.faint("   (banyan redis-cli opens it; banyan env has its password)"));
        }
        terminal.say("  console     " + live.consoleLink());
        certificate(live).ifPresent(terminal::say);
        terminal.say("  next        banyan " + (wanted.stage().next().isPresent() ? "grow" : "load") + terminal.faint("   (in another terminal; Ctrl-C here stops the site)"));
    }

    /** By which a browser's warning is checked, and edges elsewhere know the console. */
    private static Optional<String> certificate(LiveSite live) {
        return Optional.of(live.consoleCertificate()).filter(shown -> !shown.isEmpty()).map(shown -> "  certificate " + shown + " (SHA-256 of the console's)");
    }

    private static String json(LiveSite live) {
        ObjectNode node = new JsonMapper().createObjectNode();
        node.put("site", live.site().wanted().site().site().value()).put("stage", live.site().wanted().stage().number());
        live.addresses().forEach(node.putArray("frontDoor")::add);
        return node.put("database", live.database()).put("cache", live.cache()).put("console", live.console()).put("consoleLink", live.consoleLink()).put("consoleCertificate", live.consoleCertificate()).put("stateFolder", live.folder().toString())
                .put("pid", ProcessHandle.current().pid()).toString();
    }
}
