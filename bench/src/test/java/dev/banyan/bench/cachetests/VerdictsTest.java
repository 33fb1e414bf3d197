package dev.banyan.bench.cachetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.bench.cachetests.Verdicts.Outcome;
import dev.banyan.bench.suite.Expected;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class VerdictsTest {
    private static final String REPORT = """
            {"tests": [
               {"id": "stored", "name": "is stored", "suite": "freshness", "kind": "required", "dependsOn": [], "browserOnly": false},
               {"id": "served", "name": "is served", "suite": "freshness", "kind": "optimal", "dependsOn": ["stored"], "browserOnly": false},
               {"id": "served-twice", "name": "is served twice", "suite": "freshness", "kind": "required", "dependsOn": ["served"], "browserOnly": false},
               {"id": "asked", "name": "is asked", "suite": "freshness", "kind": "check", "dependsOn": [], "browserOnly": false},
               {"id": "window", "name": "has a window", "suite": "freshness", "kind": "required", "dependsOn": [], "browserOnly": true},
               {"id": "surrogate", "name": "knows the header", "suite": "surrogate-control", "kind": "required", "dependsOn": [], "browserOnly": false},
               {"id": "unheard", "name": "was not run", "suite": "freshness", "kind": "required", "dependsOn": [], "browserOnly": false}],
             "results": {
               "stored": %s, "served": true, "served-twice": true, "asked": true, "window": true, "surrogate": true}}
            """;

    private final JsonMapper json = new JsonMapper();

    @Test
    void browsersTestsAreLeftOut_andThoseOfSurrogateControlAreCountedApart() {
        Verdicts verdicts = Verdicts.of(json.readTree(REPORT.formatted("true")));
        assertThat(verdicts.line()).isEqualTo("required 2 of 3, optimal 1 of 1, checks answered yes 1 of 1; Surrogate-Control, apart: required 1 of 1, optimal 0 of 0");
        assertThat(verdicts.of("window")).isEmpty();
        assertThat(verdicts.of("unheard").orElseThrow().outcome()).isEqualTo(Outcome.NOT_RUN);
        assertThat(verdicts.enough("keep")).isFalse();
    }

    @Test
    void aTestHasFailedWithWhatItDependsOn_throughAsManyAsThereAre() {
        Verdicts verdicts = Verdicts.of(json.readTree(REPORT.formatted("[\"Assertion\", \"Response 2 comes from cache\"]")));
        assertThat(verdicts.of("stored").orElseThrow().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(verdicts.of("served").orElseThrow().outcome()).isEqualTo(Outcome.DEPENDENCY_FAILED);
        assertThat(verdicts.of("served-twice").orElseThrow().reason()).isEqualTo("depends on served, which did not pass");
        assertThat(verdicts.passed("required")).isZero();
    }

    @Test
    void whatWentWrongBeforeTheTestIsSaidSo() {
        Verdicts verdicts = Verdicts.of(json.readTree(REPORT.formatted("[\"Setup\", \"retry\"]")));
        assertThat(verdicts.of("stored").orElseThrow().outcome()).isEqualTo(Outcome.SETUP_FAILED);
    }

    @Test
    void eachFailureIsToldOfWithWhatTheSuiteSaid_andWithItsReasonWhereThatIsKnown() {
        Verdicts verdicts = Verdicts.of(json.readTree(REPORT.formatted("[\"Assertion\", \"Response 2 comes from cache\"]")));
        Expected known = new Expected(Map.of("stored", "RFC 9111 section 4.2.4 allows it"));
        assertThat(verdicts.text(known)).contains("required stored: is stored", "Response 2 comes from cache (failed)", "known: RFC 9111 section 4.2.4 allows it", "optimal served: is served");
        assertThat(verdicts.json(known).path("failures").path(0).path("known").asString()).startsWith("RFC 9111");
    }
}
