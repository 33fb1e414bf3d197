package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
    @TempDir
    private Path temp;

    private Tool tool;

    @BeforeEach
    void open() {
        StateFolder folder = StateFolder.at(temp);
        tool = new Tool(folder, folder.logs().resolve("tool.log"));
    }

    @Test
    void readsItsInput_andMarksWhatItStarts() {
        tool.run("cat", List.of("sh", "-c", "cat; echo $BANYAN_OWNER"), "one\ntwo\n");
        assertThat(tool.lastLines().lines().map(String::strip)).containsExactly("one", "two", tool.home().toString());
    }

    @Test
    void saysWhatItPrinted_whenItFails() {
        assertThatThrownBy(() -> tool.run("initdb", List.of("sh", "-c", "echo it is broken; exit 3"), ""))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILED))
                .hasMessage("initdb failed with exit code 3; its last lines:\n  it is broken");
    }

    @Test
    void saysThatTheDiskIsFull_whenTheProgramSaidSo() {
        for (String said : List.of("could not write file x: No space left on device", "HINT:  Check free disk space.")) {
            assertThatThrownBy(() -> tool.run("initdb", List.of("sh", "-c", "echo '" + said + "'; echo 'child process exited'; exit 1"), ""))
                    .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK))
                    .hasMessage("initdb failed: the disk that holds " + tool.home() + " is full; make room and try again");
        }
    }
}
