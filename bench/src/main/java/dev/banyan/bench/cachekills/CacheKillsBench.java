package dev.banyan.bench.cachekills;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Machine;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.drill.cache.CacheDrillOptions;
import dev.banyan.drill.cache.WriteBehindCheck;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** {@code bench/cache-kills}: nothing that was acknowledged is lost and nothing is done twice, whatever is killed. */
public final class CacheKillsBench {
    private static final String USAGE = "usage: bench/cache-kills [--kills N] [--workers N] [--seed N] [--only banyan|node|primary|primary_then_banyan] [--quick] [--logs FOLDER] [--json FILE]";
    /** Without a fault between 0.7 and 1.4 s of writing before each. */
    private static final Duration PAUSE = Duration.ofMillis(700);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private CacheKillsBench() {}

    /** @param arguments the folder of the {@code banyan} launcher, then those of {@link Plan} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Plan plan = Plan.of(List.of(arguments).subList(1, arguments.length));
            Path launcher = Path.of(arguments[0]).resolve("banyan");
            makeReady(launcher);
            CacheKillsReport report = run(List.of(launcher.toString()), plan);
            System.out.print(report.table());
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), report.json().toPrettyString());
            }
            System.exit(report.ledger().passed() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** What the launcher builds and records at its first call, which takes minutes, is not what a start is. */
    private static void makeReady(Path launcher) throws IOException, InterruptedException {
        System.err.println("the launcher makes ready what it has not built yet");
        Process ready = new ProcessBuilder(launcher.toString(), "--help").redirectErrorStream(true).start();
        String said = new String(ready.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ready.waitFor() != 0) {
            throw new IOException("the launcher failed: " + said);
        }
    }

    /** @param banyan the command, ready to run, without a verb */
    static CacheKillsReport run(List<String> banyan, Plan plan) throws IOException, InterruptedException {
        RandomGenerator random = Loops.random(plan.seed());
        String machine = Machine.words() + Optional.of(Machine.busy()).filter(words -> !words.isEmpty()).map(words -> "; " + words).orElse("");
        try (TestBed bed = TestBed.open(); Loops loops = Loops.open(); KilledSite site = new KilledSite(bed, banyan, plan.kinds(), random)) {
            System.err.println("starting a site at stage 5");
            try {
                site.start();
                return new CacheKillsReport(plan.seed(), machine, WriteBehindCheck.run(options(site, plan), new KillRows(), site, loops, Clock.system(), random, System.err::println));
            } finally {
                if (plan.logs().isPresent()) {
                    site.keepLogs(plan.logs().get());
                }
            }
        }
    }

    private static CacheDrillOptions options(KilledSite site, Plan plan) throws IOException, InterruptedException {
        JsonNode variables = site.variables();
        CacheDrillOptions usual = CacheDrillOptions.at(new Secret(variables.path("REDIS_URL").asString()), new Secret(variables.path("DATABASE_URL").asString()));
        return new CacheDrillOptions(usual.redis(), usual.database(), usual.duration(), usual.bound(), usual.rows(), usual.writers(), usual.readers(), plan.workers(), usual.counters(),
                plan.kills(), PAUSE, LIMIT, usual.misses(), usual.allowRemote());
    }

    /**
     * How much is done.
     *
     * @param kinds of which one is chosen at random each time; named more than once, the likelier
     * @param logs where the site's logs are kept
     */
    record Plan(int kills, int workers, long seed, List<Kind> kinds, Optional<Path> logs, Optional<Path> json) {
        static Plan of(List<String> arguments) {
            int kills = 100;
            int workers = 32;
            long seed = 1;
            List<Kind> kinds = List.of(Kind.values());
            Optional<Path> logs = Optional.empty();
            Optional<Path> json = Optional.empty();
            Arguments words = new Arguments(arguments, USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--kills" -> kills = words.number();
                    case "--workers" -> workers = words.number();
                    case "--seed" -> seed = words.number();
                    case "--only" -> kinds = List.of(kind(words));
                    case "--quick" -> kills = 3;
                    case "--logs" -> logs = Optional.of(words.path());
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            return new Plan(kills, workers, seed, kinds, logs, json);
        }

        private static Kind kind(Arguments words) {
            String name = words.value();
            return List.of(Kind.values()).stream().filter(kind -> kind.name().equalsIgnoreCase(name)).findFirst()
                    .orElseThrow(() -> words.fault("--only is 'banyan', 'node', 'primary' or 'primary_then_banyan', not '" + name + "'"));
        }
    }
}
