package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventLogTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private final Registry registry = new Registry(clock);

    @AfterEach
    void endThreads() {
        loops.close();
    }

    @Test
    void anEventIsOneLineOfJson_whateverItHolds() throws IOException {
        Path file = folder.resolve("logs/banyan.log");
        try (EventLog log = open(file)) {
            log.warn("http", "a \"quoted\"\nmessage\u0007", "server", "web-2", "failures", 5, "share", .25, "on", true, "password", new Secret("hunter2"));
            log.debug("http", "not written");
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1);
        JsonNode event = JsonMapper.shared().readTree(lines.getFirst());
        assertThat(event.get("at").asString()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(event.get("level").asString()).isEqualTo("WARN");
        assertThat(event.get("message").asString()).isEqualTo("a \"quoted\"\nmessage\u0007");
        assertThat(event.get("failures").intValue()).isEqualTo(5);
        assertThat(event.get("share").doubleValue()).isEqualTo(.25);
        assertThat(event.get("on").booleanValue()).isTrue();
        assertThat(event.get("password").asString()).isEqualTo("***");
    }

    @Test
    void peopleGetALineWithoutControlCharacters() throws IOException {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        try (EventLog log = EventLog.open(folder.resolve("banyan.log"), new PrintStream(terminal, true, StandardCharsets.UTF_8), LogFormat.HUMAN, Level.INFO, loops, clock, registry)) {
            log.info("control", "grew \u001b[31mto\nstage 3", "servers", 3);
        }
        assertThat(terminal.toString(StandardCharsets.UTF_8)).matches("[0-9:.]{12} INFO  control   grew  \\[31mto \\| stage 3  servers=3\n");
    }

    @Test
    void eachEventIsEitherWrittenOrCountedAsLost_andNobodyWaits() throws IOException {
        Path file = folder.resolve("banyan.log");
        int events = 50_000;
        try (EventLog log = open(file)) {
            for (int i = 0; i < events; i++) {
                log.info("test", "event", "n", i);
            }
        }
        long lost = (long) registry.snapshot().total("banyan_log_lines_dropped_total", Labels.NONE);
        long written = Files.readAllLines(file).stream().filter(line -> line.contains("\"event\"")).count();
        assertThat(written + lost).isEqualTo(events);
        assertThat(registry.snapshot().total("banyan_log_events_total", Labels.of("level", "info"))).isEqualTo(events);
    }

    @Test
    void aLogThatCannotBeOpenedSaysWhichAndWhatToCheck() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> open(notAFolder.resolve("banyan.log")))
                .isInstanceOf(BanyanException.class).hasMessageContaining("banyan.log").hasMessageContaining("check");
    }

    @Test
    void warningsOfLibrariesGoIntoTheLog_andTheirChatterNowhere() throws IOException {
        Path file = folder.resolve("banyan.log");
        Logger logger = Logger.getLogger("io.example.Pool");
        try (EventLog log = open(file)) {
            JavaLogging.into(log);
            logger.info("chatter");
            logger.log(java.util.logging.Level.SEVERE, "broken {0}", 7);
        }
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"level\":\"ERROR\"", "\"tier\":\"Pool\"", "broken 7");
    }

    @Test
    void decisionsAreRememberedCountedLoggedAndTold() throws IOException {
        Path file = folder.resolve("banyan.log");
        List<Long> heard = new ArrayList<>();
        Decisions decisions;
        try (EventLog log = open(file)) {
            decisions = new Decisions(registry, log);
            decisions.listen(_ -> {
                throw new IllegalStateException("a bad listener");
            });
            Decisions.Listening listening = decisions.listen(each -> heard.add(each.number()));
            for (int i = 0; i < Decisions.KEPT; i++) {
                decisions.announce(new Decision("eject web-2", "5 failures in a row", "web-1 healthy", Instant.EPOCH));
            }
            listening.close();
            decisions.announce(new Decision("lift web-2", "answers again", "1 check", Instant.EPOCH));
        }
        assertThat(decisions.latest(2)).extracting(Decisions.Numbered::number).containsExactly(1_000L, 1_001L);
        assertThat(decisions.latest(5_000)).hasSize(Decisions.KEPT);
        assertThat(heard).hasSize(Decisions.KEPT);
        assertThat(registry.snapshot().total("banyan_decisions_total", Labels.of("act", "eject"))).isEqualTo(1_000);
        assertThat(Files.readAllLines(file)).anyMatch(line -> line.contains("lift web-2") && line.contains("answers again"));
    }

    private EventLog open(Path file) {
        return EventLog.open(file, Level.INFO, loops, clock, registry);
    }
}
