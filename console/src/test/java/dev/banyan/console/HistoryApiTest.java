package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class HistoryApiTest {
    @TempDir
    Path folder;

    private LivingConsole console;

    @BeforeEach
    void start() {
        console = new LivingConsole(folder);
        console.site.load(100);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void theSeriesThereAreAreTold() {
        JsonNode what = console.json("/api/history");
        assertThat(what.get("step_s").asInt()).isEqualTo(5);
        assertThat(what.get("series").findValuesAsString("id")).contains("front-door.rate", "front-door.p99", "web-1.failed");
        JsonNode first = what.get("series").get(0);
        assertThat(first.propertyNames()).containsExactlyInAnyOrder("id", "title", "unit", "target", "fold");
        assertThat(first.get("fold").asString()).isEqualTo("mean");
    }

    @Test
    void valuesAreGivenInStepsThatKeepToThePointsAskedFor_andWhatIsMissingIsNull() {
        JsonNode plot = console.json("/api/history?series=front-door.rate,front-door.p99&seconds=7200&points=200");
        assertThat(plot.get("step_s").asInt()).isEqualTo(40);
        assertThat(plot.get("from_s").asLong() % 40).isZero();
        assertThat(plot.get("series").findValuesAsString("id")).containsExactly("front-door.rate", "front-door.p99");
        JsonNode values = plot.at("/series/0/values");
        assertThat(values.size()).isBetween(1, 200);
        assertThat(values.valueStream().anyMatch(JsonNode::isNull)).isTrue();
        assertThat(values.valueStream().anyMatch(JsonNode::isNumber)).isTrue();
    }

    @ParameterizedTest(name = "{0} is a problem {1} that says: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            /api/history?series=nobody.rate                               | 404 | there is no series 'nobody.rate'
            /api/history?series=                                          | 400 | say the series
            /api/history?series=,,                                        | 400 | say the series
            /api/history?series=front-door.rate&seconds=0                 | 400 | seconds is a number from 1 to 86400
            /api/history?series=front-door.rate&seconds=86401             | 400 | seconds is a number from 1 to 86400
            /api/history?series=front-door.rate&points=2001               | 400 | points is a number from 1 to 2000
            /api/history?series=front-door.rate&points=-1                 | 400 | points is a number from 1 to 2000
            /api/history?series=front-door.rate&fold=median               | 400 | fold is mean or max, not 'median'
            /api/search?since=yesterday                                   | 400 | since says how far back: a duration is a whole number
            /api/search?tier=moon                                         | 400 | there is no tier 'moon' of logs
            /api/search?most=0                                            | 400 | most is a number from 1 to 5000
            /api/search?most=5001                                         | 400 | most is a number from 1 to 5000
            /api/search?grep=a&regex=b                                    | 400 | not both
            """)
    void whatMakesNoSenseIsRefused(String path, int status, String detail) {
        HttpResponse<String> answer = console.send(console.request(path));
        assertThat(answer.statusCode()).isEqualTo(status);
        if (detail != null) {
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains(detail);
        }
    }

    @Test
    void aQuestionHasACapOfSeries() {
        String ids = "front-door.rate,".repeat(3) + String.join(",", java.util.stream.IntStream.range(0, 65).mapToObj(i -> "web-" + i + ".rate").toList());
        HttpResponse<String> answer = console.send(console.request("/api/history?series=" + ids));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("at most 64 series");
    }

    @Test
    void linesOfAllLogsAreFound() {
        JsonNode found = console.json("/api/search?grep=get&most=1");
        assertThat(found.at("/lines/0/line").asString()).isEqualTo("GET /photos/81 200 3 ms");
        assertThat(found.at("/lines/0/at").isNull()).isTrue();
        assertThat(found.get("cut").asBoolean()).isTrue();
        JsonNode database = console.json("/api/search?tier=database&since=10m");
        assertThat(database.at("/lines/0/name").asString()).isEqualTo("db-1");
        assertThat(database.at("/lines/0/at").asString()).endsWith("Z");
    }

    @Test
    @Timeout(200)
    void noMoreThanFourSearchesOfTheLogsRunAtOnce() throws Exception {
        Semaphore entered = new Semaphore(0);
        Semaphore free = new Semaphore(0);
        console.site.searching = () -> {
            entered.release();
            free.acquireUninterruptibly();
        };
        List<CompletableFuture<HttpResponse<String>>> under = new ArrayList<>();
        for (int i = 0; i < Searches.MOST; i++) {
            under.add(console.client.sendAsync(console.request("/api/search?grep=get").timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString()));
        }
        try {
            assertThat(entered.tryAcquire(Searches.MOST, 60, TimeUnit.SECONDS)).isTrue();
            HttpResponse<String> refused = console.send(console.request("/api/search?grep=get").timeout(Duration.ofSeconds(60)));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("4 searches of the logs are under way, the most there may be at once; each takes a second at most: search again then");
        } finally {
            free.release(1_000);
        }
        for (CompletableFuture<HttpResponse<String>> each : under) {
            assertThat(each.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(console.send(console.request("/api/search?grep=get").timeout(Duration.ofSeconds(60))).statusCode()).as("the places are given back").isEqualTo(200);
    }
}
