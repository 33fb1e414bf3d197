package dev.banyan.bench.balance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** All figures of one run of {@link BalanceBench}, as printed; in JSON {@code {"machine", "rows", "moves", "ratios"}}. */
record BalanceReport(List<Row> rows, List<KeyMoves.Moves> moves) {
    /** One algorithm in one case. */
    record Row(String name, PolicySimulation.Result result) {}

    BalanceReport {
        rows = List.copyOf(rows);
        moves = List.copyOf(moves);
    }

    void write(Path file) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", "simulated in virtual time: the same on every machine");
        report.put("rows", rows.stream().map(BalanceReport::json).toList());
        report.put("moves", moves);
        report.put("ratios", ratios());
        Files.writeString(file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    /** By case: the mean wait with our default over that with HAProxy's random(2). */
    Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.result().subject().equals("power-of-two")) {
                double peer = rows.stream()
                        .filter(other -> other.name().equals(row.name()) && other.result().subject().equals("[random(2)]"))
                        .mapToDouble(other -> other.result().meanWaitMs())
                        .findFirst()
                        .orElseThrow();
                ratios.put("power-of-two / random(2), mean wait, " + row.name(), row.result().meanWaitMs() / peer);
            }
        }
        return ratios;
    }

    private static Map<String, Object> json(Row row) {
        PolicySimulation.Result result = row.result();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("subject", result.subject());
        json.put("case", row.name());
        json.put("requests_spread", result.requestSpread());
        json.put("in_flight_spread", result.inFlightSpread());
        json.put("in_flight_peak", result.peak());
        json.put("mean_wait_ms", result.meanWaitMs());
        json.put("p99_wait_ms", result.p99WaitMs());
        json.put("mean_ms", result.meanTimeMs());
        json.put("p99_ms", result.p99TimeMs());
        return json;
    }
}
