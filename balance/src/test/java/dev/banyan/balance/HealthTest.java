package dev.banyan.balance;

import static dev.banyan.balance.Groups.NO_KEY;
import static dev.banyan.balance.Groups.SECOND;
import static dev.banyan.balance.Groups.add;
import static dev.banyan.balance.Groups.chosen;
import static dev.banyan.balance.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.HealthChange.Kind;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final List<HealthChange> changes = new ArrayList<>();

    @Test
    void aServerFallsAfterThreeFailedChecksAndRisesAfterTwoPassedOnes() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server sick = add(group, 3).getFirst();
        group.checkFailed(sick, "timeout after 1000 ms", 1 * SECOND);
        group.checkFailed(sick, "timeout after 1000 ms", 2 * SECOND);
        group.checkPassed(sick, 3 * SECOND);
        group.checkFailed(sick, "timeout after 1000 ms", 4 * SECOND);
        group.checkFailed(sick, "timeout after 1000 ms", 5 * SECOND);
        assertThat(sick.state()).isEqualTo(ServerState.HEALTHY);
        group.checkFailed(sick, "connection refused", 6 * SECOND);
        assertThat(sick.state()).isEqualTo(ServerState.SICK);
        assertNeverChosen(group, sick);
        group.checkPassed(sick, 7 * SECOND);
        group.checkFailed(sick, "connection refused", 8 * SECOND);
        group.checkPassed(sick, 9 * SECOND);
        assertThat(sick.state()).isEqualTo(ServerState.SICK);
        group.checkPassed(sick, 10 * SECOND);
        assertThat(sick.state()).isEqualTo(ServerState.HEALTHY);
        assertThat(changes).extracting(HealthChange::sentence).containsExactly(
                "stop sending to web-1: 3 checks failed in a row (last: connection refused); "
                        + "2 of 3 servers healthy, 0 ejected, 1 sick; web-1: 0 in flight, 0 of 0 requests failed since it was added",
                "send to web-1 again: 2 checks passed in a row; "
                        + "3 of 3 servers healthy, 0 ejected, 0 sick; web-1: 0 in flight, 0 of 0 requests failed since it was added");
    }

    @Test
    void fiveFailuresInARowEject_andAnAnswerBetweenStartsAnew() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = add(group, 3).getFirst();
        fail(group, server, 4, 0);
        exchange(group, server, Outcome.CLIENT_LEFT, 0);
        exchange(group, server, Outcome.OK, 0);
        fail(group, server, 4, 0);
        exchange(group, server, Outcome.CLIENT_LEFT, 0);
        assertThat(server.state()).isEqualTo(ServerState.HEALTHY);
        fail(group, server, 1, 0);
        assertThat(server.state()).isEqualTo(ServerState.EJECTED);
        assertNeverChosen(group, server);
        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().what()).isEqualTo("eject web-1 for 10 s");
        assertThat(changes.getFirst().why()).isEqualTo("5 requests failed in a row (last: no answer)");
        assertThat(changes.getFirst().seen()).isEqualTo(
                "2 of 3 servers healthy, 1 ejected, 0 sick; web-1: 0 in flight, 9 of 10 requests failed since it was added");
    }

    @Test
    void halfOfAtLeastTwentyRequestsInTenSecondsEject() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        List<Server> servers = add(group, 3);
        for (int second = 0; second < 10; second++) {
            // 19 in ten seconds, too few to say anything; 20 of which 9 fail; 20 of which 10 fail.
            alternate(group, servers.get(0), 1, second == 0 ? 0 : 1, second * SECOND);
            alternate(group, servers.get(1), second == 0 ? 0 : 1, second == 0 ? 2 : 1, second * SECOND);
            alternate(group, servers.get(2), 1, 1, second * SECOND);
            group.tick((second + 1) * SECOND - 1);
        }
        assertThat(servers).extracting(Server::state).containsExactly(ServerState.HEALTHY, ServerState.HEALTHY, ServerState.EJECTED);
        assertThat(changes).extracting(HealthChange::why).containsExactly("50% of 20 requests failed in 10 s");
    }

    @Test
    void failuresOlderThanTenSecondsAreForgotten() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = add(group, 2).getFirst();
        alternate(group, server, 10, 9, 0);
        group.tick(SECOND);
        alternate(group, server, 0, 1, 11 * SECOND);
        group.tick(11 * SECOND);
        assertThat(changes).isEmpty();
    }

    @Test
    void eachFurtherEjectionIsLonger_upToTenTimes_andGoodTimeTakesItBack() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = add(group, 3).getFirst();
        long now = 0;
        for (int repeat = 1; repeat <= 12; repeat++) {
            fail(group, server, 5, now);
            long length = Math.min(repeat, 10) * 10 * SECOND;
            group.tick(now + length - 1);
            assertThat(server.state()).as("just before the end of ejection %d", repeat).isEqualTo(ServerState.EJECTED);
            now += length;
            group.tick(now);
            assertThat(server.state()).isEqualTo(ServerState.HEALTHY);
        }
        group.tick(now + 30 * SECOND);
        fail(group, server, 5, now + 30 * SECOND);
        assertThat(changes.getLast().what()).as("three repeats were taken back").isEqualTo("eject web-1 for 80 s");
        assertThat(changes).extracting(HealthChange::kind).containsOnly(Kind.EJECTED, Kind.RETURNED);
    }

    @Test
    void whatFailedDuringAnEjectionDoesNotCountAfterIt() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = add(group, 3).getFirst();
        List<Server> inFlight = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            inFlight.add(chosen(group.chooseByName("web-1", 0, 0)));
        }
        inFlight.forEach(held -> held.finish(Outcome.NO_ANSWER, 0));
        group.tick(10 * SECOND);
        assertThat(server.state()).isEqualTo(ServerState.HEALTHY);
        fail(group, server, 4, 10 * SECOND);
        group.tick(11 * SECOND);
        assertThat(server.state()).isEqualTo(ServerState.HEALTHY);
    }

    @Test
    void noMoreThanTheShareIsEjected_andTheSparedOneIsToldOnce() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.calmHealth(), changes);
        List<Server> servers = add(group, 5);
        servers.forEach(server -> fail(group, server, 20, 0));
        assertThat(servers).extracting(Server::state).containsExactly(
                ServerState.EJECTED, ServerState.EJECTED, ServerState.HEALTHY, ServerState.HEALTHY, ServerState.HEALTHY);
        assertThat(changes).extracting(HealthChange::kind).containsExactly(Kind.EJECTED, Kind.EJECTED, Kind.SPARED, Kind.SPARED, Kind.SPARED);
        assertThat(changes.getLast().why()).isEqualTo(
                "5 requests failed in a row (last: no answer), but 2 of 5 servers are ejected already and 50% may be");
    }

    @Test
    void oneOfTwoMayAlwaysBeEjected_andOneAloneNever() {
        Health strict = health(0.1);
        ServerGroup two = group(Algorithm.POWER_OF_TWO, strict, changes);
        Server first = add(two, 2).getFirst();
        fail(two, first, 5, 0);
        assertThat(first.state()).isEqualTo(ServerState.EJECTED);
        ServerGroup alone = group(Algorithm.POWER_OF_TWO, strict, new ArrayList<>());
        Server only = add(alone, 1).getFirst();
        fail(alone, only, 50, 0);
        assertThat(only.state()).isEqualTo(ServerState.HEALTHY);
        ServerGroup never = group(Algorithm.POWER_OF_TWO, health(0), new ArrayList<>());
        Server kept = add(never, 2).getFirst();
        fail(never, kept, 50, 0);
        assertThat(kept.state()).isEqualTo(ServerState.HEALTHY);
    }

    @Test
    void whenTooFewAreHealthyAllThatServeGetRequests() {
        ServerGroup group = group(Algorithm.ROUND_ROBIN, Groups.health(), changes);
        List<Server> servers = add(group, 4);
        Server unproven = group.add("web-5", Groups.ADDRESS, 1, 0);
        sicken(group, servers.get(0));
        sicken(group, servers.get(1));
        assertThat(group.panic()).as("2 of 4 is not fewer than half").isFalse();
        sicken(group, servers.get(2));
        assertThat(group.panic()).isTrue();
        for (int i = 0; i < 40; i++) {
            chosen(group.choose(NO_KEY, 0, 0)).finish(Outcome.OK, 0);
        }
        assertThat(servers).allMatch(server -> server.requests() == 10);
        assertThat(unproven.requests()).isZero();
        group.checkPassed(servers.get(0), SECOND);
        group.checkPassed(servers.get(0), SECOND);
        assertThat(group.panic()).isFalse();
        assertNeverChosen(group, servers.get(1));
        assertThat(changes).extracting(HealthChange::kind).containsExactly(Kind.FELL, Kind.FELL, Kind.FELL, Kind.PANIC, Kind.ROSE, Kind.CALM);
        assertThat(changes.get(3).sentence()).isEqualTo(
                "panic: send to all servers: fewer than 50% of the servers are healthy; 1 of 4 servers healthy, 0 ejected, 3 sick");
    }

    @Test
    void withoutAPanicThresholdSickServersGetNothing() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.calmHealth(), changes);
        add(group, 2).forEach(server -> sicken(group, server));
        assertThat(group.choose(NO_KEY, 0, 0)).isEqualTo(Refusal.NO_SERVERS);
    }

    @Test
    void anEjectedServerWhoseChecksFailTooReturnsWhenTheyPass() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = add(group, 3).getFirst();
        fail(group, server, 5, 0);
        sicken(group, server);
        group.tick(10 * SECOND);
        assertThat(server.state()).isEqualTo(ServerState.SICK);
        group.checkPassed(server, 11 * SECOND);
        group.checkPassed(server, 12 * SECOND);
        assertThat(server.state()).isEqualTo(ServerState.HEALTHY);
        assertThat(changes).extracting(HealthChange::kind).containsExactly(Kind.EJECTED, Kind.FELL, Kind.ROSE);
    }

    @Test
    void whatFailedWhileAServerWasSickDoesNotEjectItOnceItIsWell() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        List<Server> servers = add(group, 2);
        servers.forEach(server -> sicken(group, server));
        assertThat(group.panic()).isTrue();
        fail(group, servers.getFirst(), 44, 0);
        for (Server server : servers) {
            group.checkPassed(server, SECOND);
            group.checkPassed(server, SECOND);
        }
        fail(group, servers.getFirst(), 4, SECOND);
        group.tick(2 * SECOND);
        assertThat(servers).allMatch(server -> server.state() == ServerState.HEALTHY);
    }

    private static Health health(double maximumEjected) {
        Health base = Groups.calmHealth();
        return new Health(base.interval(), base.timeout(), 2, 3, 5, base.failureShare(), 20, Duration.ofSeconds(10), new Share(maximumEjected), new Share(0));
    }

    private static void sicken(ServerGroup group, Server server) {
        for (int i = 0; i < 3; i++) {
            group.checkFailed(server, "connection refused", 0);
        }
    }

    private static void alternate(ServerGroup group, Server server, int failures, int answers, long now) {
        for (int i = 0; i < Math.max(failures, answers); i++) {
            if (i < failures) {
                exchange(group, server, Outcome.SERVER_ERROR, now);
            }
            if (i < answers) {
                exchange(group, server, Outcome.OK, now);
            }
        }
    }

    private static void fail(ServerGroup group, Server server, int times, long now) {
        for (int i = 0; i < times; i++) {
            exchange(group, server, Outcome.NO_ANSWER, now);
        }
    }

    /** An exchange with one server, whether it is eligible or not: requests in flight end after an ejection too. */
    private static void exchange(ServerGroup group, Server server, Outcome outcome, long now) {
        server.occupancy.tryTake(1000);
        server.finish(outcome, now);
    }

    private static void assertNeverChosen(ServerGroup group, Server server) {
        for (int i = 0; i < 200; i++) {
            Server other = chosen(group.choose(() -> 1, 0, 0));
            assertThat(other).isNotSameAs(server);
            other.finish(Outcome.OK, 0);
        }
        assertThat(group.chooseByName(server.name(), 0, 0)).isEqualTo(Refusal.NO_SERVERS);
    }
}
