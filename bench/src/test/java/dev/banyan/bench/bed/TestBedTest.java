package dev.banyan.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestBedTest {
    @Test
    void whatWasStartedAndWrittenIsGoneWhenItCloses() throws IOException {
        TestBed bed = TestBed.open();
        Files.writeString(Files.createDirectories(bed.folder().resolve("a/b")).resolve("file"), "text");
        Process process = bed.start(new ProcessBuilder("sleep", "60"));
        bed.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(bed.folder()).doesNotExist();
        assertThatThrownBy(() -> bed.start(new ProcessBuilder("sleep", "60"))).hasMessageContaining("the benchmark is ending");
    }

    @Test
    void whatIsToBeDoneAtTheEndIsDoneWhileTheFolderIsThere() throws IOException {
        List<Boolean> there = new ArrayList<>();
        TestBed bed = TestBed.open();
        bed.atEnd(() -> there.add(Files.exists(bed.folder())));
        bed.close();
        assertThat(there).containsExactly(true);
    }

    @Test
    void aTestBedThatWasForgottenEndsWithItsJvm() throws Exception {
        try (TestBed bed = TestBed.open()) {
            Process forgetful = bed.start(new ProcessBuilder(
                    ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path"), Forgetful.class.getName()));
            Path folder = Path.of(forgetful.inputReader().readLine());
            long child = Long.parseLong(forgetful.inputReader().readLine());
            assertThat(folder).exists();
            forgetful.destroy();
            forgetful.waitFor();
            assertThat(folder).doesNotExist();
            assertThat(ProcessHandle.of(child)).isEmpty();
        }
    }

    /** Opens a test bed, and is interrupted. */
    static final class Forgetful {
        public static void main(String[] arguments) throws Exception {
            TestBed bed = TestBed.open();
            Process child = bed.start(new ProcessBuilder("sleep", "60"));
            System.out.println(bed.folder() + "\n" + child.pid());
            child.waitFor();
            Thread.currentThread().join();
        }
    }
}
