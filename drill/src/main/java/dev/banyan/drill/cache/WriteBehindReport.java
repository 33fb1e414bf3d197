package dev.banyan.drill.cache;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@link WriteBehindCheck} found.
 *
 * @param acknowledged writes, of {@code sent}
 * @param unknown additions that got no answer or an error: they may have been done or not
 * @param lost acknowledged writes that the database does not have
 * @param doubled effects in the database that nobody asked for
 * @param repeated sums of a counter that were answered more than once
 * @param differing keys that the cache shows otherwise than the database has them when all is quiet
 * @param drainedSeconds from the last write until the database had all of them
 * @param failures by what was said; a failure is no loss
 * @param wanted how many faults were to be done; fewer were when not all was whole again in time
 */
public record WriteBehindReport(
        int workers, int counters, double seconds, long sent, long acknowledged, long unknown, long lost, long doubled, long repeated, long differing,
        double drainedSeconds, SortedMap<String, Long> failures,
        List<Struck> faults, int wanted, List<String> examples) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public WriteBehindReport {
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        faults = List.copyOf(faults);
        examples = List.copyOf(examples);
    }

    /**
     * A fault and what it did to the writers.
     *
     * @param withoutWritesMs the longest time that nothing was acknowledged because of it; 0 below 50 ms
     * @param wholeSeconds from the fault until all was as it should be and writes went on
     */
    public record Struck(String what, double atSeconds, double withoutWritesMs, double wholeSeconds, boolean healed) {}

    public boolean passed() {
        return acknowledged > 0 && lost + doubled + repeated + differing == 0 && faults.size() == wanted && faults.stream().allMatch(Struck::healed);
    }

    /** A table to read. */
    public String table() {
        StringBuilder text = new StringBuilder(512);
        line(text, "%s: %,d writes of %d workers to %d counters and a row each, in %.1f s (%,.0f/s)", passed() ? "held" : "DID NOT HOLD", sent, workers, counters, seconds,
                acknowledged / Math.max(seconds, 1e-3));
        line(text, "  acknowledged   %,d, lost %,d, done twice %,d; in the database %.2f s after the last", acknowledged, lost, doubled, drainedSeconds);
        line(text, "  answers        %,d sums said twice, %,d keys shown otherwise than the database has them in the end", repeated, differing);
        line(text, "  no answer      %,d additions, done or not", unknown);
        line(text, "  failures       %s", failures.isEmpty() ? "none" : failures.toString());
        if (wanted > 0) {
            line(text, "  faults         %d of %d healed; without writes at most %.0f ms, whole again in at most %.1f s", faults.stream().filter(Struck::healed).count(), wanted,
                    faults.stream().mapToDouble(Struck::withoutWritesMs).max().orElse(0), faults.stream().mapToDouble(Struck::wholeSeconds).max().orElse(0));
        }
        examples.forEach(example -> line(text, "    %s", example));
        return text.toString();
    }

    /** One JSON object; keys are added, never renamed. */
    public ObjectNode json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("workers", workers).put("counters", counters).put("seconds", seconds).put("sent", sent).put("acknowledged", acknowledged).put("unknown", unknown);
        root.put("lost", lost).put("doubled", doubled).put("repeated", repeated).put("differing", differing).put("drained_s", drainedSeconds);
        failures.forEach(root.putObject("failures")::put);
        root.put("faults_wanted", wanted);
        ArrayNode list = root.putArray("faults");
        faults.forEach(fault -> list.addObject().put("what", fault.what).put("at_s", fault.atSeconds).put("without_writes_ms", fault.withoutWritesMs).put("whole_s", fault.wholeSeconds)
                .put("healed", fault.healed));
        examples.forEach(root.putArray("examples")::add);
        return root.put("passed", passed());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
