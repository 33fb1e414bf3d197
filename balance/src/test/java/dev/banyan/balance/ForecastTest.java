package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.FrontDoor.Algorithm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a group says it would choose is what it chooses, and saying so changes nothing. */
class ForecastTest {
    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = {"ROUND_ROBIN", "HASH", "CONSISTENT_HASH"})
    void whereChanceHasNoPart_theForecastIsTheChoice(Algorithm algorithm) {
        ServerGroup group = Groups.group(algorithm);
        Groups.add(group, 5);
        for (long i = 0; i < 200; i++) {
            long hash = Hash64.mix(i);
            Forecast said = group.foresee(() -> hash, "");
            assertThat(group.foresee(() -> hash, "")).as("asked again").isEqualTo(said);
            assertThat(said.server()).hasValue(((Server) group.choose(() -> hash, 0, 0)).name()); // places are kept, so that bounds are met too
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void askingTakesNoPlace_andTheLeastBusyIsTheLikeliest(Algorithm algorithm) {
        ServerGroup group = Groups.group(algorithm);
        List<Server> servers = Groups.add(group, 3);
        boolean byLoad = algorithm == Algorithm.LEAST_CONNECTIONS || algorithm == Algorithm.POWER_OF_TWO || algorithm == Algorithm.LEAST_RESPONSE_TIME;
        group.chooseByName("web-1", 0, 0);
        group.chooseByName("web-3", 0, 0);
        for (int i = 0; i < 10; i++) {
            Forecast said = group.foresee(() -> 7, "");
            assertThat(said.why()).isNotBlank();
            assertThat(!byLoad || said.server().orElseThrow().equals("web-2")).isTrue();
        }
        assertThat(servers).extracting(Server::inFlight).containsExactly(1, 0, 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0|50%|the one that is drawn first wins a tie, and each is as often",
        "5|100%|the other is always busier",
    })
    void theChanceOfPowerOfTwoIsSaid(int busy, String chance, String why) {
        ServerGroup group = Groups.group(Algorithm.POWER_OF_TWO);
        Groups.add(group, 2);
        for (int i = 0; i < busy; i++) {
            group.chooseByName("web-2", 0, 0);
        }
        Forecast said = group.foresee(Groups.NO_KEY, "");
        assertThat(said.server()).hasValue("web-1");
        assertThat(said.why()).as(why).contains("this one in " + chance + " of the draws");
    }

    @Test
    void saysWhyAServerGetsNothing_andWhyNoneDoes() {
        ServerGroup group = Groups.group(Algorithm.ROUND_ROBIN, Groups.calmHealth(), new ArrayList<>());
        List<Server> servers = Groups.add(group, 3);
        group.drain(servers.get(0));
        for (int i = 0; i < 5; i++) {
            group.checkFailed(servers.get(1), "connection refused", 0);
        }
        Forecast said = group.foresee(Groups.NO_KEY, "web-1");
        assertThat(said.server()).hasValue("web-3");
        assertThat(said.servers()).extracting(Forecast.Candidate::why).containsExactly("is taken out of service", "its checks fail (last: connection refused)", "is healthy");
        assertThat(said.servers()).extracting(Forecast.Candidate::eligible).containsExactly(false, false, true);
        group.drain(servers.get(2));
        assertThat(group.foresee(Groups.NO_KEY, "").why()).isEqualTo("no server may get requests now: it is answered 503");
    }

    @Test
    void aClientStaysWithItsServer_untilThatIsFull() {
        ServerGroup group = new ServerGroup(Groups.balance(Algorithm.ROUND_ROBIN), Groups.health(), 1, 42, _ -> {});
        Groups.add(group, 2);
        assertThat(group.foresee(Groups.NO_KEY, "web-2").server()).hasValue("web-2");
        group.chooseByName("web-2", 0, 0);
        assertThat(group.foresee(Groups.NO_KEY, "web-2").server()).hasValue("web-1");
        group.chooseByName("web-1", 0, 0);
        Forecast none = group.foresee(Groups.NO_KEY, "web-2");
        assertThat(none.server()).isEmpty();
        assertThat(none.why()).contains("as many requests as it may have (1, front-door.limits.per-server): it waits for a place");
    }
}
