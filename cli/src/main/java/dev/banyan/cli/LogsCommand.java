package dev.banyan.cli;

import dev.banyan.engines.LogFollow;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Prints what a process wrote, whether the site runs or not; without a name, the names there are.")
final class LogsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Whose log: web-1, db-1, ...")
    private Optional<String> name = Optional.empty();

    @Option(names = {"-f", "--follow"}, description = "Go on as it grows, until Ctrl-C.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "LINES", description = "How many of the last lines. Default: ${DEFAULT-VALUE}.", defaultValue = "200")
    private int lines;

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
}
