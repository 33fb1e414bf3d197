package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.SecretHash;
import dev.banyan.http.gateway.limits.SharedCounters.Answer;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RateLimitingTest {
    private static final long SECOND = 1_000_000_000L;

    private final VirtualClock clock = new VirtualClock();
    private final List<Decision> decisions = new ArrayList<>();
    private final Counters counters = new Counters();

    @Test
    void aChangeOfTheSiteKeepsWhatWasUsedOfLimitsThatStay() {
        RateLimiting limiting = limiting(Optional.empty());
        Gateway before = Gateways.withLimits("[{ name: a, requests: 1, per: 1h }]");
        limiting.use(before);
        assertThat(passes(limiting, before)).isTrue();
        Gateway same = Gateways.of("{ routes: [{ name: other, path: /b }, { name: api, path: /c, limits: [{ name: a, requests: 1, per: 1h }] }] }");
        limiting.use(same);
        assertThat(limiting.check(same.routes().get(0))).isEmpty();
        assertThat(limiting.check(same.routes().get(1)).orElseThrow().check(Calls.from("192.0.2.1"), 0)).isNotNull();
        Gateway wider = Gateways.withLimits("[{ name: a, requests: 2, per: 1h }]");
        limiting.use(wider);
        assertThat(passes(limiting, wider)).isTrue();
    }

    @Test
    void aLimitOfAllRoutesCountsThemTogether() {
        RateLimiting limiting = limiting(Optional.empty());
        Gateway gateway = Gateways.of("{ limits: [{ requests: 2, per: 1h }], routes: [{ name: a, path: /a }, { name: b, path: /b }] }");
        limiting.use(gateway);
        assertThat(limiting.check(gateway.routes().get(0)).orElseThrow().check(Calls.from("192.0.2.1"), 0)).isNull();
        assertThat(limiting.check(gateway.routes().get(1)).orElseThrow().check(Calls.from("192.0.2.1"), 0)).isNull();
        assertThat(limiting.check().orElseThrow().check(Calls.from("192.0.2.1"), 0)).isNotNull();
    }

    @Test
    void doorsThatShareALimitKnowOfEachOtherAfterASettling() {
        RateLimiting one = limiting(Optional.of(counters));
        RateLimiting other = limiting(Optional.of(counters));
        Gateway gateway = Gateways.withLimits("[{ name: a, requests: 4, per: 1h, shared: true }]");
        one.use(gateway);
        other.use(gateway);
        assertThat(passes(one, gateway)).isTrue();
        assertThat(passes(one, gateway)).isTrue();
        one.settle();
        assertThat(passes(other, gateway)).isTrue();
        other.settle();
        assertThat(passes(other, gateway)).isTrue();
        other.settle();
        assertThat(passes(other, gateway)).as("the fifth of four").isFalse();
    }

    @Test
    void withoutTheCountersADoorLimitsAloneAndSaysSoOnce() {
        Registry registry = new Registry(clock);
        RateLimiting limiting = new RateLimiting(new SecretHash(1, 2), Optional.of(counters), clock, registry, decisions::add);
        Gateway gateway = Gateways.withLimits("[{ name: a, requests: 4, per: 1h, shared: true }]");
        limiting.use(gateway);
        counters.away = true;
        counters.doors = 2;
        limiting.settle();
        int passed = 0;
        for (int i = 0; i < 20; i++) {
            passed += passes(limiting, gateway) ? 1 : 0;
            limiting.settle();
            clock.nanos += SECOND;
        }
        assertThat(passed).as("its half").isEqualTo(2);
        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst().what()).isEqualTo("limit by this front door alone");
        assertThat(decisions.getFirst().why()).isEqualTo("the shared counters are away: no answer in 500 ms");
        assertThat(decisions.getFirst().seen()).isEqualTo("1 shared limits, each now at 1/2 of the rate");

        counters.away = false;
        limiting.settle();
        assertThat(decisions).hasSize(2);
        assertThat(counters.fullAt).as("what was admitted alone is charged").hasSize(1);
        assertThat(counters.charged).isEqualTo(2);
    }

    private RateLimiting limiting(Optional<SharedCounters> shared) {
        return new RateLimiting(new SecretHash(1, 2), shared, clock, new Registry(clock), decisions::add);
    }

    private boolean passes(RateLimiting limiting, Gateway gateway) {
        return limiting.check(gateway.routes().getFirst()).orElseThrow().check(Calls.from("192.0.2.1"), clock.nanos) == null;
    }

    /** Counters in memory, on the same clock. */
    private final class Counters implements SharedCounters {
        final Map<String, Long> fullAt = new HashMap<>();
        boolean away;
        int doors = 2;
        int charged;

        @Override
        public void charge(List<Charge> charges, Consumer<Answer> answer) {
            if (away) {
                answer.accept(new Answer.Away("no answer in 500 ms"));
                return;
            }
            List<Long> debts = new ArrayList<>();
            for (Charge charge : charges) {
                charged += charge.tokens();
                long full = Math.max(fullAt.getOrDefault(charge.key(), clock.nanos), clock.nanos) + charge.tokens() * charge.rate().intervalNanos();
                fullAt.put(charge.key(), full);
                debts.add(full - clock.nanos);
            }
            answer.accept(new Answer.Debts(debts));
        }

        @Override
        public int doors() {
            return doors;
        }

        @Override
        public void close() {}
    }
}
