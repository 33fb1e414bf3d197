package dev.banyan.cli;

import dev.banyan.engines.LogFollow;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.logs.LogFound;
import dev.banyan.telemetry.logs.LogLine;
import dev.banyan.telemetry.logs.LogQuestion;
import dev.banyan.telemetry.logs.LogSearch;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "logs", description = "Prints what a process wrote, or searches what all wrote, whether the site runs or not; without a name, the names there are.")
final class LogsCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Whose log: web-1, db-1, banyan, access, ...")
    private Optional<String> first = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "The same.")
    private Optional<String> named = Optional.empty();

    @Option(names = {"-f", "--follow"}, description = "Go on as it grows, until Ctrl-C; of one log.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "LINES", description = "How many of the last lines. Default: ${DEFAULT-VALUE}.", defaultValue = "200")
    private int lines;

    @Option(names = "--grep", paramLabel = "TEXT", description = "Only lines with this text, upper or lower case; of all logs when none is named.")
    private Optional<String> grep = Optional.empty();

    @Option(names = "--regex", paramLabel = "EXPRESSION", description = "Only lines in which this regular expression (RE2's syntax) is found.")
    private Optional<String> regex = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", description = "Only the last 30s, 10m, 24h.", converter = TimeWords.class)
    private Optional<Duration> since = Optional.empty();

    @Option(names = "--tier", paramLabel = "TIER", description = "Only of application, database, cache, edges, banyan or access.")
    private Optional<String> tier = Optional.empty();

    @Option(names = "--json", description = "Print a line of JSON for each: at, name, tier, line.")
    private boolean json;

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (lines < 0) {
            throw new BanyanException(ErrorCode.USAGE, "--lines is " + lines + ": give 0 or more");
        }
        Path state = place.stateFolder();
        if (!Files.isDirectory(state)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no " + state + ": no site was ever started there; say where with -C FOLDER");
        }
        StateFolder folder = StateFolder.at(state);
        Optional<String> name = first.or(() -> named);
        if (grep.isPresent() || regex.isPresent() || since.isPresent() || tier.isPresent() || json) {
            return search(folder, name);
        }
        if (name.isEmpty()) {
            LogFollow.names(folder).forEach(terminal::say);
            return Failures.DONE;
        }
        LogFollow log = LogFollow.of(folder, name.get(), Clock.system());
        if (follow) {
            log.follow(lines, terminal.out(), () -> !terminal.out().checkError());
        } else {
            log.last(lines, terminal.out());
        }
        return Failures.DONE;
    }

    private int search(StateFolder folder, Optional<String> name) {
        if (follow) {
            throw new BanyanException(ErrorCode.USAGE, "-f follows one whole log: banyan logs -f web-1; to see its lines with a text only, pipe it through grep");
        }
        if (grep.isPresent() && regex.isPresent()) {
            throw new BanyanException(ErrorCode.USAGE, "give --grep TEXT or --regex EXPRESSION, not both");
        }
        LogFound found = new LogSearch(folder.path().resolve("logs"), Clock.system())
                .find(new LogQuestion(grep.or(() -> regex).orElse(""), regex.isPresent(), since, tier, name, lines));
        found.lines().forEach(line -> terminal.say(json ? json(line) : text(line)));
        if (found.cut()) {
            terminal.progress("there may be older ones: give more with -n, or ask for less with --since, --tier or --name");
        }
        return Failures.DONE;
    }

    private String text(LogLine line) {
        return terminal.bold(line.name()) + "  " + line.line();
    }

    private static String json(LogLine line) {
        return JSON.createObjectNode().put("at", line.at().map(Instant::toString).orElse(null)).put("name", line.name()).put("tier", line.tier()).put("line", line.line()).toString();
    }
}
