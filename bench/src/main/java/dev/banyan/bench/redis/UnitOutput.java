package dev.banyan.bench.redis;

import dev.banyan.bench.suite.SuiteReport;
import dev.banyan.bench.suite.SuiteReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Redis's test program prints of one unit. */
final class UnitOutput {
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern OUTCOME = Pattern.compile("\\[(ok|err|ignore|skip|exception|TIMEOUT)]: (.*)");
    private static final String LIST = "!!! WARNING";

    private UnitOutput() {}

    /**
     * Reads it.
     *
     * @param unit as {@code type/string}; begins the tests' names
     * @param ended whether it came to its end; else what was running has hung
     */
    static SuiteReport parse(String unit, String output, boolean ended) {
        int run = 0;
        int skipped = 0;
        List<Failure> failures = new ArrayList<>();
        List<String> lines = COLOURS.matcher(output).replaceAll("").lines().toList();
        for (int i = 0; i < lines.size() && !lines.get(i).startsWith(LIST); i++) {
            Matcher outcome = OUTCOME.matcher(lines.get(i));
            if (!outcome.lookingAt()) {
                continue;
            }
            String said = outcome.group(2);
            run++;
            switch (outcome.group(1)) {
                case "ignore", "skip" -> skipped++;
                case "err" -> failures.add(new Failure(test(unit, said.replaceFirst(" in tests/\\S+$", "")), line(lines, i + 1)));
                case "exception" -> failures.add(new Failure(unit + "#aborted", said));
                case "TIMEOUT" -> failures.add(new Failure(unit + "#hung", line(lines, i + 1)));
                default -> { }
            }
        }
        if (!ended) {
            failures.add(new Failure(unit + "#hung", lines.isEmpty() ? "said nothing" : lines.getLast()));
        }
        return new SuiteReport(run, skipped, failures);
    }

    private static String line(List<String> lines, int at) {
        return at < lines.size() ? lines.get(at) : "";
    }

    private static String test(String unit, String name) {
        return unit + "#" + name.strip().replaceAll("\\s+", "_");
    }
}
