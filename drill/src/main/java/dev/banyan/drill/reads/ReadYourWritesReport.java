package dev.banyan.drill.reads;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the read-your-writes check found.
 *
 * @param operations that were done; those that failed too
 * @param reads that were checked
 * @param writes that were acknowledged, those of transactions too
 * @param carried positions that were carried from one connection to another
 * @param canCarry whether the server knows positions at all ({@code SHOW banyan.lsn})
 * @param failures by SQLSTATE; a failure is no violation
 * @param reconnects connections opened, after the first of each session
 * @param violations by kind: own_write, own_past, carried, in_transaction, never_written
 * @param examples a sentence for each of the first ten violations
 * @param readsByServer how many of the reads each server did, without those that were lost meanwhile; empty when no server was named
 * @param ended all operations were done within the time
 */
public record ReadYourWritesReport(
        int sessions, double seconds, long operations, long reads, long writes, long transactions, long carried, boolean canCarry, SortedMap<String, Long> failures,
        long reconnects, SortedMap<String, Long> violations, List<String> examples, Times readTimes, Times writeTimes, SortedMap<String, Long> readsByServer,
        boolean ended) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ReadYourWritesReport {
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        violations = Collections.unmodifiableSortedMap(new TreeMap<>(violations));
        examples = List.copyOf(examples);
        readsByServer = Collections.unmodifiableSortedMap(new TreeMap<>(readsByServer));
    }

    /** In milliseconds. */
    public record Times(double p50Ms, double p99Ms, double maxMs) {}

    public long violated() {
        return sum(violations);
    }

    public long failed() {
        return sum(failures);
    }

    /** No session was shown its own past, and all operations were done. Failed operations are counted, not judged. */
    public boolean passed() {
        return violated() == 0 && ended && reads > 0;
    }

    /** 0 when it held, 1 when not. */
    public int exitCode() {
        return passed() ? 0 : 1;
    }

    /** A table to read. */
    public String table() {
        StringBuilder text = new StringBuilder(512);
        line(text, "%s: %,d operations of %d sessions in %.1f s (%,.0f/s)%s", violated() == 0 ? "held" : "DID NOT HOLD", operations, sessions, seconds,
                operations / Math.max(seconds, 1e-3), ended ? "" : ", stopped before all were done");
        line(text, "  violations %,d%s", violated(), list(violations));
        examples.forEach(example -> line(text, "    %s", example));
        line(text, "  reads      %,d, p50 %.2f ms, p99 %.2f ms, max %.1f ms", reads, readTimes.p50Ms, readTimes.p99Ms, readTimes.maxMs);
        line(text, "  writes     %,d, p50 %.2f ms, p99 %.2f ms, max %.1f ms; %,d transactions", writes, writeTimes.p50Ms, writeTimes.p99Ms, writeTimes.maxMs, transactions);
        line(text, "  carried    %s", canCarry ? String.format(Locale.ROOT, "%,d positions", carried) : "none: the server does not know banyan.lsn");
        line(text, "  failed     %,d%s, %,d reconnects", failed(), list(failures), reconnects);
        if (!readsByServer.isEmpty()) {
            line(text, "  reads at   %s", readsByServer.entrySet().stream().map(e -> String.format(Locale.ROOT, "%s %,d", e.getKey(), e.getValue())).collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    /** One JSON object; keys are added, never renamed. */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("sessions", sessions).put("seconds", seconds).put("operations", operations).put("reads", reads).put("writes", writes);
        root.put("transactions", transactions).put("carried", carried).put("can_carry", canCarry).put("failed", failed());
        failures.forEach(root.putObject("failures")::put);
        root.put("reconnects", reconnects).put("violations", violated());
        violations.forEach(root.putObject("violations_by_kind")::put);
        examples.forEach(root.putArray("examples")::add);
        root.put("read_p50_ms", readTimes.p50Ms).put("read_p99_ms", readTimes.p99Ms).put("read_max_ms", readTimes.maxMs);
        root.put("write_p50_ms", writeTimes.p50Ms).put("write_p99_ms", writeTimes.p99Ms).put("write_max_ms", writeTimes.maxMs);
        readsByServer.forEach(root.putObject("reads_by_server")::put);
        root.put("ended", ended).put("passed", passed());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String list(SortedMap<String, Long> counts) {
        return counts.isEmpty() ? "" : ": " + counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
