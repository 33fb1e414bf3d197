package dev.banyan.telemetry.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LogSearchTest {
    private static final Instant NOW = Clock.system().now();

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"at":"2026-11-22T14:08:51.123456789Z","level":"INFO"}                     | 2026-11-22T14:08:51.123456789Z
            {"time":"2026-11-22T14:08:51.123Z","client":"127.0.0.1"}                   | 2026-11-22T14:08:51.123Z
            {"@timestamp": "2026-11-22T14:08:51.123+01:00","level":"INFO"}             | 2026-11-22T13:08:51.123Z
            2026-11-22 14:08:51.123 UTC [4711] LOG:  checkpoint                        | 2026-11-22T14:08:51.123Z
            32202:C 22 Nov 2026 14:08:51.107 # Redis is starting                       | 2026-11-22T12:08:51.107Z
            2026-11-22T14:08:51.759 WARNING dev.banyan.photos.Listener: lost           | 2026-11-22T12:08:51.759Z
            2026-11-22 14:08:51,759 [main] INFO a.b.C - up                             | 2026-11-22T12:08:51.759Z
            [2026-11-22T14:08:51Z] INFO listening                                      | 2026-11-22T14:08:51Z
            INFO 2026-11-22 14:08:51 listening on 8080                                 | 2026-11-22T12:08:51Z
            2026/11/22 14:08:51 listening on 8080                                      | 2026-11-22T12:08:51Z
            127.0.0.1 - - [22/Nov/2026:14:08:51 +0100] "GET / HTTP/1.1" 200            | 2026-11-22T13:08:51Z
            photos web-2 serves http://localhost:36763 (ready after 2.81 s)            |
            2026-13-45 99:08:51.123 is no time at all                                  |
            took 2026 ms                                                               |
            """)
    void theTimesThatLinesSay(String line, Instant time) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        assertThat(LineTime.of(bytes, 0, bytes.length, ZoneOffset.ofHours(2))).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({"banyan,banyan", "access,access", "access-edge-1,edges", "edge-2,edges", "shield,edges", "db-12,database", "cache-1,cache", "web-1,application", "search-2,application", "db-x,application"})
    void whereALogBelongs(String name, String tier) {
        assertThat(LogName.of(name).tier()).isEqualTo(tier);
    }

    @Test
    void linesOfAllLogsComeInTheOrderOfTheirTimes_whateverTheirForm() {
        write("banyan.log", "{\"at\":\"" + NOW.minusSeconds(50) + "\",\"message\":\"one\"}", "{\"at\":\"" + NOW.minusSeconds(10) + "\",\"message\":\"five\"}");
        write("web-1.log", local(NOW.minusSeconds(40)) + " INFO two", "  at three", local(NOW.minusSeconds(5)) + " INFO six");
        write("db-1.log", utc(NOW.minusSeconds(30)) + " UTC [1] LOG:  four");
        LogFound all = find("", Optional.empty(), 100);
        assertThat(all.lines()).extracting(line -> line.line().replaceAll(".*(one|two$|three|four|five|six).*", "$1")).containsExactly("one", "two", "three", "four", "five", "six");
        assertThat(all.lines()).extracting(LogLine::tier).containsExactly("banyan", "application", "application", "database", "banyan", "application");
        assertThat(all.lines().get(2).at()).as("as the line before it").isEqualTo(all.lines().get(1).at());
        assertThat(all.cut()).isFalse();
        assertThat(find("THREE", Optional.empty(), 100).lines()).hasSize(1).first().satisfies(line -> assertThat(line.at()).isPresent());
    }

    @Test
    void theNewestAreTold_andThatThereAreMore() {
        write("web-1.log.1", line(30, "a"), line(29, "b"));
        write("web-1.log", line(28, "c"), line(27, "d"));
        write("web-2.log", line(26, "e"), line(40, "z is older"));
        LogFound found = find("", Optional.empty(), 3);
        assertThat(texts(found)).containsExactly("c", "d", "e");
        assertThat(found.cut()).isTrue();
        assertThat(texts(find("", Optional.empty(), 6))).containsExactly("z is older", "a", "b", "c", "d", "e");
        assertThat(find("", Optional.empty(), 6).cut()).isFalse();
    }

    @Test
    void filesThatWereTurnedAwayAreSearchedToo_andWhatIsOlderThanAskedForIsNot() throws IOException {
        write("access.log.2", line(4_000, "hit 1"));
        write("access.log.1", line(500, "hit 2"), line(400, "miss"), line(300, "hit 3"));
        write("access.log", line(200, "hit 4"), line(100, "HIT 5"));
        Files.setLastModifiedTime(folder.resolve("access.log.2"), FileTime.from(NOW.minusSeconds(4_000)));
        assertThat(texts(find("hit", Optional.empty(), 100))).containsExactly("hit 1", "hit 2", "hit 3", "hit 4", "HIT 5");
        assertThat(texts(find("hit", Optional.of(Duration.ofSeconds(350)), 100))).containsExactly("hit 3", "hit 4", "HIT 5");
        assertThat(find("hit", Optional.of(Duration.ofDays(999_999)), 100).lines()).hasSize(5);
    }

    @Test
    void linesWithoutAnyTimeHaveNone_andComeByTheTimeOfTheirFile() throws IOException {
        write("web-1.log", "listening", "GET / 200");
        Files.setLastModifiedTime(folder.resolve("web-1.log"), FileTime.from(NOW.minusSeconds(60)));
        write("web-2.log", line(90, "before"), line(30, "after"));
        assertThat(texts(find("", Optional.empty(), 100))).containsExactly("before", "listening", "GET / 200", "after");
        assertThat(find("GET", Optional.empty(), 100).lines().getFirst().at()).isEmpty();
        assertThat(find("GET", Optional.of(Duration.ofSeconds(50)), 100).lines()).isEmpty();
    }

    @Test
    void onlyTheTierOrTheLogThatIsAskedFor() {
        write("web-1.log", line(3, "x"));
        write("db-1.log", line(2, "x"));
        LogSearch search = new LogSearch(folder, Clock.system());
        assertThat(search.find(new LogQuestion("", false, Optional.empty(), Optional.of("database"), Optional.empty(), 9)).lines()).extracting(LogLine::name).containsExactly("db-1");
        assertThat(search.find(new LogQuestion("", false, Optional.empty(), Optional.empty(), Optional.of("web-1"), 9)).lines()).extracting(LogLine::name).containsExactly("web-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "../console", "..", "/etc/passwd", "web-1.log", ""})
    void aLogThatIsNotThereIsRefused_andNothingElseIsRead(String name) {
        write("web-1.log", line(3, "x"));
        write("../console.log", "secret");
        assertThatThrownBy(() -> new LogSearch(folder, Clock.system()).find(new LogQuestion("", false, Optional.empty(), Optional.empty(), Optional.of(name), 9)))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_THING)).hasMessageContaining("there are: web-1");
    }

    @Test
    void aLinkIsNoLog() throws IOException {
        Path secret = Files.writeString(folder.getParent().resolve("elsewhere-" + folder.getFileName()), "secret\n");
        Files.createSymbolicLink(folder.resolve("web-9.log"), secret);
        assertThat(find("", Optional.empty(), 9).lines()).isEmpty();
        Files.delete(secret);
    }

    @Test
    void anExpressionIsFound_oneThatIsNoneIsRefused_andNoneTakesForEver() {
        write("web-1.log", line(3, "a".repeat(60_000) + "!"), line(2, "GET /photos/81 500"));
        assertThat(texts(expression("([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"))).isEmpty();
        assertThat(texts(expression("get /photos/[0-9]+ 5\\d\\d"))).containsExactly("GET /photos/81 500");
        assertThat(expression("(a+)+!$").lines()).isEmpty();
        assertThat(expression("(a|aa)*(a|aa)*x").lines()).isEmpty();
        for (String bad : List.of("(", "a(?=b)", "\\1", "((a{1000}){1000}){1000}", "[]a(](b{1000}){3}", "\\Q[\\E(a{900}){900}", "([[:alpha:])]{90}){90}")) {
            assertThatThrownBy(() -> expression(bad)).isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
        }
    }

    @Test
    void aLineThatIsVeryLongIsCut_andOneWithoutAnEndIsFound() throws IOException {
        Files.writeString(folder.resolve("web-1.log"), line(9, "begin") + "\n" + line(8, "y".repeat(700_000)) + "\n" + line(7, "no end"));
        LogFound found = find("", Optional.empty(), 100);
        assertThat(found.lines().getFirst().line()).endsWith("begin");
        assertThat(found.lines().getLast().line()).endsWith("no end");
        assertThat(found.lines()).allMatch(line -> line.line().length() < 8_300);
    }

    @Test
    void linesOverManyPiecesAreAllFound_inTheirOrder() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            lines.append(NOW.minusSeconds(40_000 - i)).append(" line ").append(i).append(i % 10 == 0 ? " tenth" : "").append(" of many, padded to some length\n");
        }
        Files.writeString(folder.resolve("web-1.log"), lines);
        LogFound found = find("tenth", Optional.empty(), 3_000);
        assertThat(found.lines()).hasSize(3_000);
        assertThat(found.cut()).isFalse();
        for (int i = 0; i < 3_000; i++) {
            assertThat(found.lines().get(i).line()).contains(" line " + i * 10 + " ");
        }
        assertThat(find("", Optional.empty(), 5_000).lines().getFirst().line()).contains(" line 25000 ");
        assertThat(find("line 7 of", Optional.of(Duration.ofSeconds(41_000)), 5).lines()).hasSize(1);
    }

    @Test
    void itReadsNoMoreThanItsBound_andThenSaysSo() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append(NOW.minusSeconds(40_000 - i)).append(" line ").append(i).append(" of many, padded to some length\n");
        }
        Files.writeString(folder.resolve("web-1.log"), lines);
        LogFound found = new LogSearch(folder, Clock.system(), 300_000).find(new LogQuestion("line 7 of", false, Optional.empty(), Optional.empty(), Optional.empty(), 5));
        assertThat(found.lines()).isEmpty();
        assertThat(found.cut()).isTrue();
    }

    @Test
    void howLongItTakesIsLookedAtOftenForAnExpression_whichMayCostMuch() {
        write("web-1.log", java.util.stream.IntStream.range(0, 3_000).mapToObj(i -> line(3_000 - i, "a".repeat(70))).toArray(String[]::new));
        LogFound found = new LogSearch(folder, new SlowClock()).find(new LogQuestion("a+", true, Optional.empty(), Optional.empty(), Optional.empty(), 5_000));
        assertThat(found.lines()).as("those of one piece, for then the time is over").hasSizeBetween(1, 200).last().satisfies(line -> assertThat(line.at()).contains(NOW.minusSeconds(1)));
        assertThat(found.cut()).isTrue();
    }

    /** Half a second passes between two looks at it. */
    private static final class SlowClock implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos += 500_000_000;
        }

        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public void sleep(Duration time) {
            nanos += time.toNanos();
        }
    }

    @Test
    void aFolderThatIsNotThereHasNoLogs() {
        assertThat(new LogSearch(folder.resolve("none"), Clock.system()).find(new LogQuestion("", false, Optional.empty(), Optional.empty(), Optional.empty(), 5)).lines()).isEmpty();
    }

    private LogFound find(String text, Optional<Duration> since, int most) {
        return new LogSearch(folder, Clock.system()).find(new LogQuestion(text, false, since, Optional.empty(), Optional.empty(), most));
    }

    private LogFound expression(String text) {
        return new LogSearch(folder, Clock.system()).find(new LogQuestion(text, true, Optional.empty(), Optional.empty(), Optional.empty(), 9));
    }

    private static List<String> texts(LogFound found) {
        return found.lines().stream().map(line -> line.line().replaceFirst("^\\d{4}-\\S+Z ", "")).toList();
    }

    private static String line(int secondsAgo, String text) {
        return NOW.minusSeconds(secondsAgo) + " " + text;
    }

    private static String local(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneId.systemDefault()).toString();
    }

    private static String utc(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneOffset.UTC).toString().replace('T', ' ');
    }

    private void write(String name, String... lines) {
        try {
            Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
