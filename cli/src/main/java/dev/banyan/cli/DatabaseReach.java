package dev.banyan.cli;

import dev.banyan.control.database.Look;
import dev.banyan.net.Clock;
import dev.banyan.net.WireFault;
import dev.banyan.net.Wires;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Control's own way to the database's servers, which is not over the loops: it asks with a connection of its own, and waits for the answer. A
 * fault between the router and a server is on this way too, for both stand at the same place. Safe for any thread.
 */
final class DatabaseReach {
    private final Map<String, WireFault> faults = new ConcurrentHashMap<>();
    private final Clock clock;

    DatabaseReach(Clock clock) {
        this.clock = clock;
    }

    /** From now on, until it is closed. */
    Wires.Begun begin(String server, WireFault fault) {
        faults.put(server, fault);
        return new Wires.Begun() {
            @Override
            public int connections() {
                return 0;
            }

            @Override
            public void close() {
                faults.remove(server, fault);
            }
        };
    }

    /**
     * Looks at a server over that way.
     *
     * @param look the look itself, in the time that is left for it
     */
    Look look(String server, Duration atMost, Function<Duration, Look> look) {
        return switch (faults.get(server)) {
            case null -> look.apply(atMost);
            case WireFault.Partition _ -> new Look.Silent(server + " cannot be reached: a partition was injected");
            case WireFault.Drop _ -> late(server, atMost);
            case WireFault.Latency slow when slow.latency().compareTo(atMost) >= 0 -> late(server, atMost);
            case WireFault.Latency slow -> slept(slow.latency()) ? look.apply(atMost.minus(slow.latency())) : late(server, Duration.ZERO);
        };
    }

    private Look late(String server, Duration atMost) {
        slept(atMost);
        return new Look.Silent(server + " did not answer within " + atMost.toMillis() + " ms: a fault was injected");
    }

    private boolean slept(Duration time) {
        try {
            clock.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
