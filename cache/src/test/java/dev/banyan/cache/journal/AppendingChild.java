package dev.banyan.cache.journal;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache.WriteBehind;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process of its own that adds 1 to ten counters from eight threads until it is killed, and prints a line when it is about to ({@code +ID}) and when it is
 * acknowledged ({@code =ID}). Arguments: folder, PostgreSQL's port.
 */
final class AppendingChild {
    private AppendingChild() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        Loops loops = Loops.open();
        WriteBehindJournal journal = WriteBehindJournal.open(new Setup(Path.of(arguments[0]), new WriteBehind(ByteSize.parse("16MiB"), Duration.ofMillis(3), 100), Duration.ofSeconds(5),
                () -> JournalPostgres.connect(Integer.parseInt(arguments[1])), loops, Clock.system(), Loops.random(), new Registry(Clock.system()), decision -> System.err.println(decision)));
        for (int thread = 0; thread < 8; thread++) {
            int id = thread;
            loops.blocking().execute(() -> {
                while (true) {
                    out.println("+" + id);
                    journal.append(Writes.add("likes", id, "n", 1)).join();
                    out.println("=" + id);
                }
            });
        }
        Thread.currentThread().join();
    }
}
