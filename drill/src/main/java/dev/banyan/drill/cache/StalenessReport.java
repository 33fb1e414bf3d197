package dev.banyan.drill.cache;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@link StalenessCheck} found.
 *
 * @param prefixes of the keys that were read
 * @param writes changes past the cache that were acknowledged
 * @param behind reads that showed a version which had been replaced when they began, within the bound or not
 * @param stale those that were replaced for longer than the bound
 * @param back reads that fell behind one that had ended before they began
 * @param invented versions that nobody has written
 * @param missing reads that were shown nothing
 * @param forgotten keys that did not show their last version when all had been quiet
 * @param stalestMs for how long the oldest version shown had been replaced
 * @param visible from a change's acknowledgement until its writer was shown it
 * @param failures by SQLSTATE or kind; a failure is no violation
 */
public record StalenessReport(
        List<String> prefixes, int rows, double seconds, long writes, long reads, long behind, long boundMs, long stale, long back, long invented, long missing, long forgotten,
        double stalestMs, Times visible, Times readTimes, SortedMap<String, Long> failures, List<String> examples) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public StalenessReport {
        prefixes = List.copyOf(prefixes);
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        examples = List.copyOf(examples);
    }

    public boolean passed() {
        return writes > 0 && reads > 0 && stale + back + invented + missing + forgotten == 0;
    }

    /** A table to read. */
    public String table() {
        StringBuilder text = new StringBuilder(512);
        line(text, "%s: %,d changes of %,d rows past the cache and %,d reads of %s in %.1f s", passed() ? "held" : "DID NOT HOLD", writes, rows, reads, String.join(" ", prefixes), seconds);
        line(text, "  shown after    p50 %.2f ms, p99 %.2f ms, max %.1f ms", visible.p50Ms(), visible.p99Ms(), visible.maxMs());
        line(text, "  older reads    %,d, the oldest replaced for %.1f ms; beyond the bound of %,d ms %,d", behind, stalestMs, boundMs, stale);
        line(text, "  went back      %,d; never written %,d; not there %,d; forgotten when quiet %,d", back, invented, missing, forgotten);
        line(text, "  reads          p50 %.2f ms, p99 %.2f ms, max %.1f ms", readTimes.p50Ms(), readTimes.p99Ms(), readTimes.maxMs());
        line(text, "  failures       %s", failures.isEmpty() ? "none" : failures.toString());
        examples.forEach(example -> line(text, "    %s", example));
        return text.toString();
    }

    /** One JSON object; keys are added, never renamed. */
    public ObjectNode json() {
        ObjectNode root = JSON.createObjectNode();
        prefixes.forEach(root.putArray("prefixes")::add);
        root.put("rows", rows).put("seconds", seconds).put("writes", writes).put("reads", reads).put("behind", behind).put("bound_ms", boundMs).put("stale", stale);
        root.put("back", back).put("invented", invented).put("missing", missing).put("forgotten", forgotten).put("stalest_ms", stalestMs);
        visible.write(root, "visible");
        readTimes.write(root, "read");
        failures.forEach(root.putObject("failures")::put);
        examples.forEach(root.putArray("examples")::add);
        return root.put("passed", passed());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
