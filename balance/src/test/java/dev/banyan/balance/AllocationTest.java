package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.banyan.topology.FrontDoor.Algorithm;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
    private static final RequestKey KEY = () -> 7;
    private static final int REQUESTS = 100_000;

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void theHotPathAllocatesNothing(Algorithm algorithm) {
        ServerGroup group = Groups.group(algorithm);
        Groups.add(group, 5);
        RetryBudget budget = new RetryBudget(RetryBudgetTest.retries(0.2, 10));
        requests(group, budget);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        requests(group, budget);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;
        assertThat(each).as("bytes a request").isZero();
    }

    private static void requests(ServerGroup group, RetryBudget budget) {
        for (int i = 0; i < REQUESTS; i++) {
            budget.requestSeen(i);
            if (group.choose(KEY, 1, i) instanceof Server server) {
                server.answered(1000, i);
                server.finish(Outcome.OK, i);
            }
        }
    }
}
