package dev.banyan.cli;

import dev.banyan.drill.site.Drills;
import dev.banyan.drill.tour.TourOptions;
import dev.banyan.drill.tour.TourPlan;
import dev.banyan.drill.tour.TourReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "tour", description = "Takes the sample site from stage 1 to the last one and back, under load and with a drill at each stage, and reports what users saw. Nothing needs to run before.")
final class TourCommand implements Callable<Integer> {
    private static final String REPORT = "tour.html";

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--short", description = "Each drill at the first stage that has it; some minutes.")
    private boolean shortForm;

    @Option(names = "--to", paramLabel = "STAGE", description = "The highest stage. Default: the last there is.")
    private Optional<Integer> to = Optional.empty();

    @Option(names = "--rate", paramLabel = "RATE", description = "Steps of users a second, of one to some twenty requests each. Default: 30; with --short 8.")
    private Optional<Double> rate = Optional.empty();

    @Option(names = "--report", paramLabel = "FILE", description = "Where the HTML report is written. Default: ${DEFAULT-VALUE} in the current folder.", defaultValue = REPORT)
    private Path report;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(names = "--keep", description = "Keep the tour's folder, with the site's logs and data. One that did not pass is kept anyway.")
    private boolean keep;

    TourCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TourOptions options = options();
        Path home = home();
        writable();
        Running.find(place.stateFolder()).ifPresent(site -> terminal.progress("a site is up already (" + site.site() + ", " + site.console() + "): the tour has a site of its own, at ports of its own, and leaves that one alone"));
        Path folder = folder();
        TourReport made = made(options, home, folder);
        terminal.say(json ? made.json() : made.table().stripTrailing());
        try {
            write(made);
            terminal.progress("report      " + report.toAbsolutePath().normalize());
        } finally { // a disk that is too full for the report has no room for the folder
            leave(folder, keep || !made.passed());
        }
        return made.exitCode();
    }

    private TourReport made(TourOptions options, Path home, Path folder) {
        try {
            return tour(options, home, folder);
        } catch (RuntimeException e) {
            leave(folder, Files.exists(folder.resolve(TourSite.LOG))); // no site was begun: there is nothing to look at
            throw e;
        }
    }

    private void leave(Path folder, boolean kept) {
        if (kept) {
            terminal.progress("its folder  " + folder + " (logs in .banyan/logs)");
        } else {
            delete(folder);
        }
    }

    private TourOptions options() {
        TourOptions options = TourOptions.of(shortForm);
        if (to.isPresent()) {
            options = options.upTo(StageMove.known(to.get()));
        }
        return rate.isPresent() ? options.at(rate.get()) : options;
    }

    private TourReport tour(TourOptions options, Path home, Path folder) {
        TourPlan plan = TourPlan.of(options, Drills.all());
        terminal.progress("starting a site of its own in " + folder + "; " + plan.legs().size() + " steps, " + plan.atLeast().toSeconds() + " s and what moves and drills take");
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Signals.listen(() -> stopped.complete(null));
        try (Loops loops = Loops.open(); TourSite site = TourSite.up(folder, home, loops, stopped); TourDrills drills = new TourDrills(site, options, loops, Clock.system());
                TourRun run = new TourRun(options, site, drills, loops, Clock.system(), new TourProgress(terminal), stopped)) {
            run.run(plan);
            return new TourReport(command(), options, ThisMachine.machine(run.log().stages()), run.began(), run.log().phases(), run.log().samples(), run.log().stages(), run.decisions(), run.load(), run.problem());
        }
    }

    private String command() {
        return "banyan tour" + (shortForm ? " --short" : "") + to.map(stage -> " --to " + stage).orElse("") + rate.map(steps -> " --rate " + steps).orElse("");
    }

    /** The folder that holds Banyan and its sample: the launcher says it. */
    private static Path home() {
        return Path.of(Optional.ofNullable(System.getProperty(Place.HOME)).orElse("")).toAbsolutePath().normalize();
    }

    /** Before minutes are spent on it. */
    private void writable() {
        Path beside = report.toAbsolutePath().normalize().getParent();
        if (Files.isDirectory(report) || beside == null || !Files.isDirectory(beside) || !Files.isWritable(beside)) {
            throw new BanyanException(ErrorCode.USAGE, "--report: " + report + " cannot be written; name a file in a folder that is there");
        }
    }

    private void write(TourReport made) {
        try {
            Files.writeString(report, made.html(TourDrawing.code()));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write " + report + ": " + e, e);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("banyan-tour-");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "no temporary folder for the tour: " + e, e);
        }
    }

    /** The link to the application goes, not what it leads to. */
    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the tour is over, but its folder " + folder + " cannot be removed: " + e, e);
        }
    }
}
