package dev.banyan.http.gateway.limits;

import dev.banyan.balance.Outcome;
import dev.banyan.balance.SecretHash;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Route.Priority;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Nanoseconds a check, best of several rounds on one thread: {@code java -cp .. dev.banyan.http.gateway.limits.LimitsBench}. */
final class LimitsBench {
    private static final int ROUNDS = 7;
    private static final int CALLS = 1_000_000;
    private static final Clock CLOCK = Clock.system();

    private LimitsBench() {}

    public static void main(String[] arguments) {
        limits("one limit by address, passes", "[{ requests: 1000000, per: 1s, burst: 10000 }]");
        limits("one limit by address, refuses", "[{ requests: 1, per: 1d }]");
        limits("two limits, passes", "[{ requests: 1000000, per: 1s, burst: 10000 }, { requests: 1000000, per: 1s, burst: 10000, by: header X-Tenant }]");
        ServiceGuards guards = new ServiceGuards(CLOCK, new Registry(CLOCK), _ -> { });
        guards.use(Gateways.of("{ concurrency: {}, breaker: {} }"), List.of("search"));
        ServiceGuard guard = guards.of("search").orElseThrow();
        ServicePass pass = new ServicePass();
        measure("a service's guard, in and out", now -> {
            guard.admit(pass, Priority.NORMAL, now);
            pass.answered(now + 1000);
            pass.ended(Outcome.OK, now + 1000);
        });
    }

    private static void limits(String what, String limits) {
        RateLimiting limiting = new RateLimiting(new SecretHash(1, 2), Optional.empty(), CLOCK, new Registry(CLOCK), _ -> { });
        Gateway gateway = Gateways.withLimits(limits);
        limiting.use(gateway);
        Check check = limiting.check(gateway.routes().getFirst()).orElseThrow();
        Call call = Calls.from("192.0.2.1", "X-Tenant: a");
        long start = CLOCK.nanos();
        measure(what, now -> {
            call.begin(call.head(), "192.0.2.1", false);
            check.check(call, start + now);
        });
    }

    private static void measure(String what, LongConsumer act) {
        long best = Long.MAX_VALUE;
        long time = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long began = CLOCK.nanos();
            for (int i = 0; i < CALLS; i++) {
                act.accept(time += 2000);
            }
            best = Math.min(best, CLOCK.nanos() - began);
        }
        System.out.printf("%-40s %4d ns%n", what, best / CALLS);
    }
}
