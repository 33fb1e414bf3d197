package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change, come, go and are links. */
class FileWatchTest {
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    private Loops loops;
    private FileWatch watch;

    @BeforeEach
    void open() {
        loops = Loops.open(IoKind.best(), 1);
        watch = FileWatch.start(loops.blocking(), Clock.system(), Duration.ofMillis(5));
    }

    @AfterEach
    void close() {
        watch.close();
        loops.close();
    }

    private String next() throws InterruptedException {
        return told.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void aChangeIsToldOnce_alsoWhenAFileComesAndGoes() throws Exception {
        Path file = folder.resolve("a");
        watch.watch(List.of(file, folder.resolve("b")), () -> told.add(Files.exists(file) ? "there" : "gone"));
        Files.writeString(file, "1");
        assertThat(next()).isEqualTo("there");
        Files.writeString(file, "22");
        assertThat(next()).isEqualTo("there");
        Files.delete(file);
        assertThat(next()).isEqualTo("gone");
        Files.writeString(folder.resolve("b"), "2");
        assertThat(next()).isEqualTo("gone");
        assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aLinkThatIsSwitchedIsAChange_asContainersMountSecrets() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "same");
        Path two = Files.writeString(folder.resolve("two"), "same");
        Files.setLastModifiedTime(two, Files.getLastModifiedTime(one));
        Path link = Files.createSymbolicLink(folder.resolve("link"), one);
        watch.watch(List.of(link), () -> told.add("switched"));
        Files.createSymbolicLink(folder.resolve("fresh"), two);
        Files.move(folder.resolve("fresh"), link, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(next()).isEqualTo("switched");
    }

    @Test
    void whoFailsIsToldAgain_andWhoHasClosedIsNot() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "1");
        FileWatch.Watching first = watch.watch(List.of(file), () -> told.add("closed"));
        first.close();
        watch.watch(List.of(file), () -> {
            told.add("told");
            if (told.size() < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        Files.writeString(file, "12");
        await(3);
        assertThat(told).containsOnly("told").hasSizeLessThanOrEqualTo(4);
    }

    private void await(int times) throws InterruptedException {
        long until = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(20);
        while (told.size() < times && Clock.system().nanos() < until) {
            Clock.system().sleep(Duration.ofMillis(1));
        }
    }
}
