package dev.banyan.bench.bed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every measured round, and what comes of them: medians, and ratios of rounds that ran side by side. */
public final class Rounds {
    private static final String OURS = "banyan";

    private final String unit;
    private final String goal;
    private final Optional<String> base;
    private final List<Round> all = new ArrayList<>();

    /**
     * @param unit what is counted each second, for the table's head: {@code req/s}
     * @param goal what the ratios are of and should be, as a sentence without its end
     */
    public Rounds(String unit, String goal) {
        this(unit, goal, Optional.empty());
    }

    /** @param base the subject whose figures all others' are divided by; ours are divided by the others' when empty */
    public Rounds(String unit, String goal, Optional<String> base) {
        this.unit = unit;
        this.goal = goal;
        this.base = base;
    }

    public void add(Round round) {
        all.add(round);
    }

    public String table() {
        StringBuilder table = new StringBuilder(String.format("%-17s %-9s %10s %9s %9s %9s %9s %9s %8s %7s%n",
                "subject", "case", unit, "p50 ms", "p99 ms", "cpu us", "user us", "sys us", "rss MiB", "errors"));
        for (List<Round> rounds : bySubjectAndCase().values()) {
            Round one = rounds.getFirst();
            table.append(String.format(Locale.ROOT, "%-17s %-9s %10.0f %9.2f %9.2f %9.2f %9.2f %9.2f %8.0f %7d%n",
                    one.subject(), one.load(), Median.of(rounds, Round::rps), Median.of(rounds, r -> r.measured().p50Millis()), Median.of(rounds, r -> r.measured().p99Millis()),
                    Median.of(rounds, Round::cpuMicros), Median.of(rounds, Round::userMicros), Median.of(rounds, r -> r.cpuMicros() - r.userMicros()),
                    Median.of(rounds, Round::residentKib) / 1024, rounds.stream().mapToLong(r -> r.measured().errors()).sum()));
        }
        table.append(String.format("%n%s:%n", goal));
        ratios().forEach((name, ratio) -> table.append(String.format(Locale.ROOT, "  %-22s %.3f%n", name, ratio)));
        return table.toString();
    }

    /** Medians as {@code {"machine":..,"rows":[{"subject","case","rps","p50_ms","p99_ms","cpu_us","rss_mib","errors"}],"ratios":{..}}}. */
    public String json() {
        return report().toPrettyString() + "\n";
    }

    /** The same, for those that have more to say. */
    public ObjectNode report() {
        ObjectNode report = new JsonMapper().createObjectNode().put("machine", Machine.words());
        ArrayNode rows = report.putArray("rows");
        for (List<Round> rounds : bySubjectAndCase().values()) {
            Round one = rounds.getFirst();
            rows.addObject()
                    .put("subject", one.subject())
                    .put("case", one.load())
                    .put("rps", Math.round(Median.of(rounds, Round::rps)))
                    .put("p50_ms", rounded(Median.of(rounds, r -> r.measured().p50Millis())))
                    .put("p99_ms", rounded(Median.of(rounds, r -> r.measured().p99Millis())))
                    .put("cpu_us", rounded(Median.of(rounds, Round::cpuMicros)))
                    .put("rss_mib", rounded(Median.of(rounds, Round::residentKib) / 1024))
                    .put("errors", rounds.stream().mapToLong(r -> r.measured().errors()).sum());
        }
        ObjectNode byPeer = report.putObject("ratios");
        ratios().forEach((name, ratio) -> byPeer.put(name, rounded(ratio)));
        return report;
    }

    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }

    /** Ours over each peer's, or each over the base's, in the same round. */
    public Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        Map<String, List<Round>> groups = bySubjectAndCase();
        for (List<Round> theirs : groups.values()) {
            Round one = theirs.getFirst();
            List<Round> ours = groups.get(base.orElse(OURS) + " " + one.load());
            boolean costsNothing = theirs.stream().anyMatch(round -> round.cpu().micros() == 0); // there is no process in between
            if (one.subject().equals(base.orElse(OURS)) || ours == null || costsNothing) {
                continue;
            }
            List<Double> ratio = new ArrayList<>();
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                double ourMicros = ours.get(i).cpuMicros();
                double theirMicros = theirs.get(i).cpuMicros();
                ratio.add(base.isPresent() ? theirMicros / ourMicros : ourMicros / theirMicros);
            }
            ratios.put(one.subject() + " " + one.load(), Median.of(ratio, Double::doubleValue));
        }
        return ratios;
    }

    private Map<String, List<Round>> bySubjectAndCase() {
        Map<String, List<Round>> groups = new LinkedHashMap<>();
        for (Round round : all) {
            groups.computeIfAbsent(round.subject() + " " + round.load(), _ -> new ArrayList<>()).add(round);
        }
        return groups;
    }

    /** One subject under one load for a few seconds. */
    public record Round(String subject, String load, Measured measured, CpuTime cpu, double residentKib) {
        double rps() {
            return measured.requests() / measured.seconds();
        }

        double cpuMicros() {
            return cpu.micros() / measured.requests();
        }

        double userMicros() {
            return cpu.userMicros() / measured.requests();
        }
    }
}
