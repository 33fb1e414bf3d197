package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path folder;

    @Test
    void tellsAcknowledgedWritesFromThoseThatAreNot() {
        Path file = folder.resolve("ledger");
        try (Ledger ledger = Ledger.open(file)) {
            long first = ledger.sent("comment", "key-1", Map.of("photo", "7"));
            ledger.sent("like", "key-2", Map.of("text", "tab\t, line\n, ü and \"quotes\""));
            ledger.acknowledged(first, "17");
        }
        assertThat(read(file)).containsExactly(
                new Ledger.Write(1, "comment", "key-1", Map.of("photo", "7"), true, "17"),
                new Ledger.Write(2, "like", "key-2", Map.of("text", "tab\t, line\n, ü and \"quotes\""), false, ""));
    }

    @Test
    void isReadableAfterACrash_andGoesOnBehindTheLastWholeLine() throws IOException {
        Path file = folder.resolve("ledger");
        Ledger crashed = Ledger.open(file);
        crashed.acknowledged(crashed.sent("comment", "ä", Map.of()), "1");
        crashed.sent("comment", "b", Map.of());
        assertThat(read(file)).as("while it is being written").hasSize(2);

        Files.write(file, "{\"number\":2,\"acknowledged\":\"\u00c3".getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.APPEND);
        assertThat(read(file)).as("after a line was cut off").extracting(Ledger.Write::acknowledged).containsExactly(true, false);

        try (Ledger next = Ledger.open(file)) {
            assertThat(next.sent("comment", "c", Map.of())).isEqualTo(3);
        }
        assertThat(read(file)).extracting(Ledger.Write::key).containsExactly("ä", "b", "c");
        crashed.close();
    }

    @Test
    void survivesTheDeathOfItsProcess_withEverythingThatWasNoted() throws IOException, InterruptedException {
        Path file = folder.resolve("ledger");
        Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                LedgerWriter.class.getName(), file.toString()).redirectErrorStream(true).start();
        try (var lines = writer.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("noted 1000");
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(read(file)).filteredOn(Ledger.Write::acknowledged).hasSizeGreaterThanOrEqualTo(1000);
    }

    @Test
    void takesLinesFromManyThreads() throws InterruptedException, ExecutionException {
        Path file = folder.resolve("ledger");
        try (Loops loops = Loops.open(); Ledger ledger = Ledger.open(file)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String key = "key-" + i;
                writers.add(loops.blocking().submit(() -> ledger.acknowledged(ledger.sent("comment", key, Map.of()), key)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(read(file)).hasSize(200).allMatch(w -> w.acknowledged() && w.key().equals(w.where()));
    }

    @Test
    void refusesAFileThatIsNone_namingTheLine() throws IOException {
        Path file = Files.writeString(folder.resolve("other"), "dear diary\n");
        assertThatThrownBy(() -> Ledger.open(file)).isInstanceOf(BanyanException.class).hasMessageContaining("dear diary");
        assertThat(file).hasContent("dear diary\n");
        Path long1 = Files.writeString(folder.resolve("long"), "x".repeat(Ledger.LONGEST_LINE + 1));
        assertThatThrownBy(() -> Ledger.open(long1)).isInstanceOf(BanyanException.class).hasMessageContaining("over 16384 characters");
    }

    private static List<Ledger.Write> read(Path file) {
        List<Ledger.Write> all = new ArrayList<>();
        Ledger.read(file, all::add);
        return all;
    }
}
