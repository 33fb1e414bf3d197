package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.Outcome;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Route.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceGuardTest {
    private static final long SECOND = 1_000_000_000L;

    private final VirtualClock clock = new VirtualClock();
    private final List<Decision> decisions = new ArrayList<>();
    private final ServiceGuards guards = new ServiceGuards(clock, new Registry(clock), decisions::add);

    @Test
    void shedsTheLeastImportantFirst() {
        ServiceGuard guard = guard("{ concurrency: { initial: 10, minimum: 10, normal: 80%, low: 50% } }");
        List<ServicePass> passes = new ArrayList<>();
        assertThat(admitted(guard, Priority.LOW, passes)).isEqualTo(5);
        assertThat(admitted(guard, Priority.NORMAL, passes)).isEqualTo(3);
        assertThat(admitted(guard, Priority.HIGH, passes)).isEqualTo(2);
        LocalAnswer refused = guard.admit(new ServicePass(), Priority.HIGH, 0);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(Calls.value(refused.fields(), "Retry-After")).contains("1");
        passes.forEach(pass -> pass.ended(Outcome.OK, 0));
        passes.forEach(pass -> pass.ended(Outcome.OK, 0)); // once is enough
        assertThat(admitted(guard, Priority.HIGH, passes)).isEqualTo(10);
    }

    @Test
    void aServiceThatFailsIsLeftAlone_andThatIsADecision() {
        ServiceGuard guard = guard("{ breaker: { minimum-requests: 4, pause: 5s } }");
        for (int i = 0; i < 4; i++) {
            ServicePass pass = new ServicePass();
            assertThat(guard.admit(pass, Priority.NORMAL, 0)).isNull();
            pass.ended(Outcome.NO_ANSWER, 0);
            assertThat(pass.open()).isFalse();
        }
        LocalAnswer refused = guard.admit(new ServicePass(), Priority.HIGH, SECOND / 2);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(Calls.value(refused.fields(), "Retry-After")).contains("5");
        assertThat(decisions).singleElement().satisfies(decision -> {
            assertThat(decision.what()).isEqualTo("leave service search alone for 5000 ms");
            assertThat(decision.why()).isEqualTo("4 of 4 requests failed in 10 s");
        });
    }

    /** A breaker that tries with three requests must not lose one of them to the concurrency limit. */
    @Test
    void aTryThatIsShedIsGivenBack() {
        ServiceGuard guard = guard("{ concurrency: { initial: 1, minimum: 1 }, breaker: { minimum-requests: 1, pause: 1s, probes: 1 } }");
        ServicePass first = new ServicePass();
        guard.admit(first, Priority.HIGH, 0);
        first.ended(Outcome.SERVER_ERROR, 0);
        ServicePass probe = new ServicePass();
        assertThat(guard.admit(probe, Priority.HIGH, SECOND)).isNull();
        probe.ended(Outcome.CLIENT_LEFT, SECOND);
        assertThat(guard.admit(probe, Priority.HIGH, SECOND)).isNull();
        probe.answered(SECOND);
        probe.ended(Outcome.OK, SECOND);
        assertThat(decisions).hasSize(3);
    }

    @Test
    void aChangeOfTheSiteKeepsAGuardThatStaysAsItIs() {
        ServiceGuard guard = guard("{ breaker: { probes: 2 } }");
        assertThat(guard("{ breaker: { probes: 2 }, limits: [{ requests: 1 }] }")).isSameAs(guard);
        assertThat(guard("{ breaker: { probes: 3 } }")).isNotSameAs(guard);
        guards.use(Gateways.of("{ limits: [{ requests: 1 }] }"), List.of("search"));
        assertThat(guards.of("search")).isEmpty();
    }

    private ServiceGuard guard(String gateway) {
        guards.use(Gateways.of(gateway), List.of("search"));
        return guards.of("search").orElseThrow();
    }

    private static int admitted(ServiceGuard guard, Priority priority, List<ServicePass> passes) {
        int admitted = 0;
        for (int i = 0; i < 20; i++) {
            ServicePass pass = new ServicePass();
            if (guard.admit(pass, priority, 0) == null) {
                passes.add(pass);
                admitted++;
            }
        }
        return admitted;
    }
}
