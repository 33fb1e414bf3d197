package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes. */
class ChildProcessTest {
    private static final ProcessTable TABLE = ProcessTable.ofThisMachine();

    @TempDir
    private Path folder;

    private Workplace place;

    @BeforeEach
    void open() {
        place = new Workplace(folder);
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void keepsWhatItPrints_onDiskByteForByteAndTheLastLinesAtHand() throws Exception {
        ChildProcess child = place.sh("web-1", "echo $SAID; echo grüß >&2; printf open; exec sleep 60");
        Workplace.await(() -> child.recentLines(10).size() == 3);
        assertThat(child.recentLines(10)).containsExactly("hello", "grüß", "open");
        assertThat(child.recentLines(2)).containsExactly("grüß", "open");
        assertThat(Files.readString(LogFile.in(place.folder, "web-1"))).isEqualTo("hello\ngrüß\nopen");
    }

    @Test
    void isMarkedAndRecorded_whileItRuns() {
        ChildProcess child = place.sh("web-1", "exec sleep 60");
        Workplace.await(child::alive);
        long pid = child.pid().orElseThrow();
        Workplace.await(() -> TABLE.environment(pid).contains("BANYAN_OWNER=" + place.folder));
        Workplace.await(() -> !ProcessRecord.all(place.folder).isEmpty());
        ProcessRecord record = ProcessRecord.all(place.folder).getFirst();
        assertThat(record.name()).isEqualTo("web-1");
        assertThat(record.pid()).isEqualTo(pid);
        assertThat(TABLE.find(pid).orElseThrow().birth()).isEqualTo(record.birth());
        child.stop();
        assertThat(ProcessRecord.all(place.folder)).isEmpty();
    }

    @Test
    void leadsASessionOfItsOwn_soThatTheTerminalsInterruptDoesNotReachIt() {
        ChildProcess child = place.sh("web-1", "exec sleep 60");
        Workplace.await(() -> child.alive() && TABLE.find(child.pid().orElseThrow()).orElseThrow().session() == child.pid().orElseThrow());
    }

    @Test
    void isRestartedWithGrowingWaits_whenItEndsByItself() {
        ChildProcess child = place.sh("web-1", "exit 3");
        Workplace.await(() -> child.exits() >= 3);
        child.stop();
        assertThat(place.heard(ProcessEvent.Exited.class)).allMatch(exit -> exit.code() == 3);
        List<ProcessEvent.Restarting> restarts = place.heard(ProcessEvent.Restarting.class);
        assertThat(restarts.get(0).in()).isBetween(Duration.ofMillis(200), Duration.ofMillis(250));
        assertThat(restarts.get(1).in()).isBetween(Duration.ofMillis(400), Duration.ofMillis(500));
        assertThat(place.events.getLast()).isEqualTo(new ProcessEvent.Stopped("web-1", false));
    }

    @Test
    void endsWhatItLeftBelowItself_beforeItIsStartedAgain() {
        ChildProcess child = place.sh("web-1", "sleep 61 & exit 1");
        Workplace.await(() -> child.exits() >= 2);
        child.stop();
        assertThat(family("web-1")).isEmpty();
    }

    @Test
    void stopsAtOnce_whileItWaitsForItsNextStart() {
        ChildProcess child = place.sh("web-1", "exit 1");
        Workplace.await(() -> child.exits() >= 4);
        child.stop();
        int exits = child.exits();
        assertThat(child.alive()).isFalse();
        assertThat(exits).isLessThan(10);
    }

    @Test
    void stopsTheWholeTree_grandchildrenAndThoseThatLeftTheSessionToo() {
        ChildProcess child = place.sh("web-1", "sleep 61 & setsid sleep 62 & (setsid sleep 63 &) ; wait");
        Workplace.await(() -> family("web-1").size() >= 4);
        child.stop();
        assertThat(family("web-1")).isEmpty();
        assertThat(place.heard(ProcessEvent.Stopped.class)).containsExactly(new ProcessEvent.Stopped("web-1", false));
    }

    @Test
    void killsWhatDoesNotEndWithinTheStopTimeout() {
        ChildProcess child = place.sh("web-1", "trap '' TERM; echo up; sleep 61 & while :; do wait; done", Duration.ofMillis(200));
        Workplace.await(() -> child.recentLines(1).contains("up"));
        child.stop();
        assertThat(family("web-1")).isEmpty();
        assertThat(place.heard(ProcessEvent.Stopped.class)).containsExactly(new ProcessEvent.Stopped("web-1", true));
    }

    @Test
    void letsAProcessFinish_whenItTakesTheHint() {
        ChildProcess child = place.sh("web-1", "trap 'echo saved; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        Workplace.await(() -> child.recentLines(1).contains("up"));
        child.stop();
        assertThat(child.recentLines(1)).containsExactly("saved");
    }

    @Test
    void saysWhyInItsLog_whenTheProgramDoesNotExist() {
        ChildSpec spec = new ChildSpec("web-1", List.of("no-such-program"), Map.of(), place.folder.path(), Duration.ofSeconds(1), () -> {});
        ChildProcess child = place.supervisor.start(spec);
        Workplace.await(() -> child.exits() >= 1);
        child.stop();
        assertThat(child.recentLines(5)).anyMatch(line -> line.contains("no-such-program"));
        assertThat(child.lastExit().orElseThrow().sentence()).startsWith("web-1 exited with code 127 after");
    }

    @Test
    void doesNotRun_whenItCannotBePutOnRecord() throws Exception {
        Files.delete(place.folder.processes());
        Files.writeString(place.folder.path().resolve("processes"), "in the way");
        ChildProcess child = place.sh("web-1", "sleep 61 & exec sleep 62");
        Workplace.await(() -> child.exits() >= 1);
        assertThat(child.recentLines(5)).anyMatch(line -> line.startsWith("banyan: web-1 cannot be started: "));
        Files.delete(place.folder.path().resolve("processes"));
        child.stop();
        assertThat(family("web-1")).isEmpty();
    }

    @Test
    void readsManyChildrenAtOnce() {
        List<ChildProcess> children = IntStream.range(0, 24).mapToObj(i -> place.sh("web-" + i, "echo up; exec sleep 60")).toList();
        Workplace.await(() -> children.stream().allMatch(child -> child.recentLines(1).contains("up")));
    }

    private Set<SeenProcess> family(String name) {
        ChildSpec spec = new ChildSpec(name, List.of("sh"), Map.of(), place.folder.path(), Duration.ZERO, () -> {});
        return Kin.of(place.folder, spec, new ProcessRecord(name, 2, "none", "sh"), TABLE).find(TABLE);
    }
}
