package dev.banyan.resp.clients;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** All that Redisson is used for here. */
final class RedissonScenarios {
    private static final long GLANCE_NANOS = 2_000_000;

    private RedissonScenarios() {}

    /** Whether a scenario mostly waits. */
    enum Pace {
        QUICK,
        SLOW
    }

    static List<Scenario<RedissonClients>> all(Pace pace) {
        return switch (pace) {
            case QUICK -> Stream.of(RedissonObjects.all(), RedissonLocks.all(), RedissonMessages.all()).flatMap(List::stream).toList();
            case SLOW -> RedissonLocks.slow();
        };
    }

    /** Returns when it is so; a scenario has an end in any case. */
    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }
}
