package dev.banyan.cli;

import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.cache.CacheDrillOptions;
import dev.banyan.drill.cache.OneQueryCheck;
import dev.banyan.drill.cache.OneQueryReport;
import dev.banyan.drill.cache.StalenessCheck;
import dev.banyan.drill.cache.StalenessReport;
import dev.banyan.drill.cache.WriteBehindCheck;
import dev.banyan.drill.cache.WriteBehindReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "cache", description = "Changes the sample application's rows past its cache and reads them through it, writes behind while nodes are killed, and asks for one key thousands of times at once: is anything stale, lost, done twice?")
final class DrillCacheCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--check", split = ",", paramLabel = "CHECK", description = "Which: ${COMPLETION-CANDIDATES}; several with commas between. Default: all.")
    private Set<Check> checks = EnumSet.allOf(Check.class);

    @Option(names = "--duration", paramLabel = "TIME", description = "How long rows are changed and read, and how long is written when there are no faults. Default: ${DEFAULT-VALUE}.", defaultValue = "10s", converter = TimeWords.class)
    private Duration duration;

    @Option(names = "--bound", paramLabel = "TIME", description = "How long after its commit a change may still be unseen. Default: ${DEFAULT-VALUE}.", defaultValue = "1s", converter = TimeWords.class)
    private Duration bound;

    @Option(names = "--faults", paramLabel = "COUNT", description = "How often a node of the cache, and the database's primary, are killed in turn while it is written behind. Default: ${DEFAULT-VALUE}.", defaultValue = "4")
    private int faults;

    @Option(names = "--workers", paramLabel = "COUNT", description = "Connections that write behind. Default: ${DEFAULT-VALUE}.", defaultValue = "32")
    private int workers;

    @Option(names = "--misses", paramLabel = "COUNT", description = "How often one key is asked for at once. Default: ${DEFAULT-VALUE}.", defaultValue = "10000")
    private int misses;

    @Option(names = "--pause", paramLabel = "TIME", description = "Between healing and the next fault. Default: ${DEFAULT-VALUE}.", defaultValue = "1s", converter = TimeWords.class)
    private Duration pause;

    @Option(names = "--limit", paramLabel = "TIME", description = "How long all may take to be whole again. Default: ${DEFAULT-VALUE}.", defaultValue = "2m", converter = TimeWords.class)
    private Duration limit;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    /** What can be checked. */
    enum Check { STALENESS, LEDGER, QUERY }

    DrillCacheCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SiteServersSeen site = SiteServersSeen.of(place.stateFolder());
        Secret redis = CacheAccess.of(place.stateFolder()).variables().get("REDIS_URL");
        CacheDrillOptions usual = CacheDrillOptions.at(redis, site.database().url());
        CacheDrillOptions options = new CacheDrillOptions(redis, site.database().url(), duration, bound, usual.rows(), usual.writers(), usual.readers(), workers, usual.counters(),
                faults, pause, limit, misses, Optional.empty());
        ObjectNode report = new JsonMapper().createObjectNode();
        boolean passed = true;
        try (AdminSite broken = new AdminSite(place.stateFolder()); Loops loops = Loops.open()) {
            passed &= !checks.contains(Check.STALENESS) || staleness(options, loops, report);
            passed &= !checks.contains(Check.LEDGER) || ledger(options, new BrokenCache(broken, site.servers().size() - 1), loops, report);
            passed &= !checks.contains(Check.QUERY) || query(options, site.servers().stream().map(SiteServersSeen.Seen::url).toList(), loops, report);
        }
        report.put("passed", passed);
        if (json) {
            terminal.say(report.toPrettyString());
        }
        return passed ? Failures.DONE : Failures.FAILED;
    }

    private boolean staleness(CacheDrillOptions options, Loops loops, ObjectNode into) {
        terminal.progress("changing rows past the cache, and reading them through it");
        StalenessReport found = StalenessCheck.run(options, loops, Clock.system(), Loops.random());
        into.set("staleness", found.json());
        return told(found.table(), found.passed());
    }

    private boolean ledger(CacheDrillOptions options, Fault fault, Loops loops, ObjectNode into) {
        terminal.progress("writing behind with " + workers + " workers, " + faults + (faults == 1 ? " fault" : " faults"));
        WriteBehindReport found = WriteBehindCheck.run(options, fault, loops, Clock.system(), Loops.random(), terminal::progress);
        into.set("ledger", found.json());
        return told(found.table(), found.passed());
    }

    private boolean query(CacheDrillOptions options, List<Secret> servers, Loops loops, ObjectNode into) {
        terminal.progress("asking for one key " + misses + " times at once; the servers' figures take a while");
        OneQueryReport found = OneQueryCheck.run(options, servers, loops, Clock.system());
        into.set("query", found.json());
        return told(found.table(), found.passed());
    }

    private boolean told(String table, boolean passed) {
        if (!json) {
            terminal.say(table);
        }
        return passed;
    }
}
