package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path temp;

    private StateFolder folder;
    private LogFile log;

    @BeforeEach
    void open() {
        folder = StateFolder.at(temp);
        log = new LogFile(LogFile.in(folder, "web-1"), 100);
    }

    @Test
    void turnsToANewFileAtALinesEnd_andKeepsOneBefore() throws IOException {
        for (int i = 0; i < 100; i++) {
            append("line %02d\n".formatted(i));
        }
        String older = Files.readString(LogFile.older(LogFile.in(folder, "web-1")));
        assertThat(older).endsWith("\n").hasSizeBetween(100, 108);
        assertThat(last(1000)).isEqualTo(lines(100 - last(1000).length() / 8, 100));
        assertThat(last(1000)).endsWith("line 99\n");
        assertThat(Files.list(folder.logs())).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void turnsInTheMiddleOfAChunk_losingNoByte() throws IOException {
        append(lines(0, 20));
        assertThat(last(1000)).isEqualTo(lines(0, 20));
        assertThat(Files.size(LogFile.older(LogFile.in(folder, "web-1")))).isEqualTo(104);
    }

    @Test
    void givesTheLastLines_acrossTheTurn() throws IOException {
        append(lines(0, 20));
        assertThat(last(0)).isEmpty();
        assertThat(last(1)).isEqualTo("line 19\n");
        assertThat(last(7)).isEqualTo(lines(13, 20));
        assertThat(last(10)).isEqualTo(lines(10, 20));
        append("open end");
        assertThat(last(1)).isEqualTo("open end");
        assertThat(last(2)).isEqualTo("line 19\nopen end");
    }

    @Test
    void isFollowed_throughManyTurns() throws Exception {
        append("before\n");
        AtomicBoolean goOn = new AtomicBoolean(true);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (Loops loops = Loops.open(IoKind.NIO, 1)) {
            Future<?> following = loops.blocking().submit(() -> {
                LogFollow.of(folder, "web-1", Clock.system()).follow(10, seen, goOn::get);
                return null;
            });
            // Who begins to follow later gets the last ten lines of then.
            Workplace.await(() -> seen.size() > 0);
            for (int i = 0; i < 5; i++) {
                int from = i * 10;
                append(lines(from, from + 10));
                Workplace.await(() -> seen.toString(StandardCharsets.UTF_8).endsWith("line %02d\n".formatted(from + 9)));
            }
            goOn.set(false);
            following.get();
        }
        assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo("before\n" + lines(0, 50));
    }

    @Test
    void namesTheLogsThereAre_whenAskedForAnother() {
        append("x\n");
        assertThatThrownBy(() -> LogFollow.of(folder, "web-2", Clock.system()))
                .isInstanceOf(BanyanException.class)
                .hasMessageContaining("there is no log of 'web-2'")
                .hasMessageEndingWith("there are: web-1");
    }

    @Test
    void readsTheLastLinesOfAFileOfManyChunks() throws IOException {
        Path big = temp.resolve("logs/big.log");
        Files.writeString(big, IntStream.range(0, 30_000).mapToObj("line %d\n"::formatted).collect(Collectors.joining()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogFollow.of(folder, "big", Clock.system()).last(20_000, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("line 10000\n").endsWith("line 29999\n");
    }

    @Test
    void keepsTheLastLinesOnly_andCutsLongOnes() {
        RecentLines recent = new RecentLines();
        byte[] bytes = (lines(0, 99) + lines(0, 99) + lines(0, 99) + "x".repeat(5000) + "\n").getBytes(StandardCharsets.UTF_8);
        recent.add(bytes, bytes.length);
        assertThat(recent.last(1000)).hasSize(200);
        assertThat(recent.last(1).getFirst()).hasSize(2000);
    }

    private void append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.append(bytes, bytes.length);
    }

    private String last(int lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogFollow.of(folder, "web-1", Clock.system()).last(lines, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj("line %02d\n"::formatted).collect(Collectors.joining());
    }
}
