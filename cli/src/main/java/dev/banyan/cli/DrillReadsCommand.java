package dev.banyan.cli;

import dev.banyan.drill.reads.ReadYourWritesCheck;
import dev.banyan.drill.reads.ReadYourWritesOptions;
import dev.banyan.drill.reads.ReadYourWritesReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reads", description = "Writes and reads through the router in many sessions, and tells whenever one is shown a past that it had left behind.")
final class DrillReadsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--url", paramLabel = "URL", description = "The database: postgresql://USER:PASSWORD@HOST:PORT/NAME. Default: the running site's, through its router.")
    private Optional<String> url = Optional.empty();

    @Option(names = "--sessions", paramLabel = "COUNT", description = "Sessions at a time. Default: ${DEFAULT-VALUE}.", defaultValue = "50")
    private int sessions;

    @Option(names = "--operations", paramLabel = "COUNT", description = "Operations of all sessions. Default: ${DEFAULT-VALUE}.", defaultValue = "100000")
    private long operations;

    @Option(names = "--limit", paramLabel = "TIME", description = "Stop after this time even when some are left. Default: ${DEFAULT-VALUE}.", defaultValue = "10m", converter = TimeWords.class)
    private Duration limit;

    @Option(names = "--writes", paramLabel = "PERCENT", description = "Operations that write outside a transaction. Default: ${DEFAULT-VALUE}.", defaultValue = "20")
    private int writes;

    @Option(names = "--transactions", paramLabel = "PERCENT", description = "Operations that are transactions. Default: ${DEFAULT-VALUE}.", defaultValue = "10")
    private int transactions;

    @Option(names = "--carries", paramLabel = "PERCENT", description = "Operations that carry a position to another connection. Default: ${DEFAULT-VALUE}.", defaultValue = "2")
    private int carries;

    @Option(names = "--allow-remote", paramLabel = "WHY", description = "Why a database that is not on this machine may be used.")
    private Optional<String> allowRemote = Optional.empty();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    DrillReadsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ReadYourWritesOptions options = options();
        terminal.progress("checking: " + operations + " operations of " + sessions + " sessions");
        try (Loops loops = Loops.open()) {
            ReadYourWritesReport report = ReadYourWritesCheck.run(options, loops, Clock.system(), Loops.random(), terminal::progress);
            terminal.say(json ? report.json() : report.table());
            return report.exitCode();
        }
    }

    private ReadYourWritesOptions options() {
        if (url.isPresent()) {
            return with(new Secret(url.get()), List.of());
        }
        SiteServersSeen site = SiteServersSeen.of(place.stateFolder());
        return with(site.database().url(), site.servers().stream().map(server -> new ReadYourWritesOptions.Server(server.name(), server.url())).toList());
    }

    private ReadYourWritesOptions with(Secret database, List<ReadYourWritesOptions.Server> servers) {
        return new ReadYourWritesOptions(database, sessions, operations, limit, writes, transactions, carries, servers, allowRemote);
    }
}
