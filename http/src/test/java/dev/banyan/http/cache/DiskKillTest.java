package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Purge.Scope;
import dev.banyan.topology.Edge.Eviction;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stores and purges is killed in the middle: what is there afterwards is whole, and nothing that was purged comes back. */
class DiskKillTest {
    private static final int ROUNDS = 4;
    private static final int KEYS = 400;

    @TempDir
    private Path folder;

    @Test
    void afterSigkillAllThatIsServedIsWhole_andPurgesHold() throws Exception {
        SplittableRandom random = new SplittableRandom(6);
        int served = 0;
        int purges = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Map<Integer, Integer> purged = new HashMap<>();
            purges += runAndKill(round, random.nextInt(20, 200), purged);
            served += check(purged);
        }
        assertThat(served).as("responses that outlived their process").isPositive();
        assertThat(purges).isPositive();
    }

    /** Kills it after so many purges; what was acknowledged until then, by key. */
    private int runAndKill(int round, int after, Map<Integer, Integer> purged) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), Writer.class.getName(), folder.toString(), "" + round * 10_000_000)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        int seen = 0;
        try (BufferedReader out = child.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!line.matches("\\d+ \\d+\\.")) {
                    continue; // cut in the middle
                }
                String[] words = line.substring(0, line.length() - 1).split(" ");
                purged.merge(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Math::max);
                if (++seen == after) {
                    child.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe with what is in it
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(seen).as("it was killed, and did not end by itself").isGreaterThanOrEqualTo(after);
        return seen;
    }

    private int check(Map<Integer, Integer> purged) {
        int served = 0;
        try (ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor(); ResponseStore store = open(folder, blocking)) {
            for (int k = 0; k < KEYS; k++) {
                for (StoredResponse response : store.recall(key("/" + k)).toCompletableFuture().join().all()) {
                    int number = Integer.parseInt(response.head().etag());
                    assertThat(DiskTierTest.read(response, 0, Long.MAX_VALUE)).isEqualTo(content(number));
                    assertThat(number).as("/" + k + " was purged").isGreaterThan(purged.getOrDefault(k, -1));
                    served++;
                }
            }
            assertThat(store.diskFigures().corrupt()).as("files are whole or not there: a process that dies tears none").isZero();
        }
        return served;
    }

    private static ResponseStore open(Path folder, ExecutorService blocking) {
        ResponseStore store = ResponseStore.open(ResponseStore.Settings.of(2 << 20, 1 << 20, Eviction.S3_FIFO), new ResponseStore.Disk(folder, 16 << 20), blocking, line -> {
            throw new AssertionError(line);
        });
        store.ready().toCompletableFuture().join();
        return store;
    }

    private static byte[] content(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] bytes = new byte[random.nextInt(1, number % 20 == 0 ? 400_000 : 20_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Stores and purges until it is killed; says each purge when it is acknowledged. */
    static final class Writer {
        public static void main(String[] args) {
            ResponseStore store = open(Path.of(args[0]), Executors.newVirtualThreadPerTaskExecutor());
            SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
            for (int number = Integer.parseInt(args[1]); ; number++) {
                int k = random.nextInt(KEYS);
                byte[] bytes = content(number);
                Content content = store.fill(bytes.length);
                content.add(Unpooled.wrappedBuffer(bytes));
                content.complete();
                store.put(key("/" + k), head(StoredHead.Vary.NONE, "" + number), content, store.epoch());
                content.release();
                if (number % 20 == 0) {
                    store.purge(new Purge(new Scope.Url(key("/" + k)), true));
                    System.out.println(k + " " + number + ".");
                }
            }
        }
    }
}
