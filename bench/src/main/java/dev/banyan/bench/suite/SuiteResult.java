package dev.banyan.bench.suite;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run beside what was expected of it.
 *
 * @param suite its name and version, as {@code pgjdbc 42.7.7}
 * @param through what stood between the tests and the server
 * @param whole whether all tests were to run, so that one that is expected to fail and did not is news
 */
public record SuiteResult(String suite, String through, SuiteReport report, Expected expected, boolean whole, double seconds) {
    /** Whether nothing failed but what is known to. */
    public boolean asExpected() {
        return report.run() > 0 && unexpected().isEmpty();
    }

    private List<SuiteReport.Failure> unexpected() {
        return report.failures().stream().filter(failure -> expected.reason(failure.test()).isEmpty()).toList();
    }

    private List<String> noLonger() {
        return whole ? expected.passed(report.failures()) : List.of();
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (SuiteReport.Failure failure : report.failures()) {
            text.append(String.format("%s%n    %s%n", failure.test(), failure.message()));
            expected.reason(failure.test()).ifPresent(reason -> text.append(String.format("    expected: %s%n", reason)));
        }
        noLonger().forEach(test -> text.append(String.format("%s%n    is expected to fail and did not: take it off the list%n", test)));
        int failed = report.failures().size();
        return text.append(String.format(Locale.ROOT, "%s through %s: %d tests in %.0f s, %d failed (%d of them expected), %d skipped%n",
                suite, through, report.run(), seconds, failed, failed - unexpected().size(), report.skipped())).toString();
    }

    /** {@code {"suite","through","run","failed","unexpected","skipped","seconds","failures":[{"test","message","expected"}]}}. */
    public String json() {
        ObjectNode json = new JsonMapper().createObjectNode()
                .put("suite", suite)
                .put("through", through)
                .put("run", report.run())
                .put("failed", report.failures().size())
                .put("unexpected", unexpected().size())
                .put("skipped", report.skipped())
                .put("seconds", Math.round(seconds));
        ArrayNode failures = json.putArray("failures");
        for (SuiteReport.Failure failure : report.failures()) {
            failures.addObject().put("test", failure.test()).put("message", failure.message()).put("expected", expected.reason(failure.test()).orElse(null));
        }
        return json.toPrettyString() + "\n";
    }
}
