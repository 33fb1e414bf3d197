package dev.banyan.drill.bank;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the bank check found.
 *
 * @param writes writes that were sent: inserts and transfers
 * @param acknowledged that the database said it had done
 * @param lost acknowledged ones that are not there
 * @param refused that it said it had not done
 * @param ghosts refused ones that are there
 * @param unknown those whose commit got no answer: they may be there or not
 * @param unknownThere how many of those are there
 * @param strangers entries that nobody sent
 * @param drift by how much the sum of all balances differs from the first one
 * @param wrongAccounts accounts whose balance is not what their entries come to
 * @param doublePrimaries times that two servers took writes at once, by their own answers and by what was written
 * @param watched answers of the servers to the question whether they take writes
 * @param failures failed writes and connections by SQLSTATE, {@code null} where the driver has none; a failure is no loss
 * @param faults what was broken, in order
 * @param wanted how many faults were to be done; fewer were when the servers were not whole again in time
 * @param examples a sentence for each of the first findings
 */
public record BankReport(
        int workers, double seconds, long writes, long acknowledged, long lost, long refused, long ghosts, long unknown, long unknownThere, long strangers, long drift,
        long wrongAccounts, long doublePrimaries, long watched, SortedMap<String, Long> failures, List<Struck> faults, int wanted, List<String> examples) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public BankReport {
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        faults = List.copyOf(faults);
        examples = List.copyOf(examples);
    }

    /**
     * A fault and what it did to the writers.
     *
     * @param what as {@code SIGKILL of db-1}
     * @param atSeconds since the beginning
     * @param withoutWritesMs the longest time that nothing was acknowledged because of it; 0 below 50 ms
     * @param wholeSeconds from the fault until all servers were as they should be
     * @param healed whether they were, and writes went on, within the limit
     */
    public record Struck(String what, double atSeconds, double withoutWritesMs, double wholeSeconds, boolean healed) {}

    /** Nothing acknowledged is lost, nothing refused is there, no money came or went, one primary at a time, and every fault was healed. */
    public boolean passed() {
        return acknowledged > 0 && findings() == 0 && faults.size() == wanted && faults.stream().allMatch(Struck::healed);
    }

    private long findings() {
        return lost + ghosts + strangers + Math.abs(drift) + wrongAccounts + doublePrimaries;
    }

    /** 0 when it held, 1 when not. */
    public int exitCode() {
        return passed() ? 0 : 1;
    }

    /** Of the faults' times without an acknowledged write; 0 when there were no faults. */
    public double withoutWritesMs(double percentile) {
        return at(faults.stream().mapToDouble(Struck::withoutWritesMs).toArray(), percentile);
    }

    /** Of the times until the servers were whole again. */
    public double wholeSeconds(double percentile) {
        return at(faults.stream().mapToDouble(Struck::wholeSeconds).toArray(), percentile);
    }

    /** The nearest-rank percentile. */
    private static double at(double[] figures, double percentile) {
        if (figures.length == 0) {
            return 0;
        }
        Arrays.sort(figures);
        return figures[(int) Math.clamp(Math.ceil(percentile / 100 * figures.length) - 1, 0, figures.length - 1)];
    }

    /** A table to read. */
    public String table() {
        StringBuilder text = new StringBuilder(512);
        line(text, "%s: %,d writes of %d workers in %.1f s (%,.0f/s)%s", passed() ? "held" : "DID NOT HOLD", writes, workers, seconds, writes / Math.max(seconds, 1e-3),
                passed() ? "" : ": " + String.join(", ", reasons()));
        line(text, "  acknowledged     %,d, lost %,d", acknowledged, lost);
        line(text, "  refused          %,d, there all the same %,d", refused, ghosts);
        line(text, "  without answer   %,d, of which %,d are there", unknown, unknownThere);
        line(text, "  money            drift %,d, accounts that do not agree with their entries %,d", drift, wrongAccounts);
        line(text, "  primaries        two at once %,d times, in %,d answers", doublePrimaries, watched);
        line(text, "  failures         %s", failures.isEmpty() ? "none" : failures.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", ")));
        if (wanted > 0) {
            line(text, "  faults           %,d of %,d, healed %,d", faults.size(), wanted, faults.stream().filter(Struck::healed).count());
            line(text, "  without writes   p50 %,.0f ms, p99 %,.0f ms, max %,.0f ms", withoutWritesMs(50), withoutWritesMs(99), withoutWritesMs(100));
            line(text, "  whole again      p50 %.1f s, p99 %.1f s, max %.1f s", wholeSeconds(50), wholeSeconds(99), wholeSeconds(100));
        }
        examples.forEach(example -> line(text, "    %s", example));
        return text.toString();
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        reason(reasons, acknowledged == 0, "nothing was acknowledged");
        reason(reasons, lost > 0, String.format(Locale.ROOT, "%,d acknowledged writes lost", lost));
        reason(reasons, ghosts > 0, String.format(Locale.ROOT, "%,d refused writes there", ghosts));
        reason(reasons, strangers > 0, String.format(Locale.ROOT, "%,d entries that nobody sent", strangers));
        reason(reasons, drift != 0 || wrongAccounts > 0, "the money does not add up");
        reason(reasons, doublePrimaries > 0, "two primaries at once");
        reason(reasons, faults.size() < wanted || !faults.stream().allMatch(Struck::healed), "a fault was not healed in time");
        return reasons;
    }

    private static void reason(List<String> reasons, boolean so, String sentence) {
        if (so) {
            reasons.add(sentence);
        }
    }

    /** One JSON object; keys are added, never renamed. */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("workers", workers).put("seconds", seconds).put("writes", writes).put("acknowledged", acknowledged).put("lost", lost);
        root.put("refused", refused).put("ghosts", ghosts).put("unknown", unknown).put("unknown_there", unknownThere).put("strangers", strangers);
        root.put("drift", drift).put("wrong_accounts", wrongAccounts).put("double_primaries", doublePrimaries).put("watched", watched);
        failures.forEach(root.putObject("failures")::put);
        root.put("faults_wanted", wanted);
        ArrayNode struck = root.putArray("faults");
        faults.forEach(fault -> struck.addObject().put("what", fault.what()).put("at_s", fault.atSeconds()).put("without_writes_ms", fault.withoutWritesMs())
                .put("whole_s", fault.wholeSeconds()).put("healed", fault.healed()));
        root.put("without_writes_p50_ms", withoutWritesMs(50)).put("without_writes_p99_ms", withoutWritesMs(99)).put("without_writes_max_ms", withoutWritesMs(100));
        root.put("whole_p50_s", wholeSeconds(50)).put("whole_p99_s", wholeSeconds(99)).put("whole_max_s", wholeSeconds(100));
        examples.forEach(root.putArray("examples")::add);
        root.put("passed", passed());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
