package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.FrontDoor.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads choose and finish while one changes the group; the counts come out even and the guarantees of {@link ServerGroup} hold. */
@Timeout(60)
class ConcurrencyTest {
    private static final int LOOPS = 3;
    private static final int REQUESTS = 40_000;
    private static final int CAP = 5;

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void noCountIsLostAndNoClosedServerIsTaken_whileServersComeAndGo(Algorithm algorithm) throws Exception {
        ServerGroup group = new ServerGroup(Groups.balance(algorithm), Groups.health(), CAP, 11, change -> {});
        Set<Server> all = ConcurrentHashMap.newKeySet();
        all.addAll(Groups.add(group, 3));
        AtomicLong finished = new AtomicLong();
        AtomicInteger running = new AtomicInteger(LOOPS);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            int id = loop;
            tasks.add(() -> {
                requests(group, id, finished);
                running.decrementAndGet();
                return null;
            });
        }
        tasks.add(() -> {
            for (int i = 0; running.get() > 0; i++) {
                comeAndGo(group, all, i);
            }
            return null;
        });
        runAll(tasks);
        assertThat(all).allMatch(server -> server.inFlight() == 0);
        assertThat(all.stream().mapToLong(Server::requests).sum()).isEqualTo(finished.get());
        assertThat(finished.get()).isEqualTo((long) LOOPS * REQUESTS);
    }

    /** Holds up to 8 requests at a time, so that caps are met, and ends them in the order they came. */
    private static void requests(ServerGroup group, int id, AtomicLong finished) {
        List<Server> held = new ArrayList<>();
        Dice dice = new Dice(id);
        int begun = 0;
        while (begun < REQUESTS || !held.isEmpty()) {
            long key = dice.roll();
            if (begun < REQUESTS && held.size() < 8 && group.choose(() -> key, 1L << (key & 7), begun) instanceof Server server) {
                assertThat(server.inFlight()).isBetween(1, CAP);
                held.add(server);
                begun++;
            } else if (!held.isEmpty()) {
                Server server = held.removeFirst();
                server.answered(1 + (key & 1023), begun);
                server.finish((key & 15) == 0 ? Outcome.SERVER_ERROR : Outcome.OK, begun);
                finished.incrementAndGet();
            }
        }
    }

    /** Once drain or remove has returned, a server's requests in flight only fall: a count that rises would be a choice of a closed server. */
    private static void comeAndGo(ServerGroup group, Set<Server> all, int i) {
        Server fresh = group.add("extra-" + i, Groups.ADDRESS, 1 + i % 3, true, i);
        all.add(fresh);
        group.tick(i);
        if ((i & 1) == 0) {
            group.drain(fresh);
        } else {
            group.remove(fresh);
        }
        int least = fresh.inFlight();
        for (int look = 0; look < 50; look++) {
            int held = fresh.inFlight();
            assertThat(held).isLessThanOrEqualTo(least);
            least = held;
        }
        group.remove(fresh);
    }

    @Test
    void countsAndGrantsAreExact_whenSeveralThreadsAskTheBudget() throws Exception {
        RetryBudget budget = new RetryBudget(RetryBudgetTest.retries(0.2, 0));
        runAll(List.of(requestsSeen(budget), requestsSeen(budget), requestsSeen(budget)));
        AtomicInteger granted = new AtomicInteger();
        runAll(List.of(retries(budget, granted), retries(budget, granted), retries(budget, granted)));
        assertThat(granted.get()).isEqualTo(3 * REQUESTS / 5);
    }

    @Test
    void threadsDrawDifferentNumbersFromOneSeed() throws Exception {
        Dice dice = new Dice(5);
        Set<Long> drawn = ConcurrentHashMap.newKeySet();
        Callable<Void> draws = () -> {
            for (int i = 0; i < 10_000; i++) {
                drawn.add(dice.roll());
            }
            return null;
        };
        runAll(List.of(draws, draws, draws));
        assertThat(drawn).hasSize(30_000);
    }

    private static Callable<Void> requestsSeen(RetryBudget budget) {
        return () -> {
            for (int i = 0; i < REQUESTS; i++) {
                budget.requestSeen(i % 10 * Groups.SECOND);
            }
            return null;
        };
    }

    private static Callable<Void> retries(RetryBudget budget, AtomicInteger granted) {
        return () -> {
            for (int i = 0; i < REQUESTS; i++) {
                if (budget.tryRetry(9 * Groups.SECOND)) {
                    granted.incrementAndGet();
                }
            }
            return null;
        };
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        try (ForkJoinPool pool = new ForkJoinPool(tasks.size())) {
            for (Future<Void> end : tasks.stream().map(pool::submit).toList()) {
                end.get();
            }
        }
    }
}
