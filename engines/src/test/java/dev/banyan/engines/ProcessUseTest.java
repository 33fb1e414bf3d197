package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUseTest {
    @TempDir
    Path proc;

    @Test
    void aServerTakesWhatAllItsProcessesTake_andSharedMemoryCountsOnce() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.write(proc.resolve("self/auxv"), ByteBuffer.allocate(32).order(ByteOrder.nativeOrder()).putLong(6).putLong(16_384).putLong(0).putLong(0).array());
        process(100, 1, "postgres", 500, "10000 3000 2500");
        process(101, 100, "postgres: (wal) writer", 100, "10000 2600 2500");
        process(102, 101, "below) it", 50, "100 20 10");
        process(200, 1, "java", 700, "9 8 1");
        process(300, 1, "a stranger", 900, "1 1 1");
        ProcessUse use = new ProcessUse(proc);
        use.heard(new ProcessEvent.Started("db-1", 100, false));
        use.heard(new ProcessEvent.Started("web-1", 200, false));
        use.heard(new ProcessEvent.Started("web-2", 999, false));
        assertThat(use.look()).containsOnlyKeys("db-1", "web-1")
                .containsEntry("db-1", new ProcessUse.Use(6.5, (500 + 100 + 10) * 16_384L, 2_500 * 16_384L));
        use.heard(new ProcessEvent.Exited("web-1", 137, Duration.ofSeconds(1), Optional.empty()));
        assertThat(use.look()).containsOnlyKeys("db-1");
    }

    @Test
    void ofThisVeryProcessSomethingIsKnownOnLinux_andElsewhereNothing() {
        ProcessUse use = ProcessUse.ofThisMachine();
        use.heard(new ProcessEvent.Started("us", ProcessHandle.current().pid(), false));
        if (Files.exists(Path.of("/proc/self/stat"))) {
            assertThat(use.look().get("us").cpuSeconds()).isPositive();
            assertThat(use.look().get("us").memory()).isBetween(10L << 20, 64L << 30);
        }
        assertThat(new ProcessUse(proc.resolve("none")).look()).isEmpty();
    }

    /** User time of so many ticks less three, one of each other kind of time. */
    private void process(long pid, long parent, String command, long ticks, String pages) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(folder.resolve("stat"), "%d (%s) S %d %d %d 0 -1 4194560 1 2 3 4 %d 1 1 1 20 0 1 0 99 1 2 3".formatted(pid, command, parent, pid, pid, ticks - 3));
        Files.writeString(folder.resolve("statm"), pages + " 1 0 5 0\n");
    }
}
