package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.database.Look;
import dev.banyan.net.Clock;
import dev.banyan.net.WireFault;
import dev.banyan.net.Wires;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseReachTest {
    private static final Duration AT_MOST = Duration.ofMillis(250);
    private static final Look REACHED = new Look.Silent("the server itself was looked at");

    private Duration slept = Duration.ZERO;
    private Duration left;
    private final DatabaseReach reach = new DatabaseReach(new Clock() {
        @Override
        public long nanos() {
            return slept.toNanos();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plus(slept);
        }

        @Override
        public void sleep(Duration time) {
            slept = slept.plus(time);
        }
    });

    private Look look(String server) {
        slept = Duration.ZERO;
        left = null;
        return reach.look(server, AT_MOST, time -> {
            left = time;
            return REACHED;
        });
    }

    @Test
    void aFaultIsOfOneServer_untilItIsOver() {
        Wires.Begun cut = reach.begin("db-1", new WireFault.Partition());
        assertThat(look("db-1")).isEqualTo(new Look.Silent("db-1 cannot be reached: a partition was injected"));
        assertThat(look("db-2")).isSameAs(REACHED);
        assertThat(left).isEqualTo(AT_MOST);
        cut.close();
        assertThat(look("db-1")).isSameAs(REACHED);
    }

    @Test
    void ofTwoKindsOfFaultsEachCounts_whicheverEndsFirst() {
        Wires.Begun cut = reach.begin("db-1", new WireFault.Partition());
        Wires.Begun late = reach.begin("db-1", latency(100));
        assertThat(look("db-1")).as("the later fault does not open the way that is cut").isNotSameAs(REACHED);
        cut.close();
        assertThat(look("db-1")).isSameAs(REACHED);
        assertThat(slept).isEqualTo(Duration.ofMillis(100));
        assertThat(left).isEqualTo(Duration.ofMillis(150));
        Wires.Begun deaf = reach.begin("db-1", new WireFault.Drop());
        late.close();
        assertThat(look("db-1")).isEqualTo(new Look.Silent("db-1 did not answer within 250 ms: a fault was injected"));
        deaf.close();
        assertThat(look("db-1")).isSameAs(REACHED);
        assertThat(slept).isZero();
    }

    @Test
    void latenciesAddUp_andTwoAlikeAreTwo() {
        Wires.Begun one = reach.begin("db-1", latency(100));
        Wires.Begun two = reach.begin("db-1", latency(100));
        look("db-1");
        assertThat(left).isEqualTo(Duration.ofMillis(50));
        Wires.Begun three = reach.begin("db-1", latency(100));
        assertThat(look("db-1")).as("300 ms of 250").isNotSameAs(REACHED);
        three.close();
        two.close();
        two.close();
        look("db-1");
        assertThat(left).as("one is still there").isEqualTo(Duration.ofMillis(150));
        one.close();
    }

    private static WireFault latency(int millis) {
        return new WireFault.Latency(Duration.ofMillis(millis), Duration.ZERO);
    }
}
