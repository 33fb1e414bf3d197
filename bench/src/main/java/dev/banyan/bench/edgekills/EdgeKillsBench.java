package dev.banyan.bench.edgekills;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Machine;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Two edges and their origin, killed one after the other while clients ask for what may be stored and what may not. */
public final class EdgeKillsBench {
    private static final int EDGES = 2;
    private static final int OBJECTS = 50;
    private static final int PAUSE_MILLIS = 5;
    /** One request in so many is for what nobody may store. */
    private static final int OWN_ONE_IN = 10;
    private static final String USAGE = "usage: bench/edge-kills [--quick] [--clients N] [--seconds N] [--json FILE]";

    private final Plan plan;
    private final EdgesAndOrigin site;
    private final List<Phase> phases = new ArrayList<>();
    private volatile Phase phase = new Phase("all up");
    private volatile boolean over;

    private EdgeKillsBench(Plan plan, EdgesAndOrigin site) {
        this.plan = plan;
        this.site = site;
        phases.add(phase);
    }

    /** Exits with 1 when a request for something that may be stored failed, 2 when it could not run. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            boolean held = run(arguments, System.out).stream().allMatch(phase -> phase.storableFailed() == 0);
            System.exit(held ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Runs it and prints what came of it.
     *
     * @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user
     */
    static List<Phase> run(String[] arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments);
        try (TestBed bed = TestBed.open()) {
            EdgeKillsBench bench = new EdgeKillsBench(plan, new EdgesAndOrigin(bed, EDGES));
            bench.underLoad();
            bench.print(out);
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), bench.json().toPrettyString() + "\n");
            }
            return bench.phases;
        }
    }

    private void underLoad() throws IOException, InterruptedException {
        warmUp();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < plan.clients(); i++) {
                int first = i;
                clients.add(threads.submit(() -> load(first)));
            }
            try {
                killAll();
            } finally {
                over = true;
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private void killAll() throws IOException, InterruptedException {
        pass();
        for (int edge = 0; edge < EDGES; edge++) {
            begin("edge-" + (edge + 1) + " dead");
            site.killEdge(edge);
            pass();
            site.startEdge(edge);
            begin("all up, edge-" + (edge + 1) + " empty at first");
            warmUp();
            pass();
        }
        begin("origin dead");
        site.killOrigin();
        pass();
        begin("origin and edge-1 dead");
        site.killEdge(0);
        pass();
        site.startOrigin();
        site.startEdge(0);
        begin("all up again");
        pass();
    }

    private void begin(String name) {
        phase = new Phase(name);
        phases.add(phase);
        System.err.println(name);
    }

    private void pass() throws InterruptedException {
        TimeUnit.SECONDS.sleep(plan.seconds());
    }

    /** Every edge is asked once for everything that it may store. */
    private void warmUp() {
        Phase aside = new Phase("warm-up");
        for (int port : site.ports()) {
            try (RovingClient client = new RovingClient(List.of(port), 0, () -> aside)) {
                Wanted.storable(OBJECTS).forEach(path -> client.ask(Wanted.of(path), path));
            }
        }
        if (aside.storableFailed() > 0) {
            throw new IllegalStateException("an edge that is up did not answer: " + aside.failures());
        }
    }

    private void load(int first) {
        try (RovingClient client = new RovingClient(site.ports(), first, () -> phase)) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            while (!over) {
                Wanted what = random.nextInt(OWN_ONE_IN) == 0 ? Wanted.OWN : random.nextBoolean() ? Wanted.FRESH : Wanted.SOON_STALE;
                client.ask(what, what.path(random.nextInt(OBJECTS)));
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(PrintStream out) {
        out.printf("%-34s %10s %10s %10s %16s%n", "phase", "requests", "hits", "moved", "storable failed");
        for (Phase each : phases) {
            out.printf("%-34s %,10d %,10d %,10d %,16d%n", each.name(), each.requests(), each.hits(), each.moves(), each.storableFailed());
            each.failures().forEach((why, count) -> out.printf("    %,d %s%n", count, why));
        }
    }

    private ObjectNode json() {
        ObjectNode json = new JsonMapper().createObjectNode().put("machine", Machine.words());
        ArrayNode rows = json.putArray("phases");
        for (Phase each : phases) {
            ObjectNode row = rows.addObject().put("phase", each.name()).put("requests", each.requests()).put("hits", each.hits()).put("moved", each.moves()).put("storable_failed", each.storableFailed());
            ObjectNode failures = row.putObject("failures");
            each.failures().forEach(failures::put);
        }
        return json;
    }

    /**
     * What is run.
     *
     * @param clients at a time
     * @param seconds that each phase lasts
     */
    private record Plan(int clients, int seconds, Optional<Path> json) {
        static Plan of(String[] arguments) {
            int clients = 20;
            int seconds = 10;
            Optional<Path> json = Optional.empty();
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--quick" -> seconds = 2;
                    case "--clients" -> clients = words.number();
                    case "--seconds" -> seconds = words.number();
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            return new Plan(clients, seconds, json);
        }
    }
}
