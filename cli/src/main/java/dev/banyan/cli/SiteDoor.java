package dev.banyan.cli;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.control.Door;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Clock;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Telemetry;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The front door and the servers of each service behind it, for control. Safe for any thread. */
final class SiteDoor implements Door {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final FrontDoor door;
    private final Function<dev.banyan.topology.FrontDoor, ServerGroup> groups;
    private final Clock clock;
    private final Consumer<Telemetry> telemetry;
    private final Map<String, ServerGroup> services = new ConcurrentHashMap<>();
    private final SiteGateway gateway;
    private dev.banyan.topology.FrontDoor settings;
    private Gateway rules;

    /**
     * @param site as the site file has it
     * @param application the group of the application's servers
     * @param groups makes one for another service
     * @param telemetry told what the site file says of it, with each change
     */
    SiteDoor(FrontDoor door, SiteGateway gateway, Topology site, ServerGroup application, Function<dev.banyan.topology.FrontDoor, ServerGroup> groups, Clock clock, Consumer<Telemetry> telemetry) {
        this.door = door;
        this.gateway = gateway;
        this.settings = site.frontDoor();
        this.rules = site.gateway();
        this.groups = groups;
        this.clock = clock;
        this.telemetry = telemetry;
        services.put(Topology.APPLICATION, application);
        site.services().forEach((name, service) -> service(name, service.healthPath()));
        gateway.use(rules);
    }

    @Override
    public synchronized void service(String service, String healthPath) {
        if (!service.equals(Topology.APPLICATION)) {
            door.service(service, services.computeIfAbsent(service, _ -> groups.apply(settings)), healthPath);
        }
    }

    @Override
    public synchronized void add(String service, String name, HostPort address, int weight, boolean proven) {
        ServerGroup group = services.get(service);
        Optional<Server> there = find(service, name).filter(server -> server.address().equals(address));
        if (there.isEmpty()) {
            find(service, name).ifPresent(group::remove);
            group.add(name, address, weight, proven, clock.nanos());
            return;
        }
        group.setWeight(there.get(), weight);
        group.undrain(there.get());
    }

    @Override
    public Drained drain(String service, String name, Duration atMost) throws InterruptedException {
        Optional<Server> found = find(service, name);
        if (found.isEmpty()) {
            return new Drained(0, 0);
        }
        Server server = found.get();
        services.get(service).drain(server);
        long deadline = clock.nanos() + atMost.toNanos();
        while (server.inFlight() > 0 && clock.nanos() - deadline < 0) {
            clock.sleep(LOOK_EVERY);
        }
        return new Drained(server.inFlight(), server.tunnels());
    }

    @Override
    public synchronized void remove(String service, String name) {
        find(service, name).ifPresent(server -> services.get(service).remove(server));
    }

    @Override
    public int tunnels(String service, String name) {
        return find(service, name).map(Server::tunnels).orElse(0);
    }

    @Override
    public synchronized void reconfigure(Topology site) {
        site.services().forEach((name, service) -> service(name, service.healthPath()));
        Gateway before = rules;
        gateway.use(site.gateway());
        try {
            door.reconfigure(site.frontDoor(), site.application().healthPath());
        } catch (RuntimeException e) {
            gateway.use(before);
            throw e;
        }
        rules = site.gateway();
        settings = site.frontDoor();
        telemetry.accept(site.telemetry());
    }

    /** Where a server of any service listens. */
    Optional<HostPort> address(String name) {
        return services.keySet().stream().flatMap(service -> find(service, name).stream()).map(Server::address).findFirst();
    }

    Optional<Server> find(String service, String name) {
        return Optional.ofNullable(services.get(service)).map(ServerGroup::servers).orElse(List.of()).stream().filter(server -> server.name().equals(name)).findFirst();
    }
}
