package dev.banyan.cli;

import dev.banyan.drill.bank.BankCheck;
import dev.banyan.drill.bank.BankOptions;
import dev.banyan.drill.bank.BankReport;
import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.bank.Server;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "bank", description = "Moves money and fills a set through the router while the database's primary is killed and frozen in turn, and counts what was lost.")
final class DrillBankCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--url", paramLabel = "URL", description = "The database; then nothing is broken. Default: the running site's, through its router.")
    private Optional<String> url = Optional.empty();

    @Option(names = "--faults", paramLabel = "COUNT", description = "How often the primary is broken; 0 only writes. Default: ${DEFAULT-VALUE}.", defaultValue = "10")
    private int faults;

    @Option(names = "--workers", paramLabel = "COUNT", description = "Workers at a time. Default: ${DEFAULT-VALUE}.", defaultValue = "32")
    private int workers;

    @Option(names = "--duration", paramLabel = "TIME", description = "How long is written when there are no faults. Default: ${DEFAULT-VALUE}.", defaultValue = "10s", converter = TimeWords.class)
    private Duration duration;

    @Option(names = "--pause", paramLabel = "TIME", description = "Between healing and the next fault. Default: ${DEFAULT-VALUE}.", defaultValue = "1s", converter = TimeWords.class)
    private Duration pause;

    @Option(names = "--limit", paramLabel = "TIME", description = "How long the servers may take to be whole again. Default: ${DEFAULT-VALUE}.", defaultValue = "2m", converter = TimeWords.class)
    private Duration limit;

    @Option(names = "--ledger", paramLabel = "FILE", description = "Keeps a line for each write that is sent and each that is acknowledged.")
    private Optional<Path> ledger = Optional.empty();

    @Option(names = "--allow-remote", paramLabel = "WHY", description = "Why a database that is not on this machine may be used.")
    private Optional<String> allowRemote = Optional.empty();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    DrillBankCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (url.isPresent()) {
            if (faults > 0) {
                throw new BanyanException(ErrorCode.USAGE, "only servers that a site of Banyan's runs can be broken: give --faults 0 with --url, or leave --url out");
            }
            return run(new Secret(url.get()), new Nothing(), List::of);
        }
        try (AdminSite site = new AdminSite(place.stateFolder())) {
            return run(site);
        }
    }

    private int run(AdminSite site) {
        int replicas = site.servers().size() - 1;
        if (faults > 0 && replicas < 1) {
            throw new BanyanException(ErrorCode.USAGE, "the site has no replica that could take over from a broken primary: banyan grow --to 4 first, or give --faults 0");
        }
        Secret through = site.database().orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING, "the site has no database: write database: { kind: postgresql } in its site file"));
        return run(through, new BrokenPrimary(site, replicas), () -> {
            site.state();
            return site.servers();
        });
    }

    /** For a database whose servers are somebody else's. */
    private static final class Nothing implements Fault {
        @Override
        public String strike(int number) {
            throw new IllegalStateException("no fault was asked for");
        }

        @Override
        public boolean whole() {
            return true;
        }
    }

    private int run(Secret database, Fault fault, Supplier<List<Server>> servers) {
        BankOptions usual = BankOptions.at(database);
        BankOptions options = new BankOptions(database, workers, usual.accounts(), usual.inserts(), usual.serializable(), faults, duration, pause, limit, ledger, allowRemote);
        terminal.progress("writing with " + workers + " workers, " + faults + (faults == 1 ? " fault" : " faults"));
        try (Loops loops = Loops.open()) {
            BankReport report = BankCheck.run(options, fault, servers, loops, Clock.system(), Loops.random(), terminal::progress);
            terminal.say(json ? report.json() : report.table());
            return report.exitCode();
        }
    }
}
