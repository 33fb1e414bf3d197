package dev.banyan.cli;

import dev.banyan.drill.Arrivals;
import dev.banyan.drill.Load;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadOptions.Script;
import dev.banyan.drill.LoadOptionsEdit;
import dev.banyan.drill.LoadReport;
import dev.banyan.drill.ProgressLines;
import dev.banyan.drill.Rate;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "load", description = "Sends a site open-loop load, checks every answer, and audits every acknowledged write at the end.")
final class LoadCommand implements Callable<Integer> {
    /** The sample site's name. */
    private static final String SAMPLE = "photos";

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--url", paramLabel = "URL", description = "What to load. Default: the running site's front door.")
    private Optional<URI> url = Optional.empty();

    @Option(names = "--script", description = "What an arrival is: ${COMPLETION-CANDIDATES}. Default: photos for a running site of that name, else url.")
    private Optional<Script> script = Optional.empty();

    @Option(names = "--rate", paramLabel = "RATE", description = "Arrivals a second, as 200, or a ramp over the run, as 50..500. Default: 100.")
    private Optional<String> rate = Optional.empty();

    @Option(names = "--arrivals", description = "How they come: ${COMPLETION-CANDIDATES}. Default: poisson.")
    private Optional<Arrivals.Kind> arrivals = Optional.empty();

    @Option(names = "--duration", paramLabel = "TIME", description = "How long arrivals come, as 10s or 2m. Default: 10s.", converter = TimeWords.class)
    private Optional<Duration> duration = Optional.empty();

    @Option(names = "--requests", paramLabel = "COUNT", description = "Stop after this many arrivals. Default: no such limit.")
    private Optional<Long> requests = Optional.empty();

    @Option(names = "--users", paramLabel = "COUNT", description = "Virtual users of the script. Default: 20.")
    private Optional<Integer> users = Optional.empty();

    @Option(names = "--connections", paramLabel = "COUNT", description = "The most connections open at a time. Default: 128.")
    private Optional<Integer> connections = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long an answer may take. Default: 10s.", converter = TimeWords.class)
    private Optional<Duration> timeout = Optional.empty();

    @Option(names = "--expect-text", paramLabel = "TEXT", description = "Text that each body must hold; with --script url.")
    private Optional<String> expectText = Optional.empty();

    @Option(names = "--expect-bytes", paramLabel = "BYTES", description = "The length of each body; with --script url.")
    private Optional<Long> expectBytes = Optional.empty();

    @Option(names = "--expect-sha256", paramLabel = "HEX", description = "The SHA-256 of each body; with --script url.")
    private Optional<String> expectSha256 = Optional.empty();

    @Option(names = "--max-failed", paramLabel = "COUNT", description = "Exit code 0 up to this many failed requests. Default: 0.")
    private Optional<Long> maxFailed = Optional.empty();

    @Option(names = "--websockets", paramLabel = "COUNT", description = "WebSockets held open during the run. Default: 0.")
    private Optional<Integer> websockets = Optional.empty();

    @Option(names = "--ws-path", paramLabel = "PATH", description = "Their path; it must echo. Default: ${DEFAULT-VALUE}.", defaultValue = "/live")
    private String wsPath;

    @Option(names = "--ledger", paramLabel = "FILE", description = "Keeps the acknowledged writes. Default: a temporary file.")
    private Optional<Path> ledger = Optional.empty();

    @Option(names = "--allow-remote", paramLabel = "WHY", description = "Why a target that is not this machine may be loaded.")
    private Optional<String> allowRemote = Optional.empty();

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Makes the same arrivals again.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    LoadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        LoadOptions options = options();
        terminal.progress("loading " + options.url() + " (script " + options.script().name().toLowerCase(Locale.ROOT) + "): " + options.rate() + " arrivals/s for " + options.duration().toSeconds() + " s");
        Optional<BehindTheDoor> before = behind();
        try (Loops loops = Loops.open()) {
            LoadReport report = Load.run(options, loops, Clock.system(), seed.map(Loops::random).orElseGet(Loops::random),
                    new ProgressLines(terminal.err(), terminal.colours()));
            terminal.say(told(report, before.flatMap(then -> behind().map(now -> now.since(then)))));
            return report.exitCode();
        }
    }

    /** Only of the running site it is known what its stores were asked. */
    private Optional<BehindTheDoor> behind() {
        return url.isPresent() ? Optional.empty() : BehindTheDoor.of(place.stateFolder());
    }

    private String told(LoadReport report, Optional<BehindTheDoor> stores) {
        if (!json) {
            return (report.table() + "\n" + stores.map(BehindTheDoor::text).orElse("")).stripTrailing();
        }
        ObjectNode node = (ObjectNode) new JsonMapper().readTree(report.json());
        stores.ifPresent(behind -> behind.into(node));
        return node.toPrettyString();
    }

    private LoadOptions options() {
        LoadOptionsEdit edit = target().edit();
        rate.map(Rate::parse).ifPresent(edit::rate);
        arrivals.ifPresent(edit::arrivals);
        duration.ifPresent(edit::duration);
        requests.ifPresent(edit::requests);
        users.ifPresent(edit::users);
        connections.ifPresent(edit::connections);
        timeout.ifPresent(edit::timeout);
        expectText.ifPresent(edit::expectText);
        expectBytes.ifPresent(edit::expectBytes);
        expectSha256.ifPresent(edit::expectSha256);
        maxFailed.ifPresent(edit::maxFailed);
        websockets.ifPresent(count -> edit.websockets(count, wsPath));
        ledger.ifPresent(edit::ledger);
        allowRemote.ifPresent(edit::allowRemote);
        return edit.done();
    }

    /** Virtual users sign up and post: nothing to do unasked to an application that is not the sample. */
    private LoadOptions target() {
        if (url.isPresent()) {
            return LoadOptions.at(url.get(), script.orElse(Script.URL));
        }
        Running running = Running.in(place.stateFolder());
        URI door = running.frontDoor().stream().findFirst().map(URI::create)
                .orElseThrow(() -> new BanyanException(ErrorCode.SITE_IS_DOWN, "the running site has no front door yet; say what to load with --url"));
        return LoadOptions.at(door, script.orElseGet(() -> scriptFor(running)));
    }

    static Script scriptFor(Running running) {
        return running.site().equals(SAMPLE) ? Script.PHOTOS : Script.URL;
    }
}
