package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL to the process that acknowledges. */
class KilledProcessIT {
    private static final int KILLS = 20;
    private static final int COUNTERS = 8;

    @TempDir
    private Path folder;

    /** What the killed processes printed. */
    private final long[] begun = new long[COUNTERS];
    private final long[] acknowledged = new long[COUNTERS];

    @Test
    void nothingAcknowledgedIsLostOrDoubled_whereverTheProcessIsKilled() throws Exception {
        RandomGenerator random = Loops.random();
        try (JournalPostgres postgres = JournalPostgres.start(folder.resolve("postgres").toAbsolutePath()); Journals journals = new Journals()) {
            postgres.execute("CREATE TABLE likes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)");
            for (int kill = 0; kill < KILLS; kill++) {
                runAndKill(postgres.port(), 1 + random.nextInt(2_000));
            }
            try (WriteBehindJournal journal = journals.open(folder.resolve("journal"), postgres::connect)) {
                assertThat(journal.drain(Duration.ofSeconds(30))).isTrue();
            }
            assertThat(journals.decisions).isEmpty();
            List<String> rows = postgres.rows("SELECT n FROM likes ORDER BY id");
            assertThat(rows).hasSize(COUNTERS);
            long all = 0;
            for (int id = 0; id < COUNTERS; id++) {
                assertThat(Long.parseLong(rows.get(id))).as("counter %d", id).isBetween(acknowledged[id], begun[id]);
                all += acknowledged[id];
            }
            System.out.println("acknowledged " + all + ", killed " + KILLS + " times");
            assertThat(all).isGreaterThan(KILLS);
        }
    }

    /** @param lines after so many of them it is killed, in the middle of the next ones */
    private void runAndKill(int port, int lines) throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), AppendingChild.class.getName(), folder.resolve("journal").toString(), Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = child.inputReader()) {
            int read = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.length() == 2) { // the last one may be cut
                    (line.charAt(0) == '+' ? begun : acknowledged)[line.charAt(1) - '0']++;
                }
                if (++read == lines) {
                    child.toHandle().destroyForcibly(); // the process's own way would close what it printed, too
                }
            }
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
    }
}
