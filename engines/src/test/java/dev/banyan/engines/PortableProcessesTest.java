package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds on systems without /proc, and without setsid. */
class PortableProcessesTest {
    private static final ProcessTable TABLE = new PortableProcesses();

    @TempDir
    private Path temp;

    @Test
    void endsAChildAndAllBelowIt_byItsRecordAlone() throws Exception {
        Process child = new ProcessBuilder("sh", "-c", "sleep 71 & sh -c 'sleep 72; true' & wait").start();
        Workplace.await(() -> child.descendants().count() == 3);
        StateFolder folder = StateFolder.at(temp);
        ProcessRecord record = new ProcessRecord("web-1", child.pid(), TABLE.find(child.pid()).orElseThrow().birth(), "sh");
        ChildSpec spec = new ChildSpec("web-1", List.of("sh"), Map.of(), temp, Duration.ofSeconds(5), () -> {});
        Kin kin = Kin.of(folder, spec, record, TABLE);
        assertThat(kin.find(TABLE)).hasSize(4);
        Ending.Outcome outcome = new Ending(() -> kin.find(TABLE), TABLE, Clock.system()).gently(Duration.ofSeconds(5));
        assertThat(outcome).isEqualTo(new Ending.Outcome(4, false, Set.of()));
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leavesAStrangerWithTheRecordsIdAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "73").start();
        try {
            ChildSpec spec = new ChildSpec("web-1", List.of("sh"), Map.of(), temp, Duration.ofSeconds(5), () -> {});
            for (String birth : List.of("1", "unknown")) {
                Kin kin = Kin.of(StateFolder.at(temp), spec, new ProcessRecord("web-1", stranger.pid(), birth, "sleep"), TABLE);
                assertThat(kin.find(TABLE)).isEmpty();
            }
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aSessionOfItsOwnIsAlsoGivenWithoutSetsid_andTheProcessIdStays() throws Exception {
        List<String> words = new ArrayList<>(Session.otherwise());
        words.addAll(List.of("sleep", "74"));
        Process child = new ProcessBuilder(words).start();
        try {
            if (words.getFirst().endsWith("perl")) {
                Workplace.await(() -> ProcessTable.ofThisMachine().find(child.pid()).orElseThrow().session() == child.pid());
            }
            Workplace.await(() -> child.info().command().orElse("").endsWith("sleep") || child.info().commandLine().orElse("").contains("sleep 74"));
        } finally {
            child.destroyForcibly();
        }
    }
}
