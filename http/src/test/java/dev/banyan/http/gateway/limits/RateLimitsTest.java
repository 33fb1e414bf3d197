package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.SecretHash;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.Identity;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Gateway;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private final VirtualClock clock = new VirtualClock();

    @Test
    void moreThanTheBurstGets429AndIsToldWhenToComeAgain() {
        Check check = check(limit("api", 10, 60, 3, "address"));
        for (int left = 2; left >= 0; left--) {
            Call call = Calls.from("192.0.2.1");
            assertThat(check.check(call, 0)).isNull();
            assertThat(response(call, "RateLimit-Policy")).contains("\"api\";q=3;w=18");
            assertThat(response(call, "RateLimit")).contains("\"api\";r=" + left + ";t=6");
        }
        Call call = Calls.from("192.0.2.1");
        LocalAnswer answer = check.check(call, SECOND);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Calls.value(answer.fields(), "Retry-After")).contains("5");
        assertThat(response(call, "RateLimit")).contains("\"api\";r=0;t=5");
        assertThat(answer.reason()).isEqualTo("more than 10 requests in 1m (limit 'api'); the next is taken in 5 s");
        assertThat(check.check(Calls.from("192.0.2.1"), 6 * SECOND)).as("who waits as long as told is let in").isNull();
    }

    @Test
    void countsEachClientApart() {
        Check check = check(limit("api", 1, 60, 1, "address"));
        assertThat(check.check(Calls.from("2001:db8:1:1::1"), 0)).isNull();
        assertThat(check.check(Calls.from("2001:db8:1:1::2"), 0)).as("the same /64").isNotNull();
        assertThat(check.check(Calls.from("2001:db8:1:2::1"), 0)).isNull();
        assertThat(check.check(Calls.from("192.0.2.1"), 0)).isNull();
    }

    @Test
    void countsByHeaderCallerClaimOrAllTogether() {
        Check header = check(limit("api", 1, 60, 1, "header X-Tenant"));
        assertThat(header.check(Calls.from("192.0.2.1", "x-tenant: a"), 0)).isNull();
        assertThat(header.check(Calls.from("192.0.2.2", "X-Tenant: a"), 0)).isNotNull();
        assertThat(header.check(Calls.from("192.0.2.1", "X-Tenant: b"), 0)).isNull();
        assertThat(header.check(Calls.from("192.0.2.1"), 0)).as("by its address").isNull();
        assertThat(header.check(Calls.from("192.0.2.1"), 0)).isNotNull();

        Check caller = check(limit("api", 1, 60, 1, "caller"));
        assertThat(caller.check(by("ada", Map.of()), 0)).isNull();
        assertThat(caller.check(by("ada", Map.of()), 0)).isNotNull();
        assertThat(caller.check(by("bob", Map.of()), 0)).isNull();

        Check claim = check(limit("api", 1, 60, 1, "claim org"));
        assertThat(claim.check(by("ada", Map.of("org", "x")), 0)).isNull();
        assertThat(claim.check(by("bob", Map.of("org", "x")), 0)).isNotNull();

        Check all = check(limit("api", 1, 60, 1, "all"));
        assertThat(all.check(Calls.from("192.0.2.1"), 0)).isNull();
        assertThat(all.check(Calls.from("192.0.2.2"), 0)).isNotNull();
    }

    @Test
    void ofSeveralLimitsNoneIsChargedWhenOneRefuses() {
        Check check = check(limit("burst", 2, 1, 2, "address"), limit("daily", 5, 86_400, 5, "address"));
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += check.check(Calls.from("192.0.2.1"), 0) == null ? 1 : 0;
        }
        assertThat(passed).isEqualTo(2);
        Call call = Calls.from("192.0.2.1");
        assertThat(check.check(call, 10 * SECOND)).isNull();
        assertThat(response(call, "RateLimit")).hasValueSatisfying(value -> assertThat(value).matches("\"burst\";r=1;t=1, \"daily\";r=2;t=[0-9]+"));
        assertThat(response(call, "RateLimit-Policy")).contains("\"burst\";q=2;w=1, \"daily\";q=5;w=86400");
    }

    @Test
    void theOneThatIsLongestInTheWaySaysWhenToComeAgain() {
        Check check = check(limit("burst", 1, 1, 1, "address"), limit("daily", 1, 3600, 1, "address"));
        check.check(Calls.from("192.0.2.1"), 0);
        LocalAnswer answer = check.check(Calls.from("192.0.2.1"), 0);
        assertThat(Calls.value(answer.fields(), "Retry-After")).contains("3600");
    }

    @Test
    void aLimitThatIsTriedOutMarksAndRefusesNobody() {
        Check check = check("{ name: trial, requests: 1, per: 1m, exceeded: mark }");
        Call first = Calls.from("192.0.2.1", "X-Over-Limit: forged");
        assertThat(check.check(first, 0)).isNull();
        assertThat(Calls.value(first.request().added(), "X-Over-Limit")).isEmpty();
        assertThat(first.request().removes(first.head().fields(), 1)).as("what the client says of itself").isTrue();
        Call second = Calls.from("192.0.2.1");
        assertThat(check.check(second, 0)).isNull();
        assertThat(Calls.value(second.request().added(), "X-Over-Limit")).contains("trial");
    }

    private Check check(String... limits) {
        RateLimiting limiting = new RateLimiting(new SecretHash(1, 2), Optional.empty(), clock, new Registry(clock), _ -> { });
        Gateway gateway = Gateways.withLimits("[" + String.join(", ", limits) + "]");
        limiting.use(gateway);
        return limiting.check(gateway.routes().getFirst()).orElseThrow();
    }

    private static String limit(String name, int requests, int seconds, int burst, String by) {
        return "{ name: " + name + ", requests: " + requests + ", per: " + seconds + "s, burst: " + burst + ", by: " + by + " }";
    }

    private static Call by(String name, Map<String, String> claims) {
        Call call = Calls.from("192.0.2.1");
        call.identify(new Identity(name, claims));
        return call;
    }

    private static Optional<String> response(Call call, String name) {
        return Calls.value(call.response().added(), name);
    }
}
