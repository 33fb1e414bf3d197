package dev.banyan.balance;

import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.FrontDoor.LoadBound;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Groups for tests: the site file's defaults but for slow start, which is off unless a test is about it. */
final class Groups {
    static final long SECOND = 1_000_000_000L;
    static final RequestKey NO_KEY = () -> {
        throw new AssertionError("only hash algorithms may ask for the key");
    };

    static final HostPort ADDRESS = new HostPort("127.0.0.1", 8000);

    private Groups() {}

    static Balance balance(Algorithm algorithm) {
        return balance(algorithm, Duration.ZERO);
    }

    static Balance balance(Algorithm algorithm, Duration slowStart) {
        return new Balance(algorithm, Optional.empty(), new LoadBound(1.25), Optional.empty(), slowStart);
    }

    static Health health() {
        return new Health(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3, 5, new Share(0.5), 20, Duration.ofSeconds(10), new Share(0.5), new Share(0.5));
    }

    /** As {@link #health()}, with panic off. */
    static Health calmHealth() {
        return new Health(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3, 5, new Share(0.5), 20, Duration.ofSeconds(10), new Share(0.5), new Share(0));
    }

    static ServerGroup group(Algorithm algorithm) {
        return group(algorithm, health(), new ArrayList<>());
    }

    static ServerGroup group(Algorithm algorithm, Health health, List<HealthChange> changes) {
        return new ServerGroup(balance(algorithm), health, 1000, 42, changes::add);
    }

    /** Adds {@code web-1..n}, proven. */
    static List<Server> add(ServerGroup group, int n) {
        List<Server> added = new ArrayList<>();
        for (int i = 1; i <= n; i++) {
            added.add(add(group, "web-" + i, 1));
        }
        return added;
    }

    static Server add(ServerGroup group, String name, int weight) {
        return group.add(name, ADDRESS, weight, true, 0);
    }

    static Server chosen(Choice choice) {
        return (Server) choice;
    }
}
