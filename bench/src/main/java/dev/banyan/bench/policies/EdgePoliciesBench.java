package dev.banyan.bench.policies;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.topology.Edge.Eviction;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.ObjectMapper;

/**
 * {@code bench/edge-policies}: hit ratios of all policies. The traces are the same with the same seed on every machine; W-TinyLFU's figures alone may move in the
 * fourth digit, since Caffeine lets a newcomer in at random now and then, against attackers who know the sketch.
 */
public final class EdgePoliciesBench {
    private static final String USAGE = "usage: bench/edge-policies [--quick] [--seed N] [--json FILE] | bench/edge-policies --hot";
    private static final double[] PARTS = {0.01, 0.05, 0.2};
    private static final String BOUND = "[the future known]";

    /**
     * One policy on one trace.
     *
     * @param cache the cache's size as a part of the bytes of all objects that are asked for
     * @param hits the part of requests that were answered from the cache
     * @param byteHits the part of their bytes
     */
    public record Row(String subject, String trace, double cache, double hits, double byteHits) {}

    private EdgePoliciesBench() {}

    public static void main(String[] args) throws Exception {
        try {
            run(args, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static List<Row> run(String[] args, PrintStream out) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(List.of(args), USAGE);
        int count = 1_000_000;
        long seed = 1;
        Optional<Path> json = Optional.empty();
        while (arguments.hasNext()) {
            switch (arguments.next()) {
                case "--quick" -> count = 200_000;
                case "--seed" -> seed = arguments.number();
                case "--json" -> json = Optional.of(arguments.path());
                case "--hot" -> {
                    new HotHits(1_000_000).print(out);
                    return List.of();
                }
                default -> throw arguments.unknown();
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Requests trace : traces(count, seed)) {
            play(trace, rows, out);
        }
        if (json.isPresent()) {
            write(json.get(), seed, rows);
        }
        return rows;
    }

    private static List<Requests> traces(int count, long seed) {
        return List.of(Requests.zipf(0.7, count, seed), Requests.zipf(0.9, count, seed), Requests.zipf(1.1, count, seed), Requests.zipfAndScan(count, seed), Requests.shifting(count, seed),
                Requests.loop(count, seed), Requests.scan(count, seed));
    }

    private static void play(Requests trace, List<Row> rows, PrintStream out) {
        long footprint = trace.footprint();
        out.printf(Locale.ROOT, "%n%-20s %d requests, %d MiB of objects; hits of requests / of bytes in %%%n%-20s", trace.name(), trace.objects().length, footprint >> 20, "cache of all bytes");
        for (double part : PARTS) {
            out.printf(Locale.ROOT, " %13.0f %%", 100 * part);
        }
        out.println();
        for (Eviction eviction : Eviction.values()) {
            out.printf("%-20s", name(eviction));
            for (double part : PARTS) {
                note(name(eviction), trace, part, new Replay(trace, (long) (part * footprint)).with(eviction), rows, out);
            }
            out.println();
        }
        out.printf("%-20s", BOUND);
        for (double part : PARTS) {
            note(BOUND, trace, part, new Replay(trace, (long) (part * footprint)).withTheFuture(), rows, out);
        }
        out.println();
    }

    private static void note(String subject, Requests trace, double part, Replay.Result result, List<Row> rows, PrintStream out) {
        rows.add(new Row(subject, trace.name(), part, result.hits(), result.byteHits()));
        out.printf(Locale.ROOT, "   %5.1f / %4.1f", 100 * result.hits(), 100 * result.byteHits());
    }

    static String name(Eviction eviction) {
        return eviction.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void write(Path file, long seed, List<Row> rows) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", "simulated: the same on every machine");
        report.put("seed", seed);
        report.put("rows", rows);
        report.put("ratios", ratios(rows));
        Files.writeString(file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    /** By trace and size: the misses of the default over those of LRU. */
    static Map<String, Double> ratios(List<Row> rows) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.subject.equals(name(Eviction.W_TINY_LFU))) {
                Row lru = rows.stream().filter(other -> other.subject.equals("lru") && other.trace.equals(row.trace) && other.cache == row.cache).findFirst().orElseThrow();
                ratios.put(String.format(Locale.ROOT, "w-tiny-lfu / lru, misses, %s, %.0f %%", row.trace, 100 * row.cache), (1 - row.hits) / (1 - lru.hits));
            }
        }
        return ratios;
    }
}
