package dev.banyan.balance;

import static dev.banyan.balance.Groups.NO_KEY;
import static dev.banyan.balance.Groups.SECOND;
import static dev.banyan.balance.Groups.add;
import static dev.banyan.balance.Groups.chosen;
import static dev.banyan.balance.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.LoadBound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlgorithmsTest {
    @Test
    void roundRobinGivesEachServerItsExactShare_andSkipsAFullOne() {
        ServerGroup group = group(Algorithm.ROUND_ROBIN);
        Server light = add(group, "light", 1);
        Server heavy = add(group, "heavy", 3);
        for (int i = 0; i < 400; i++) {
            chosen(group.choose(NO_KEY, 0, 0)).finish(Outcome.OK, 0);
        }
        assertThat(light.requests()).isEqualTo(100);
        assertThat(heavy.requests()).isEqualTo(300);
    }

    @Test
    void roundRobinGoesOnWhereItWas_whenASnapshotIsReplaced() {
        ServerGroup group = group(Algorithm.ROUND_ROBIN);
        List<Server> servers = add(group, 3);
        for (int i = 0; i < 30; i++) {
            assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(servers.get(i % 3));
            group.setWeight(servers.getFirst(), 1);
        }
    }

    @Test
    void leastConnectionsFillsByWeight() {
        ServerGroup group = group(Algorithm.LEAST_CONNECTIONS);
        Server light = add(group, "light", 1);
        Server heavy = add(group, "heavy", 3);
        for (int i = 0; i < 400; i++) {
            group.choose(NO_KEY, 0, 0);
        }
        assertThat(light.inFlight()).isEqualTo(100);
        assertThat(heavy.inFlight()).isEqualTo(300);
    }

    @Test
    void leastConnectionsCountsTunnels() {
        ServerGroup group = group(Algorithm.LEAST_CONNECTIONS);
        List<Server> servers = add(group, 4);
        for (int i = 0; i < 400; i++) {
            chosen(group.choose(NO_KEY, 0, 0)).becameTunnel();
        }
        assertThat(servers).allMatch(server -> server.tunnels() == 100);
    }

    @Test
    void leastResponseTimeAsksAnUnknownServerOnce_andThenTheQuickOne() {
        ServerGroup group = group(Algorithm.LEAST_RESPONSE_TIME);
        Server quick = add(group, "quick", 1);
        Server slow = add(group, "slow", 1);
        assertThat(List.of(chosen(group.choose(NO_KEY, 0, 0)), chosen(group.choose(NO_KEY, 0, 0)))).containsExactlyInAnyOrder(quick, slow);
        quick.answered(1_000_000, 0);
        slow.answered(3_500_000, 0);
        for (int i = 0; i < 2; i++) {
            assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(quick);
        }
        // 1 ms x 4 against 3.5 ms x 2, 1 ms x 7 against 3.5 ms x 2
        quick.finish(Outcome.OK, 0);
        slow.finish(Outcome.OK, 0);
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(quick);
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(slow);
    }

    @Test
    void powerOfTwoAmongTwoTakesTheLessLoadedForItsWeight() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        Server light = add(group, "light", 1);
        Server heavy = add(group, "heavy", 4);
        for (int i = 0; i < 500; i++) {
            group.choose(NO_KEY, 0, 0);
        }
        assertThat(light.inFlight()).isBetween(99, 101);
        assertThat(heavy.inFlight()).isBetween(399, 401);
    }

    @Property(tries = 30)
    void powerOfTwoKeepsTheMostLoadedNearTheMean(@ForAll @IntRange(min = 2, max = 60) int servers, @ForAll long seed) {
        ServerGroup group = new ServerGroup(Groups.balance(Algorithm.POWER_OF_TWO), Groups.health(), 1_000_000, seed, change -> {});
        List<Server> all = add(group, servers);
        for (int i = 0; i < 200 * servers; i++) {
            group.choose(NO_KEY, 0, 0);
        }
        // Two choices: the mean + ln ln n / ln 2 + a constant; one choice would be about the mean + sqrt(2 x 200 x ln n), 40 more for 60.
        assertThat(all).allMatch(server -> server.inFlight() <= 200 + 6);
    }

    @Property(tries = 20)
    void atRestTheSharesOfPowerOfTwoFollowTheWeights(@ForAll long seed) {
        ServerGroup group = new ServerGroup(Groups.balance(Algorithm.POWER_OF_TWO), Groups.health(), 100, seed, change -> {});
        add(group, "light", 1);
        Server heavy = add(group, "heavy", 3);
        for (int i = 0; i < 20_000; i++) {
            chosen(group.choose(NO_KEY, 0, 0)).finish(Outcome.OK, 0);
        }
        assertThat(heavy.requests() / 20_000.0).isCloseTo(0.75, within(0.02));
    }

    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = {"HASH", "CONSISTENT_HASH"})
    void aKeyStaysWithItsServer(Algorithm algorithm) {
        ServerGroup group = group(algorithm);
        add(group, 7);
        for (long hash = 0; hash < 1000; hash++) {
            long key = hash;
            Server first = chosen(group.choose(() -> key, 0, 0));
            first.finish(Outcome.OK, 0);
            assertThat(group.choose(() -> key, 0, 0)).isSameAs(first);
            first.finish(Outcome.OK, 0);
        }
    }

    @Property(tries = 60)
    void theLoadBoundIsNeverExceeded(
            @ForAll @IntRange(min = 1, max = 20) int servers, @ForAll @IntRange(min = 105, max = 300) int percent, @ForAll long seed) {
        double bound = percent / 100.0;
        Balance balance = new Balance(Algorithm.CONSISTENT_HASH, Optional.empty(), new LoadBound(bound), Optional.empty(), Duration.ZERO);
        ServerGroup group = new ServerGroup(balance, Groups.health(), 100_000, seed, change -> {});
        int weights = 0;
        for (int i = 0; i < servers; i++) {
            add(group, "web-" + i, 1 + i % 3);
            weights += 1 + i % 3;
        }
        Dice dice = new Dice(seed);
        List<Server> held = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            // A third of all requests for one key, the others for ten.
            long key = Math.max(0, Hash64.index(dice.roll(), 15) - 4);
            Server server = chosen(group.choose(() -> key, 0, 0));
            held.add(server);
            assertThat(server.inFlight()).isLessThanOrEqualTo((int) Math.ceil(bound * held.size() * server.weight() / weights));
            if (Hash64.index(dice.roll(), 100) < 45) {
                held.remove(Hash64.index(dice.roll(), held.size())).finish(Outcome.OK, 0);
            }
        }
    }

    @Test
    void withoutABoundAllOfAKeysRequestsGoToItsServer() {
        Balance balance = new Balance(Algorithm.CONSISTENT_HASH, Optional.empty(), new LoadBound(0), Optional.empty(), Duration.ZERO);
        ServerGroup group = new ServerGroup(balance, Groups.health(), 1000, 1, change -> {});
        add(group, 5);
        Server owner = chosen(group.choose(() -> 1, 0, 0));
        for (int i = 1; i < 1000; i++) {
            assertThat(group.choose(() -> 1, 0, 0)).isSameAs(owner);
        }
        assertThat(group.choose(() -> 1, 0, 0)).as("full").isNotSameAs(owner);
    }

    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = {"ROUND_ROBIN", "POWER_OF_TWO", "CONSISTENT_HASH"})
    void aNewServersShareGrowsFromATenthToTheWhole(Algorithm algorithm) {
        ServerGroup group = new ServerGroup(Groups.balance(algorithm, Duration.ofSeconds(10)), Groups.health(), 1000, 9, change -> {});
        add(group, 4);
        group.tick(20 * SECOND);
        Server fresh = group.add("web-5", Groups.ADDRESS, 1, 20 * SECOND);
        group.checkPassed(fresh, 20 * SECOND);
        for (int second = 0; second <= 11; second++) {
            long now = (20 + second) * SECOND;
            group.tick(now);
            long before = fresh.requests();
            for (int i = 0; i < 20_000; i++) {
                long key = i;
                chosen(group.choose(() -> key, 0, now)).finish(Outcome.OK, now);
            }
            double part = Math.min(1, 0.1 + 0.09 * second);
            assertThat((fresh.requests() - before) / 20_000.0).as("after %d s", second).isCloseTo(part / (4 + part), within(0.045));
        }
    }

    @Test
    void aReconfiguredGroupGoesOnWithItsServersAndTheirCounters() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        List<Server> servers = add(group, 2);
        Server held = chosen(group.choose(NO_KEY, 0, 0));
        group.reconfigure(Groups.balance(Algorithm.LEAST_CONNECTIONS), Groups.health(), 1);
        assertThat(held.inFlight()).isEqualTo(1);
        assertThat(group.choose(NO_KEY, 0, 0)).isNotSameAs(held);
        assertThat(group.choose(NO_KEY, 0, 0)).isEqualTo(Refusal.ALL_BUSY);
        assertThat(group.servers()).isEqualTo(servers);
    }
}
