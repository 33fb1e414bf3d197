package dev.banyan.bench.cachetests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.bench.bed.TestBed;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The public tests for HTTP caches through an edge; where Node.js and npm are, and npm's registry has been within reach once. */
class HttpCacheTestsIT {
    private static final Path HOME = Path.of("target", "http-cache-tests").toAbsolutePath();
    /** What the suite's authors publish of others, in files of the suite (2021): required and optimal tests that passed. */
    private static final Map<String, int[]> PUBLISHED = Map.of(
            "squid", new int[] {120, 49}, "trafficserver", new int[] {118, 55}, "varnish", new int[] {105, 40}, "nginx", new int[] {93, 50});

    @Test
    void anEdgeOfOursPassesAsManyAsItPromises_setAsSitesAreByDefault() throws Exception {
        suite();
        Verdicts verdicts = HttpCacheTests.run(new HttpCacheTests.Plan("banyan", "strip", Optional.empty(), Optional.empty(), Optional.empty(), HOME, Optional.empty()), quiet());
        assertThat(verdicts.of("required", false)).isEqualTo(157);
        assertThat(verdicts.of("optimal", false)).isEqualTo(86);
        assertThat(verdicts.passed("required")).as(() -> "required: " + verdicts.failed("required")).isGreaterThanOrEqualTo(Verdicts.WITHOUT_COOKIES);
        assertThat(verdicts.passed("optimal")).as(() -> "optimal: " + verdicts.failed("optimal")).isGreaterThanOrEqualTo(Verdicts.OPTIMAL);
    }

    @Test
    void whatIsPublishedOfOthersIsCountedAsTheyPublishIt() throws Exception {
        CacheSuite suite = suite();
        for (Map.Entry<String, int[]> peer : PUBLISHED.entrySet()) {
            Path results = suite.folder().resolve("results").resolve(peer.getKey() + ".json");
            Verdicts verdicts = HttpCacheTests.run(new HttpCacheTests.Plan("direct", "strip", Optional.empty(), Optional.empty(), Optional.of(results), HOME, Optional.empty()), quiet());
            assertThat(new int[] {verdicts.passed("required"), verdicts.passed("optimal")}).as(peer.getKey()).isEqualTo(peer.getValue());
        }
    }

    @Test
    void oneTestAloneCanBeRun_andAnUnknownOneIsSaidToBe() throws Exception {
        suite();
        HttpCacheTests.Plan one = new HttpCacheTests.Plan("direct", "strip", Optional.empty(), Optional.of("freshness-none"), Optional.empty(), HOME, Optional.empty());
        assertThat(HttpCacheTests.run(one, quiet()).of("freshness-none").orElseThrow().outcome()).isNotEqualTo(Verdicts.Outcome.NOT_RUN);
        HttpCacheTests.Plan none = new HttpCacheTests.Plan("direct", "strip", Optional.empty(), Optional.of("no-such-test"), Optional.empty(), HOME, Optional.empty());
        assertThatThrownBy(() -> HttpCacheTests.run(none, quiet())).hasMessage("the suite has no test 'no-such-test'");
    }

    private static CacheSuite suite() throws Exception {
        assumeTrue(HttpCacheTests.obstacle("direct").isEmpty(), () -> HttpCacheTests.obstacle("direct").orElseThrow());
        Files.createDirectories(HOME);
        try (TestBed bed = TestBed.open()) {
            return CacheSuite.in(bed, HOME);
        } catch (CacheSuite.Unreachable e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    private static PrintStream quiet() {
        return new PrintStream(PrintStream.nullOutputStream());
    }
}
