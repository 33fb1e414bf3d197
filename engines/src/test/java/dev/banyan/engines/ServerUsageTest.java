package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerUsageTest {
    @TempDir
    Path folder;

    private Path proc;
    private StateFolder state;
    private ServerUsage usage;

    @BeforeEach
    void begin() throws IOException {
        proc = Files.createDirectories(folder.resolve("proc"));
        state = StateFolder.beside(folder.resolve("site.yaml"));
        Files.createDirectories(state.processes());
        Files.writeString(Files.createDirectories(proc.resolve("sys/kernel/random")).resolve("boot_id"), "boot\n");
        usage = new ServerUsage(state, new ProcFolder(proc));
    }

    @Test
    void aServerUsesWhatItsWholeTreeUses_andWhatItsProcessesShareCountsOnce() throws IOException {
        new ProcessRecord("db-1", 100, "boot:777", "postgres").write(state);
        process(100, 1, 100, 777, 50, "S", 10_000, 5_000, 2_000);
        process(101, 100, 100, 778, 20, "S", 1_000, 4_000, 1_500);
        process(102, 1, 100, 779, 5, "S", 500, 100, 0);
        process(103, 100, 100, 780, 9_999, "Z", 1, 1, 1);
        process(200, 1, 200, 777, 1_000, "S", 99_999, 0, 0);
        assertThat(usage.look()).isEqualTo(Map.of("db-1", new ServerUsage.Usage(750_000_000, (11_500 + 5_000 + 2_000) * 1_024L)));
    }

    @Test
    void processorTimeGoesOnThroughARestart_andNeverBack() throws IOException {
        new ProcessRecord("web-1", 100, "boot:1", "java").write(state);
        process(100, 1, 100, 1, 100, "S", 1, 0, 0);
        assertThat(usage.look().get("web-1").cpuNanos()).isEqualTo(1_000_000_000);
        process(100, 1, 100, 1, 90, "S", 1, 0, 0);
        assertThat(usage.look().get("web-1").cpuNanos()).as("a child that was not waited for has gone").isEqualTo(1_000_000_000);
        new ProcessRecord("web-1", 300, "boot:2", "java").write(state);
        process(300, 1, 300, 2, 7, "S", 1, 0, 0);
        assertThat(usage.look().get("web-1").cpuNanos()).isEqualTo(1_070_000_000);
    }

    @Test
    void aStrangerWithItsIdIsNotIt() throws IOException {
        new ProcessRecord("web-1", 100, "boot:1", "java").write(state);
        process(100, 1, 100, 2, 100, "S", 1, 0, 0);
        assertThat(usage.look()).isEmpty();
    }

    @Test
    void ofThisVeryProcessSomethingIsKnownOnLinux_andElsewhereNothing() {
        ProcessTable here = ProcessTable.ofThisMachine();
        SeenProcess us = here.find(ProcessHandle.current().pid()).orElseThrow();
        new ProcessRecord("us", us.pid(), us.birth(), "java").write(state);
        if (here instanceof ProcFolder) {
            ServerUsage.Usage use = new ServerUsage(state, here).look().get("us");
            assertThat(use.cpuNanos()).isPositive();
            assertThat(use.memoryBytes()).isBetween(10L << 20, 64L << 30);
        }
        assertThat(new ServerUsage(state, new PortableProcesses()).look()).isEmpty();
    }

    private void process(long pid, long parent, long session, long start, long ticks, String condition, long anon, long file, long shared) throws IOException {
        Path at = Files.createDirectories(proc.resolve(Long.toString(pid)));
        String[] fields = new String[50];
        Arrays.fill(fields, "0");
        fields[0] = condition;
        fields[1] = Long.toString(parent);
        fields[3] = Long.toString(session);
        fields[11] = Long.toString(ticks - 1);
        fields[14] = "1";
        fields[19] = Long.toString(start);
        Files.writeString(at.resolve("stat"), pid + " (a (b) c) " + String.join(" ", fields) + "\n");
        Files.writeString(at.resolve("status"), "Name:\tx\nRssAnon:\t%d kB\nRssFile:\t  %d kB\nRssShmem:\t%d kB\n".formatted(anon, file, shared));
    }
}
