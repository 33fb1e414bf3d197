package dev.banyan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs run, and what is shared is not changed by who uses it. */
class EmbeddedServersTest {
    @TempDir
    private Path folder;

    @Test
    void aCopyOfTheDataIsServed_killedWithAllItsProcesses_andServedAgainAtItsPort() throws Exception {
        Path data = folder.resolve("some/data");
        EmbeddedPostgres.makeData(data);
        int port = FreePort.choose();
        for (int i = 0; i < 2; i++) {
            Process server = start(data, port);
            List<ProcessHandle> processes = server.descendants().toList();
            EmbeddedPostgres.kill(server);
            assertThat(processes).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void whatOneCopyIsToldIsNotInAnother() throws Exception {
        EmbeddedPostgres.makeData(folder.resolve("one"));
        Files.writeString(folder.resolve("one/pg_hba.conf"), "changed");
        EmbeddedPostgres.makeData(folder.resolve("other"));
        assertThat(folder.resolve("other/pg_hba.conf")).content().contains("trust");
    }

    @Test
    void redisSaysItsVersion() throws Exception {
        Process process = new ProcessBuilder(EmbeddedRedis.program().toString(), "--version").redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes())).contains("7.0.15");
        assertThat(process.waitFor()).isZero();
    }

    private Process start(Path data, int port) throws Exception {
        Path log = folder.resolve("log");
        Process server = new ProcessBuilder(EmbeddedPostgres.command("postgres", "-D", data.toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F"))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        long end = System.nanoTime() + 60_000_000_000L;
        while (!Files.readString(log).contains("ready to accept connections")) {
            assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
            assertThat(System.nanoTime()).as("60 s: " + Files.readString(log)).isLessThan(end);
            Thread.onSpinWait();
        }
        return server;
    }
}
