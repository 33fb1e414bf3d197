package dev.banyan.bench.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatroniNodeTest {
    @TempDir
    private Path folder;

    @Test
    void aNodeHasPatronisDefaultLeaseAndListensAtTheLoopbackAlone() throws IOException {
        PatroniNode node = new PatroniNode("n1", folder, 5001, 8001);
        assertThat(node.command(2379, Path.of("/opt/postgresql/bin"))).containsExactly("patroni", folder.resolve("n1.yaml").toString());
        assertThat(Files.readString(folder.resolve("n1.yaml")))
                .contains("ttl: 30\n", "loop_wait: 10\n", "synchronous_mode: true", "listen: \"127.0.0.1:5001\"", "restapi: { listen: \"127.0.0.1:8001\"", "bin_dir: \"/opt/postgresql/bin\"")
                .doesNotContain("0.0.0.0");
    }

    @Test
    void aFileThatAKilledServerLeftNamesNoServer() throws IOException {
        PatroniNode node = new PatroniNode("n1", folder, 5001, 8001);
        assertThat(node.postmaster()).isEmpty();
        Files.createDirectories(folder.resolve("n1"));
        Files.writeString(folder.resolve("n1/postmaster.pid"), ProcessHandle.current().pid() + "\n/data\n");
        assertThat(node.postmaster()).as("this JVM is no PostgreSQL").isEmpty();
    }
}
