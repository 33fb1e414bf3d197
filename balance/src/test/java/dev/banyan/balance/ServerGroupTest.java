package dev.banyan.balance;

import static dev.banyan.balance.Groups.NO_KEY;
import static dev.banyan.balance.Groups.SECOND;
import static dev.banyan.balance.Groups.add;
import static dev.banyan.balance.Groups.chosen;
import static dev.banyan.balance.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.FrontDoor.Algorithm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerGroupTest {

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aGroupWithoutServersRefuses(Algorithm algorithm) {
        assertThat(group(algorithm).choose(() -> 1, 0, 0)).isEqualTo(Refusal.NO_SERVERS);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aChosenServerHasTheRequestInFlightUntilItFinishes(Algorithm algorithm) {
        ServerGroup group = group(algorithm);
        add(group, 1);
        Server server = chosen(group.choose(() -> 1, 0, 0));
        assertThat(server.inFlight()).isEqualTo(1);
        server.finish(Outcome.OK, 0);
        assertThat(server.inFlight()).isZero();
        assertThat(server.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void excludedServersAreChosenOnlyWhenAllAreExcluded(Algorithm algorithm) {
        ServerGroup group = group(algorithm);
        List<Server> servers = add(group, 5);
        for (Server kept : servers) {
            long others = servers.stream().filter(server -> server != kept).mapToLong(Server::slotBit).reduce(0, (a, b) -> a | b);
            for (long hash = 0; hash < 50; hash++) {
                long key = hash;
                assertThat(group.choose(() -> key, others, 0)).isSameAs(kept);
                kept.finish(Outcome.OK, 0);
            }
        }
        assertThat(group.choose(() -> 1, -1L, 0)).isInstanceOf(Server.class);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void everyServerFillsToItsCapAndThenTheCallerQueues(Algorithm algorithm) {
        ServerGroup group = new ServerGroup(Groups.balance(algorithm), Groups.health(), 3, 7, change -> {});
        List<Server> servers = add(group, 4);
        for (long i = 0; i < 12; i++) {
            long key = i;
            assertThat(group.choose(() -> key, 0, 0)).isInstanceOf(Server.class);
        }
        assertThat(servers).allMatch(server -> server.inFlight() == 3);
        assertThat(group.choose(() -> 1, 0, 0)).isEqualTo(Refusal.ALL_BUSY);
        servers.get(2).finish(Outcome.OK, 0);
        assertThat(group.choose(() -> 1, 0, 0)).isSameAs(servers.get(2));
    }

    @Test
    void aNewServerGetsRequestsAfterItsFirstPassedCheck() {
        List<HealthChange> changes = new ArrayList<>();
        ServerGroup group = group(Algorithm.POWER_OF_TWO, Groups.health(), changes);
        Server server = group.add("web-1", Groups.ADDRESS, 1, 0);
        assertThat(server.state()).isEqualTo(ServerState.UNPROVEN);
        assertThat(group.choose(NO_KEY, 0, 0)).isEqualTo(Refusal.NO_SERVERS);
        group.checkFailed(server, "connection refused", SECOND);
        assertThat(server.lastCheckFailure()).isEqualTo("connection refused");
        group.checkPassed(server, 2 * SECOND);
        assertThat(group.choose(NO_KEY, 0, 2 * SECOND)).isSameAs(server);
        assertThat(server.sinceNanos()).isEqualTo(2 * SECOND);
        assertThat(changes).extracting(HealthChange::what).containsExactly("admit web-1");
    }

    @Test
    void aDrainingOrRemovedServerGetsNoRequest_thoughTheOthersArePanicking() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        List<Server> servers = add(group, 2);
        group.drain(servers.get(0));
        for (int i = 0; i < 100; i++) {
            assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(servers.get(1));
        }
        group.remove(servers.get(1));
        assertThat(group.choose(NO_KEY, 0, 0)).isEqualTo(Refusal.NO_SERVERS);
        group.undrain(servers.get(0));
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(servers.get(0));
    }

    @Test
    void aStickyClientGetsItsServerWhileItServes() {
        ServerGroup group = new ServerGroup(Groups.balance(Algorithm.POWER_OF_TWO), Groups.health(), 1, 7, change -> {});
        List<Server> servers = add(group, 3);
        assertThat(group.chooseByName("web-2", 0, 0)).isSameAs(servers.get(1));
        assertThat(group.chooseByName("web-2", 0, 0)).isEqualTo(Refusal.ALL_BUSY);
        servers.get(1).finish(Outcome.OK, 0);
        assertThat(group.chooseByName("web-2", servers.get(1).slotBit(), 0)).isEqualTo(Refusal.NO_SERVERS);
        group.drain(servers.get(1));
        assertThat(group.chooseByName("web-2", 0, 0)).isEqualTo(Refusal.NO_SERVERS);
        assertThat(group.chooseByName("web-9", 0, 0)).isEqualTo(Refusal.NO_SERVERS);
    }

    @Test
    void aTunnelIsNotInFlightAndDoesNotCountAgainstTheCap() {
        ServerGroup group = new ServerGroup(Groups.balance(Algorithm.POWER_OF_TWO), Groups.health(), 1, 7, change -> {});
        Server server = add(group, 1).getFirst();
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(server);
        server.becameTunnel();
        assertThat(server.inFlight()).isZero();
        assertThat(server.tunnels()).isEqualTo(1);
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(server);
        server.finishTunnel();
        assertThat(server.tunnels()).isZero();
        assertThatThrownBy(server::finishTunnel).isInstanceOf(IllegalStateException.class).hasMessageContaining("web-1");
    }

    @Test
    void aRequestThatEndsTwiceIsABugOfTheCallerAndChangesNothing() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        Server server = add(group, 1).getFirst();
        assertThatThrownBy(() -> server.finish(Outcome.OK, 0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("web-1");
        assertThat(server.inFlight()).isZero();
        assertThat(group.choose(NO_KEY, 0, 0)).isSameAs(server);
    }

    @Test
    void aSlotIsGivenAgainOnceTheRemovedServersLastRequestHasEnded() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        List<Server> servers = add(group, 3);
        assertThat(servers).extracting(Server::slot).containsExactly(0, 1, 2);
        Server busy = chosen(group.chooseByName("web-2", 0, 0));
        group.remove(busy);
        assertThat(add(group, "web-4", 1).slot()).isEqualTo(3);
        busy.finish(Outcome.OK, 0);
        assertThat(add(group, "web-5", 1).slot()).isEqualTo(1);
    }

    @Test
    void aTakenNameOrAWeightOutOfRangeIsRefusedWithItsReason() {
        ServerGroup group = group(Algorithm.POWER_OF_TWO);
        Server server = add(group, 1).getFirst();
        assertThatThrownBy(() -> add(group, "web-1", 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("web-1");
        assertThatThrownBy(() -> add(group, "web-2", 1001)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> group.setWeight(server, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("drain");
    }
}
