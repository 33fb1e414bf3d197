package dev.banyan.bench.cachetests;

import dev.banyan.bench.suite.Expected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What each test of the suite says of a cache, counted as the suite's own page (cache-tests.fyi) does: a test that depends on another has failed with it, and tests
 * for browsers are left out. Its tests of Surrogate-Control, which the page leaves out as well, are counted apart.
 */
final class Verdicts {
    static final int REQUIRED = 152;
    /** The suite wants other clients' cookies stored and sent to all, twice. */
    static final int WITHOUT_COOKIES = REQUIRED - 2;
    static final int OPTIMAL = 80;
    private static final String APART = "surrogate-control";

    private final Map<String, Verdict> all = new LinkedHashMap<>();

    private Verdicts() {}

    /** What is said of one test. */
    enum Outcome {
        PASSED,
        /** The cache did otherwise. */
        FAILED,
        /** Something before what is tested went wrong. */
        SETUP_FAILED,
        /** Another test that it builds on did not pass. */
        DEPENDENCY_FAILED,
        NOT_RUN
    }

    /**
     * One test.
     *
     * @param kind {@code required}, {@code optimal} (it would be better so) or {@code check} (it is good to know)
     * @param reason what the suite said; empty when it passed
     */
    record Verdict(String id, String name, String suite, String kind, Outcome outcome, String reason) {
        boolean passed() {
            return outcome == Outcome.PASSED;
        }
    }

    /** @param report {@code tests} and {@code results}, see runner.mjs */
    static Verdicts of(JsonNode report) {
        return of(report.path("tests"), report.path("results"));
    }

    /** @param results by id: true, or the kind of failure and what it said; as the files of results that the suite itself writes */
    static Verdicts of(JsonNode tests, JsonNode results) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        tests.forEach(test -> byId.put(test.path("id").asString(), test));
        Verdicts verdicts = new Verdicts();
        byId.values().stream().filter(test -> !test.path("browserOnly").asBoolean()).forEach(test -> verdicts.judge(test, byId, results));
        return verdicts;
    }

    private Verdict judge(JsonNode test, Map<String, JsonNode> byId, JsonNode results) {
        String id = test.path("id").asString();
        Verdict known = all.get(id);
        if (known != null) {
            return known;
        }
        JsonNode result = results.path(id);
        Outcome outcome = outcome(result);
        String reason = outcome == Outcome.PASSED || outcome == Outcome.NOT_RUN ? "" : result.path(1).asString();
        if (outcome != Outcome.NOT_RUN) {
            for (JsonNode other : test.path("dependsOn")) {
                if (!judge(byId.get(other.asString()), byId, results).passed()) {
                    outcome = Outcome.DEPENDENCY_FAILED;
                    reason = "depends on " + other.asString() + ", which did not pass" + (reason.isEmpty() ? "" : "; " + reason);
                    break;
                }
            }
        }
        Verdict verdict = new Verdict(id, test.path("name").asString(), test.path("suite").asString(), test.path("kind").asString(), outcome, reason);
        all.put(id, verdict);
        return verdict;
    }

    private static Outcome outcome(JsonNode result) {
        if (result.isMissingNode()) {
            return Outcome.NOT_RUN;
        }
        if (result.isBoolean()) {
            return Outcome.PASSED;
        }
        return result.path(0).asString().equals("Setup") ? Outcome.SETUP_FAILED : Outcome.FAILED;
    }

    Optional<Verdict> of(String id) {
        return Optional.ofNullable(all.get(id));
    }

    int passed(String kind) {
        return count(verdict -> inMain(verdict, kind) && verdict.passed());
    }

    int of(String kind, boolean apart) {
        return count(verdict -> apart ? verdict.suite().equals(APART) && verdict.kind().equals(kind) : inMain(verdict, kind));
    }

    private int passedApart(String kind) {
        return count(verdict -> verdict.suite().equals(APART) && verdict.kind().equals(kind) && verdict.passed());
    }

    private static boolean inMain(Verdict verdict, String kind) {
        return !verdict.suite().equals(APART) && verdict.kind().equals(kind);
    }

    private int count(Predicate<Verdict> which) {
        return (int) all.values().stream().filter(which).count();
    }

    /** Whether an edge of ours is as good as it shall be, with this {@code edge.cookies}. */
    boolean enough(String cookies) {
        return passed("required") >= (cookies.equals("keep") ? REQUIRED : WITHOUT_COOKIES) && passed("optimal") >= OPTIMAL;
    }

    /** Those of a kind that did not pass, in the suite's order. */
    List<Verdict> failed(String kind) {
        return all.values().stream().filter(verdict -> inMain(verdict, kind) && !verdict.passed()).toList();
    }

    /** @param known why some fail, when that is known */
    String text(Expected known) {
        StringBuilder text = new StringBuilder();
        for (String kind : List.of("required", "optimal")) {
            for (Verdict verdict : failed(kind)) {
                text.append(String.format("%s %s: %s%n    %s (%s)%n", kind, verdict.id(), verdict.name(), verdict.reason(), verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
                known.reason(verdict.id()).ifPresent(reason -> text.append(String.format("    known: %s%n", reason)));
            }
        }
        return text.toString();
    }

    /** {@code required 152 of 157, optimal 80 of 86, checks 50 of 86 (yes); Surrogate-Control: required 2 of 8, optimal 0 of 9}. */
    String line() {
        return String.format("required %d of %d, optimal %d of %d, checks answered yes %d of %d; Surrogate-Control, apart: required %d of %d, optimal %d of %d",
                passed("required"), of("required", false), passed("optimal"), of("optimal", false), passed("check"), of("check", false),
                passedApart("required"), of("required", true), passedApart("optimal"), of("optimal", true));
    }

    /** {@code {"required":{"passed","of"},"optimal":{..},"checks":{..},"surrogate":{..},"failures":[{"id","kind","name","outcome","reason","known"}],"yes":[id]}}. */
    ObjectNode json(Expected known) {
        ObjectNode json = new JsonMapper().createObjectNode();
        json.putObject("required").put("passed", passed("required")).put("of", of("required", false));
        json.putObject("optimal").put("passed", passed("optimal")).put("of", of("optimal", false));
        json.putObject("checks").put("yes", passed("check")).put("of", of("check", false));
        json.putObject("surrogate").put("passed", passedApart("required") + passedApart("optimal")).put("of", of("required", true) + of("optimal", true));
        ArrayNode failures = json.putArray("failures");
        List<Verdict> failed = new ArrayList<>(failed("required"));
        failed.addAll(failed("optimal"));
        failed.forEach(verdict -> failures.addObject().put("id", verdict.id()).put("kind", verdict.kind()).put("name", verdict.name())
                .put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT)).put("reason", verdict.reason()).put("known", known.reason(verdict.id()).orElse(null)));
        ArrayNode yes = json.putArray("yes");
        all.values().stream().filter(verdict -> inMain(verdict, "check") && verdict.passed()).forEach(verdict -> yes.add(verdict.id()));
        return json;
    }
}
