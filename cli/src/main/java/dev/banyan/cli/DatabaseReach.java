package dev.banyan.cli;

import dev.banyan.control.database.Look;
import dev.banyan.net.Clock;
import dev.banyan.net.WireFault;
import dev.banyan.net.Wires;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Control's own way to the database's servers, which is not over the loops: it asks with a connection of its own, and waits for the answer. A
 * fault between the router and a server is on this way too, for both stand at the same place; of several at one server each counts, as on the
 * router's connections. Safe for any thread.
 */
final class DatabaseReach {
    private final List<Begun> faults = new CopyOnWriteArrayList<>();
    private final Clock clock;

    DatabaseReach(Clock clock) {
        this.clock = clock;
    }

    /** One that lasts. Compared by identity: two alike are two. */
    private final class Begun implements Wires.Begun {
        private final String server;
        private final WireFault fault;

        Begun(String server, WireFault fault) {
            this.server = server;
            this.fault = fault;
        }

        @Override
        public int connections() {
            return 0;
        }

        @Override
        public void close() {
            faults.remove(this);
        }
    }

    /** From now on, until it is closed. */
    Wires.Begun begin(String server, WireFault fault) {
        Begun begun = new Begun(server, fault);
        faults.add(begun);
        return begun;
    }

    /**
     * Looks at a server over that way.
     *
     * @param look the look itself, in the time that is left for it
     */
    Look look(String server, Duration atMost, Function<Duration, Look> look) {
        boolean cut = false;
        boolean deaf = false;
        Duration latency = Duration.ZERO;
        for (Begun begun : faults) {
            if (begun.server.equals(server)) {
                switch (begun.fault) {
                    case WireFault.Partition _ -> cut = true;
                    case WireFault.Drop _ -> deaf = true;
                    case WireFault.Latency slow -> latency = latency.plus(slow.latency());
                }
            }
        }
        if (cut) {
            return new Look.Silent(server + " cannot be reached: a partition was injected");
        }
        if (deaf || latency.compareTo(atMost) >= 0) {
            return late(server, atMost);
        }
        return latency.isZero() || slept(latency) ? look.apply(atMost.minus(latency)) : late(server, Duration.ZERO);
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
