package dev.banyan.cli;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.control.Door;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Clock;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.Optional;

/** The front door and the servers behind it, for control. Safe for any thread. */
final class SiteDoor implements Door {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final FrontDoor door;
    private final ServerGroup group;
    private final Clock clock;

    SiteDoor(FrontDoor door, ServerGroup group, Clock clock) {
        this.door = door;
        this.group = group;
        this.clock = clock;
    }

    @Override
    public synchronized void add(String name, HostPort address, int weight, boolean proven) {
        Optional<Server> there = find(name).filter(server -> server.address().equals(address));
        if (there.isEmpty()) {
            find(name).ifPresent(group::remove);
            group.add(name, address, weight, proven, clock.nanos());
            return;
        }
        group.setWeight(there.get(), weight);
        group.undrain(there.get());
    }

    @Override
    public Drained drain(String name, Duration atMost) throws InterruptedException {
        Optional<Server> found = find(name);
        if (found.isEmpty()) {
            return new Drained(0, 0);
        }
        Server server = found.get();
        group.drain(server);
        long deadline = clock.nanos() + atMost.toNanos();
        while (server.inFlight() > 0 && clock.nanos() - deadline < 0) {
            clock.sleep(LOOK_EVERY);
        }
        return new Drained(server.inFlight(), server.tunnels());
    }

    @Override
    public synchronized void remove(String name) {
        find(name).ifPresent(group::remove);
    }

    @Override
    public int tunnels(String name) {
        return find(name).map(Server::tunnels).orElse(0);
    }

    @Override
    public void reconfigure(Topology site) {
        door.reconfigure(site.frontDoor(), site.application().healthPath());
    }

    Optional<Server> find(String name) {
        return group.servers().stream().filter(server -> server.name().equals(name)).findFirst();
    }
}
