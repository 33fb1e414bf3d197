package dev.banyan.bench.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tests that are known to fail behind a server, each with its reason: {@code expected/NAME.txt}, lines of a test and a reason with spaces
 * between. A test's name may end in {@code *}.
 */
public record Expected(Map<String, String> reasons) {
    public Expected {
        reasons = new LinkedHashMap<>(reasons);
    }

    /** The list of that name beside the class of the suite; empty where there is none. */
    public static Expected of(Class<?> suite, String name) throws IOException {
        try (InputStream in = suite.getResourceAsStream("expected/" + name + ".txt")) {
            return in == null ? new Expected(Map.of()) : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    public static Expected parse(String text) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String line : text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList()) {
            String[] parts = line.split("\\s+", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("a test that is expected to fail has a reason behind it, '" + line + "' has none");
            }
            reasons.put(parts[0], parts[1]);
        }
        return new Expected(reasons);
    }

    /** Why this test fails, when that is known. */
    public Optional<String> reason(String test) {
        return reasons.entrySet().stream().filter(known -> matches(known.getKey(), test)).map(Map.Entry::getValue).findFirst();
    }

    /** Those that did not fail; to be taken off the list when all tests have run. */
    List<String> passed(List<SuiteReport.Failure> failures) {
        return reasons.keySet().stream().filter(known -> failures.stream().noneMatch(failure -> matches(known, failure.test()))).toList();
    }

    private static boolean matches(String known, String test) {
        return known.endsWith("*") ? test.startsWith(known.substring(0, known.length() - 1)) : test.equals(known);
    }
}
