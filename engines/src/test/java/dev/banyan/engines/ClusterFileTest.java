package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterFileTest {
    private static final ClusterFile.Content THREE = new ClusterFile.Content(7, "db-2", List.of("db-2", "db-3", "db-11"), List.of("db-3", "db-11"), 11);

    @TempDir
    private Path folder;

    @Test
    void isReadAsItWasWritten() {
        ClusterFile file = new ClusterFile(folder.resolve("cluster.json"));
        assertThat(file.read()).isEmpty();
        file.write(THREE);
        assertThat(file.read()).contains(THREE);
        ClusterFile.Content alone = new ClusterFile.Content(8, "db-3", List.of("db-3"), List.of(), 11);
        file.write(alone);
        assertThat(file.read()).contains(alone);
    }

    @Test
    void isJson() throws Exception {
        ClusterFile file = new ClusterFile(folder.resolve("cluster.json"));
        file.write(THREE);
        assertThat(Files.readString(file.file())).isEqualTo(
                "{\"epoch\": 7, \"primary\": \"db-2\", \"members\": [\"db-2\", \"db-3\", \"db-11\"], \"synchronous\": [\"db-3\", \"db-11\"], \"named\": 11}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"epoch\": 7, \"primary\": \"db-2\"", "{\"epoch\": -1, \"primary\": \"db-2\", \"members\": [\"db-2\"], \"synchronous\": [], \"named\": 2}"})
    void isNotGuessedAt_whenItCannotBeRead(String text) throws Exception {
        Path path = folder.resolve("cluster.json");
        Files.writeString(path, text);
        assertThatThrownBy(() -> new ClusterFile(path).read())
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK))
                .hasMessageContaining("which says which server is the primary, cannot be read: it is not as Banyan writes it");
    }

    @Test
    void aPrimaryIsAMember() {
        assertThatThrownBy(() -> new ClusterFile.Content(1, "db-1", List.of("db-2"), List.of(), 2)).hasMessage("the primary db-1 is none of the members [db-2]");
    }
}
