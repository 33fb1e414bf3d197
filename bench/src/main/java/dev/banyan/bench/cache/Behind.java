package dev.banyan.bench.cache;

import dev.banyan.bench.bed.Median;
import dev.banyan.bench.bed.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;

/** What the Redis behind a proxy had to do for the clients' commands: less than it does for them directly when a proxy sends them on together, or answers itself. */
final class Behind {
    private final Map<String, List<Finding>> findings = new LinkedHashMap<>();

    /**
     * One round.
     *
     * @param cpuMicros of the server, a command of the clients'
     * @param reached of the clients' commands that came to the server, 1 for all of them
     */
    private record Finding(String subject, Workload workload, double cpuMicros, double reached) {}

    void add(String subject, Workload workload, Measured measured, RedisServer.Usage usage) {
        findings.computeIfAbsent(subject + " " + workload.words(), _ -> new ArrayList<>())
                .add(new Finding(subject, workload, usage.cpu().micros() / measured.requests(), (double) usage.commands() / measured.requests()));
    }

    String table() {
        StringBuilder table = new StringBuilder(String.format("%nthe Redis behind, for each command of the clients:%n%-17s %-9s %9s %9s%n", "through", "case", "cpu us", "reach it"));
        for (List<Finding> rounds : findings.values()) {
            table.append(String.format(Locale.ROOT, "%-17s %-9s %9.2f %8.1f%%%n", rounds.getFirst().subject(), rounds.getFirst().workload().words(),
                    Median.of(rounds, Finding::cpuMicros), 100 * Median.of(rounds, Finding::reached)));
        }
        return table.toString();
    }

    /** Adds {@code {"subject","case","cpu_us","reached"}} for each. */
    void json(ArrayNode into) {
        for (List<Finding> rounds : findings.values()) {
            into.addObject()
                    .put("subject", rounds.getFirst().subject())
                    .put("case", rounds.getFirst().workload().words())
                    .put("cpu_us", rounded(Median.of(rounds, Finding::cpuMicros)))
                    .put("reached", rounded(Median.of(rounds, Finding::reached)));
        }
    }

    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }
}
