package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.SecretHash;
import dev.banyan.balance.TokenRate;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.limits.SharedCounters.Answer;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.testing.EmbeddedRedis;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real Redis. */
@Timeout(180)
class RedisCountersTest {
    private static final Clock CLOCK = Clock.system();
    private static final TokenRate RATE = new TokenRate(1_000_000_000L, 10);

    @TempDir
    Path folder;

    private final Loops loops = Loops.open(IoKind.best(), 2);
    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private final List<RedisCounters> opened = new ArrayList<>();
    private HostPort at;
    private Process redis;

    @BeforeEach
    void start() throws Exception {
        at = new HostPort("127.0.0.1", FreePort.choose());
        startRedis();
    }

    @AfterEach
    void stop() throws Exception {
        opened.forEach(RedisCounters::close);
        loops.close();
        if (redis != null) {
            redis.destroyForcibly().waitFor();
        }
    }

    @Test
    void chargesByRedisClockAndTellsTheDebt() throws Exception {
        RedisCounters counters = open("door-1", "secret");
        await(() -> debt(counters, "a", 1) > 0);
        long before = debt(counters, "b", 1);
        long after = debt(counters, "b", 3);
        assertThat(before).isBetween(999_000_000L, 1_001_000_000L);
        assertThat(after).isBetween(2_000_000_000L, 4_001_000_000L);
    }

    @Test
    void countsTheDoorsThatAreThere() throws Exception {
        RedisCounters one = open("door-1", "secret");
        RedisCounters other = open("door-2", "secret");
        await(() -> one.doors() == 2 && other.doors() == 2);
    }

    @Test
    void aWrongPasswordIsSaid() throws Exception {
        RedisCounters counters = open("door-1", "wrong");
        await(() -> charge(counters, "a", 1) instanceof Answer.Away away && away.why().contains("refuses the login"));
    }

    /** Three doors and callers who want all they can get, for three seconds: at most the burst, what the rate brings, and the doors' credits. */
    @Test
    void severalDoorsTogetherKeepTheLimit() throws Exception {
        List<RateLimiting> doors = new ArrayList<>();
        Gateway gateway = Gateways.withLimits("[{ requests: 100, per: 1s, burst: 30, shared: true, tolerance: 50% }]");
        for (int i = 0; i < 3; i++) {
            RedisCounters counters = open("door-" + i, "secret");
            RateLimiting limiting = new RateLimiting(new SecretHash(1, 2), Optional.of(counters), CLOCK, new Registry(CLOCK), decisions::add);
            limiting.use(gateway);
            loops.control().scheduleAtFixedRate(limiting::settle, 0, RateLimiting.settleEveryNanos(), TimeUnit.NANOSECONDS);
            doors.add(limiting);
        }
        await(() -> opened.stream().allMatch(counters -> counters.doors() == 3));
        long settled = CLOCK.nanos() + Duration.ofMillis(100).toNanos();
        await(() -> CLOCK.nanos() > settled);
        List<Check> checks = doors.stream().map(door -> door.check(gateway.routes().getFirst()).orElseThrow()).toList();
        long began = CLOCK.nanos();
        int admitted = 0;
        while (CLOCK.nanos() - began < 3_000_000_000L) {
            for (Check check : checks) {
                admitted += check.check(Calls.from("192.0.2.1"), CLOCK.nanos()) == null ? 1 : 0;
            }
            Thread.onSpinWait();
        }
        double seconds = (CLOCK.nanos() - began) / 1e9;
        int credits = 3 * (int) (0.5 * 30 / 3);
        assertThat(decisions).isEmpty();
        assertThat(admitted).isBetween((int) (0.7 * 100 * seconds), (int) Math.ceil(30 + 100 * seconds + credits));
    }

    @Test
    void whenRedisIsAwayEachDoorLimitsAlone_andTogetherAgainWhenItIsBack() throws Exception {
        RedisCounters counters = open("door-1", "secret");
        RateLimiting limiting = new RateLimiting(new SecretHash(1, 2), Optional.of(counters), CLOCK, new Registry(CLOCK), decisions::add);
        Gateway gateway = Gateways.withLimits("[{ requests: 1000, per: 1s, shared: true }]");
        limiting.use(gateway);
        Check check = limiting.check(gateway.routes().getFirst()).orElseThrow();
        await(() -> debt(counters, "a", 1) > 0);
        redis.destroyForcibly().waitFor();
        await(() -> {
            check.check(Calls.from("192.0.2.1"), CLOCK.nanos());
            limiting.settle();
            return decisions.size() == 1;
        });
        assertThat(decisions.getFirst().what()).isEqualTo("limit by this front door alone");
        assertThat(check.check(Calls.from("192.0.2.9"), CLOCK.nanos())).isNull();
        startRedis();
        await(() -> {
            check.check(Calls.from("192.0.2.1"), CLOCK.nanos());
            limiting.settle();
            return decisions.size() == 2;
        });
        assertThat(decisions.get(1).what()).isEqualTo("limit together with the other front doors");
    }

    private RedisCounters open(String door, String password) {
        RedisCounters counters = RedisCounters.open(loops.transport(), at, Optional.of(new RedisCounters.Login(Optional.empty(), new Secret(password))), door);
        opened.add(counters);
        return counters;
    }

    /** The debt in nanoseconds, or -1 when the counters are away. */
    private static long debt(SharedCounters counters, String key, int tokens) {
        return charge(counters, key, tokens) instanceof Answer.Debts debts ? debts.nanos().getFirst() : -1;
    }

    private static Answer charge(SharedCounters counters, String key, int tokens) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        counters.charge(List.of(new SharedCounters.Charge(key, tokens, RATE)), answer::complete);
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void startRedis() throws IOException {
        redis = new ProcessBuilder(EmbeddedRedis.program().toString(), "--port", Integer.toString(at.port()), "--bind", "127.0.0.1", "--save", "", "--requirepass", "secret", "--dir", folder.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("redis.log").toFile()).start();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = CLOCK.nanos() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(CLOCK.nanos()).as("it takes too long").isLessThan(deadline);
            CLOCK.sleep(Duration.ofMillis(5));
        }
    }
}
