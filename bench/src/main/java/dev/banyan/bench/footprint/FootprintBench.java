package dev.banyan.bench.footprint;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Machine;
import dev.banyan.bench.bed.Median;
import dev.banyan.bench.bed.Memory;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code bench/footprint}: how long Banyan takes to start, what it holds at rest, and what a connection costs that waits. */
public final class FootprintBench {
    private static final String USAGE = "usage: bench/footprint [--quick] [--only site|connections] [--json FILE]";
    private static final int REST_SECONDS = 3;
    private static final double MIB_OF_KIB = 1024;

    private final Plan plan;
    private final Path repository;
    private final Findings findings = new Findings();

    private FootprintBench(Plan plan, Path repository) {
        this.plan = plan;
        this.repository = repository;
    }

    /** @param arguments the folder of the {@code banyan} launcher, then those of {@link Plan} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            run(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length), System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Why idle connections cannot be measured on this machine, as a sentence with what to do. */
    static Optional<String> obstacle(int connections) throws IOException {
        List<String> missing = TestBed.missing("taskset", "nginx");
        if (!missing.isEmpty()) {
            return Optional.of("bench/footprint needs " + String.join(", ", missing) + " (NGINX is the server behind the proxies too); on Debian: apt install util-linux nginx-light haproxy");
        }
        long files = IdleConnections.mostFiles();
        long needed = IdleConnections.filesFor(connections);
        return files < needed
                ? Optional.of("bench/footprint needs " + needed + " open files a process for " + connections + " connections, and " + files + " are allowed; raise that (ulimit -Hn, /etc/security/limits.conf), or say --quick")
                : Optional.empty();
    }

    /** @throws IllegalArgumentException for what cannot be used or done here, with a sentence for the user */
    static Findings run(Path repository, List<String> arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments);
        Optional<String> obstacle = plan.connections() > 0 ? obstacle(plan.connections()) : Optional.empty();
        if (obstacle.isPresent()) {
            throw new IllegalArgumentException(obstacle.get());
        }
        FootprintBench bench = new FootprintBench(plan, repository);
        bench.measure();
        out.print(bench.findings.table());
        if (plan.json().isPresent()) {
            Files.writeString(plan.json().get(), bench.findings.json());
        }
        return bench.findings;
    }

    private void measure() throws IOException, InterruptedException {
        Optional.of(Machine.busy()).filter(words -> !words.isEmpty()).ifPresent(findings::note);
        try (TestBed bed = TestBed.open()) {
            if (plan.starts() > 0) {
                site(bed);
            }
            if (plan.connections() > 0) {
                System.err.printf("holding %d connections%n", plan.connections());
                new IdleConnections(bed, plan.connections(), plan.idleSeconds(), findings).measure();
            }
        }
    }

    private void site(TestBed bed) throws IOException, InterruptedException {
        Path launcher = repository.resolve("banyan");
        makeReady(bed, launcher);
        SiteUnderTest site = new SiteUnderTest(bed, List.of(launcher.toString()));
        System.err.println("starting a new site");
        start("first, a new site", List.of(site.start()));
        TimeUnit.SECONDS.sleep(REST_SECONDS);
        SiteUnderTest.Parts parts = site.memory();
        rest("banyan", parts.banyan());
        rest("postgresql", parts.postgresql());
        rest("application", parts.application());
        site.stop();
        List<SiteUnderTest.Start> later = new ArrayList<>();
        while (later.size() < plan.starts()) {
            System.err.printf("starting it again, %d of %d%n", later.size() + 1, plan.starts());
            later.add(site.start());
            site.stop();
        }
        start("again, median of " + later.size(), later);
    }

    /** What the launcher builds and records at its first call, which takes minutes, is not what a start is. */
    private void makeReady(TestBed bed, Path launcher) throws IOException, InterruptedException {
        System.err.println("the launcher makes ready what it has not built yet");
        Process ready = bed.start(new ProcessBuilder(launcher.toString(), "--help").redirectErrorStream(true));
        String said = new String(ready.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (ready.waitFor() != 0) {
            throw new IOException("the launcher failed: " + said);
        }
    }

    private void start(String which, List<SiteUnderTest.Start> starts) {
        findings.add(Findings.Row.of(which, "start").with("console s", Median.of(starts, SiteUnderTest.Start::console)).with("site s", Median.of(starts, SiteUnderTest.Start::site)));
    }

    private void rest(String part, Memory memory) {
        findings.add(Findings.Row.of(part, "at rest").with("RSS MiB", memory.residentKib() / MIB_OF_KIB).with("PSS MiB", memory.proportionalKib() / MIB_OF_KIB));
    }

    /**
     * How much is measured.
     *
     * @param starts of the site that is there already, an odd number; 0 leaves the site out
     * @param connections 0 leaves them out
     */
    record Plan(int starts, int connections, int idleSeconds, Optional<Path> json) {
        static Plan of(List<String> arguments) {
            boolean quick = false;
            Optional<Path> json = Optional.empty();
            String only = "";
            Arguments words = new Arguments(arguments, USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--quick" -> quick = true;
                    case "--only" -> only = words.value();
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            int starts = quick ? 1 : 5;
            int connections = quick ? 1000 : 10_000;
            int seconds = quick ? 2 : 10;
            return switch (only) {
                case "" -> new Plan(starts, connections, seconds, json);
                case "site" -> new Plan(starts, 0, 0, json);
                case "connections" -> new Plan(0, connections, seconds, json);
                default -> throw new IllegalArgumentException(String.format(Locale.ROOT, "--only is 'site' or 'connections', not '%s'; %s", only, USAGE));
            };
        }
    }
}
