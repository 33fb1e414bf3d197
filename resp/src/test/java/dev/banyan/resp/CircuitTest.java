package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import dev.banyan.resp.Circuit.State;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private static final long LEAST = 50;
    private static final long MOST = 2_000;

    private final Circuit circuit = new Circuit(3, LEAST, MOST, Loops.random(7));

    @Test
    void opensAfterThreeFailuresInARow_andASuccessBetweenBeginsAnew() {
        assertThat(circuit.failed(0)).isFalse();
        assertThat(circuit.failed(1)).isFalse();
        assertThat(circuit.succeeded()).isFalse();
        assertThat(circuit.failed(2)).isFalse();
        assertThat(circuit.failed(3)).isFalse();
        assertThat(circuit.failed(4)).isTrue();
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.openedNanos()).isEqualTo(4);
    }

    @Test
    void opensAtOnceWhenTheConnectionIsLost_andSaysSoOnce() {
        assertThat(circuit.lost(10)).isTrue();
        assertThat(circuit.lost(11)).isFalse();
        assertThat(circuit.failed(12)).isFalse();
        assertThat(circuit.state()).isEqualTo(State.OPEN);
    }

    @Test
    void probesOneAtATime_andClosesWhenOneIsAnswered() {
        circuit.lost(0);
        assertThat(circuit.probe(0)).isFalse();
        assertThat(circuit.probe(LEAST)).isTrue();
        assertThat(circuit.probe(LEAST)).isFalse();
        assertThat(circuit.succeeded()).isTrue();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
        assertThat(circuit.probes()).isEqualTo(1);
        assertThat(circuit.failures()).isZero();
    }

    @Test
    void anAnswerToWhatWasAskedBeforeDoesNotCloseIt_aNewConnectionDoes() {
        circuit.lost(0);
        assertThat(circuit.succeeded()).isFalse();
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.reached()).isTrue();
        assertThat(circuit.reached()).isFalse();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void thePausesBetweenProbesDoubleUpToTheMost_eachScatteredByHalf() {
        circuit.lost(0);
        long now = 0;
        for (long pause = LEAST; pause < 64_000; pause *= 2) {
            long wait = circuit.untilProbe(now);
            assertThat(wait).isBetween(Math.min(pause, MOST) / 2, Math.min(pause, MOST));
            assertThat(circuit.probe(now + wait - 1)).isFalse();
            now += wait;
            assertThat(circuit.probe(now)).isTrue();
            assertThat(circuit.failed(now)).isFalse();
        }
        assertThat(circuit.openedNanos()).isZero();
    }

    @Property(tries = 500)
    void whateverHappens_itOpensAndClosesInTurnAndAlwaysComesBack(@ForAll @Size(max = 60) List<Byte> events) {
        Circuit any = new Circuit(3, LEAST, MOST, Loops.random(1));
        boolean open = false;
        long now = 0;
        for (byte event : events) {
            now += 7;
            boolean opened = switch (Math.floorMod(event, 5)) {
                case 0 -> any.failed(now);
                case 1 -> any.lost(now);
                default -> false;
            };
            boolean closed = switch (Math.floorMod(event, 5)) {
                case 2 -> any.succeeded();
                case 3 -> any.reached();
                case 4 -> any.probe(now) && any.succeeded();
                default -> false;
            };
            assertThat(opened && open).isFalse();
            assertThat(closed && !open).isFalse();
            open = (open || opened) && !closed;
            assertThat(any.state() != State.CLOSED).isEqualTo(open);
        }
        if (any.state() == State.OPEN) {
            assertThat(any.untilProbe(now)).isLessThanOrEqualTo(MOST);
            assertThat(any.probe(now + MOST)).isTrue();
        }
        assertThat(any.reached()).isEqualTo(open);
    }
}
