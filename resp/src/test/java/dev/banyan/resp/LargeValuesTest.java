package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many clients that share connections to a node get and set values that are passed on in pieces, and each gets the one it asked for. */
@Timeout(60)
class LargeValuesTest {
    private static final int CLIENTS = 12;
    private static final int ASKED = 400;
    private static final int[] SIZES = {1_000, 30_000, 70_000, 300_000};

    private static String value(int key) {
        return String.format("%08d", key).repeat(SIZES[key % SIZES.length] / 8);
    }

    @ParameterizedTest
    @CsvSource({"100, 1000000", "6, 20"})
    void eachClientGetsTheValueItAskedFor_fromTheNodeAndFromTheRoutersOwnCopies(int keys, int hot) throws Exception {
        try (RouterWithNodes world = RouterWithNodes.of(1, "near: {hot: " + hot + "}"); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Talk first = world.client();
            for (int key = 0; key < keys; key++) {
                assertThat(first.ask("SET k" + key + " " + value(key))).isEqualTo("OK");
            }
            List<Future<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Talk talk = world.client();
                SplittableRandom random = new SplittableRandom(client);
                clients.add(threads.submit(() -> wrong(talk, random, keys)));
            }
            for (Future<Integer> client : clients) {
                assertThat(client.get()).as("values of another key").isZero();
            }
            assertThat(world.faults).isEmpty();
        }
    }

    /** Two in ten set the value anew, so that commands are large too. */
    private static int wrong(Talk talk, SplittableRandom random, int keys) {
        int wrong = 0;
        for (int i = 0; i < ASKED; i++) {
            int key = random.nextInt(keys);
            boolean sets = random.nextInt(10) < 2;
            String answer = talk.ask(sets ? "SET k" + key + " " + value(key) : "GET k" + key);
            wrong += answer.equals(sets ? "OK" : value(key)) ? 0 : 1;
        }
        return wrong;
    }
}
