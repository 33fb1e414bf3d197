package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients at random before three real nodes: each hears what it must, in its order, whatever others do; at the end nothing is left over. The seeds
 * are of this test's choices; which of two nodes is quicker is not in them.
 */
@Timeout(120)
class RouterChaosTest {
    private static final int CLIENTS = 5;
    private static final int BATCHES = Integer.getInteger("banyan.chaos.batches", 40);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyoneHearsWhatIsHis(long seed) {
        run(seed, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nobodyHangsOrHearsWhatIsAnothers_whenNodesAreLost(long seed) {
        run(seed, true);
    }

    static void run(long seed, boolean nodesAreLost) {
        RandomGenerator random = Loops.random(seed);
        try (RouterWithNodes world = RouterWithNodes.of(3, "near: {hot: 5}, timeouts: {answer: 2s}"); var threads = Executors.newCachedThreadPool()) {
            List<RandomGenerator> each = IntStream.range(0, CLIENTS).mapToObj(_ -> Loops.random(random.nextLong())).toList();
            List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> new RandomClient(world, each.get(i), "client" + i, nodesAreLost).say(BATCHES), threads)).toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new));
            while (nodesAreLost && !all.isDone()) {
                int node = random.nextInt(3);
                world.redis(node).kill();
                world.restart(node);
            }
            all.join();
            nothingIsLeft(world);
        }
    }

    private static void nothingIsLeft(RouterWithNodes world) {
        Await.until("all sessions have ended", () -> world.router().figures().clients() == 0);
        Await.until("nothing is owed", () -> world.router().owed().join() == 0);
        for (int node = 0; node < 3; node++) {
            Talk direct = world.at(node);
            Await.until("nobody waits there", () -> direct.ask("INFO clients").contains("blocked_clients:0"));
            Await.until("nobody listens there", () -> direct.ask("CLIENT LIST").lines().allMatch(line -> line.isBlank() || line.contains("sub=0 psub=0") && line.contains("multi=-1") && line.contains("db=0")));
        }
        assertThat(world.faults).isEmpty();
    }
}
