package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineWriterTest {
    private static final Labels ACCESS = Labels.of("log", "access");

    @TempDir
    Path folder;

    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private final Registry registry = new Registry(new TestClock());

    @AfterEach
    void endThreads() {
        loops.close();
    }

    @Test
    void linesArriveWhole_inOrder_andEscaped() throws IOException {
        Path file = folder.resolve("access.log");
        try (LineWriter writer = open(file, 1 << 20)) {
            LineBuffer line = writer.buffer();
            line.text("{\"path\":").json("/a\"b\\c\u0001\u00e9\ud83d\ude00\ud800").text(",\"ms\":").millis(12_345_678).text(",\"n\":").number(-42).text("}").end(0);
            byte[] latin1 = "x\u00ff\"".getBytes(StandardCharsets.ISO_8859_1);
            line.text("{\"agent\":").json(latin1, 0, latin1.length).text(",\"n\":").number(Long.MIN_VALUE).text(",\"m\":").number(Long.MAX_VALUE).text("}").end(0);
            line.raw("0123".getBytes(StandardCharsets.US_ASCII), 1, 2).number(0).end(0);
            line.flush();
        }
        assertThat(Files.readAllLines(file)).containsExactly(
                "{\"path\":\"/a\\\"b\\\\c\\u0001\u00e9\ud83d\ude00\ufffd\",\"ms\":12.345,\"n\":-42}",
                "{\"agent\":\"x\u00ff\\\"\",\"n\":-9223372036854775808,\"m\":9223372036854775807}",
                "120");
        assertThat(registry.snapshot().total("banyan_log_lines_total", ACCESS)).isEqualTo(3);
    }

    @Test
    void whatWaitsIsSentOnAfter100Milliseconds() throws IOException {
        Path file = folder.resolve("access.log");
        try (LineWriter writer = open(file, 1 << 20)) {
            LineBuffer line = writer.buffer();
            line.text("one").end(0);
            line.tick(99_999_999);
            line.text("two").end(99_999_999);
            line.tick(100_000_000);
            line.text("never flushed").end(100_000_001);
        }
        assertThat(Files.readAllLines(file)).containsExactly("one", "two");
    }

    @Test
    void aLineThatIsTooLongIsDroppedWhole_andCounted() throws IOException {
        Path file = folder.resolve("access.log");
        try (LineWriter writer = open(file, 1 << 20)) {
            LineBuffer line = writer.buffer();
            line.text("before").end(0);
            line.text("[").json("\u0001".repeat(LineBuffer.LONGEST)).text("]").end(0);
            line.text("x".repeat(LineBuffer.LONGEST - 1)).end(0);
            line.text("x".repeat(LineBuffer.LONGEST)).end(0);
            line.text("after").end(0);
            line.flush();
        }
        assertThat(Files.readAllLines(file)).extracting(String::length).containsExactly(6, LineBuffer.LONGEST - 1, 5);
        assertThat(registry.snapshot().total("banyan_log_lines_dropped_total", ACCESS)).isEqualTo(2);
    }

    @Test
    void aFullFileBecomesAnOldOne_andThreeAreKept() throws IOException {
        Path file = folder.resolve("access.log");
        try (LineWriter writer = open(file, 100)) {
            LineBuffer line = writer.buffer();
            for (int i = 0; i < 6; i++) {
                line.text("line " + i + " ").text("x".repeat(120)).end(0);
                line.flush();
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder("access.log", "access.log.1", "access.log.2", "access.log.3");
        }
        assertThat(Files.readString(file)).startsWith("line 5");
        assertThat(Files.readString(folder.resolve("access.log.3"))).startsWith("line 2");
    }

    @Test
    void theLoopNeverWaits_andEachLineIsEitherWrittenOrCountedAsDropped() throws IOException {
        Path file = folder.resolve("access.log");
        int lines = 200_000;
        try (LineWriter writer = open(file, 1 << 30)) {
            LineBuffer line = writer.buffer();
            for (int i = 0; i < lines; i++) {
                line.text("{\"n\":").number(i).text(",\"pad\":\"").text("x".repeat(60)).text("\"}").end(i);
            }
            line.flush();
        }
        List<String> written = Files.readAllLines(file);
        Snapshot snapshot = registry.snapshot();
        assertThat(written.size()).isEqualTo((int) snapshot.total("banyan_log_lines_total", ACCESS));
        assertThat(written.size() + snapshot.total("banyan_log_lines_dropped_total", ACCESS)).isEqualTo(lines);
        assertThat(written).allMatch(each -> each.startsWith("{\"n\":") && each.endsWith("x\"}"));
    }

    private LineWriter open(Path file, long cap) {
        return LineWriter.open(file, new ByteSize(cap), loops, registry);
    }
}
