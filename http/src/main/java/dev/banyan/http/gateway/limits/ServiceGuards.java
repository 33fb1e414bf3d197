package dev.banyan.http.gateway.limits;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The guards of all services behind a front door; a change of the site keeps those that stay as they are. Safe for any thread. */
public final class ServiceGuards {
    private final Clock clock;
    private final Registry registry;
    private final Consumer<Decision> decisions;
    private volatile Map<String, ServiceGuard> guards = Map.of();

    /** @param decisions hears when a breaker opens, tries and closes, on the loop where it happened: hands over and returns */
    public ServiceGuards(Clock clock, Registry registry, Consumer<Decision> decisions) {
        this.clock = clock;
        this.registry = registry;
        this.decisions = decisions;
    }

    /** Goes on with this gateway's limit and breaker for these services, the application by its name among them. */
    public synchronized void use(Gateway gateway, Collection<String> services) {
        Map<String, ServiceGuard> next = new HashMap<>();
        if (gateway.concurrency().isPresent() || gateway.breaker().isPresent()) {
            for (String service : services) {
                ServiceGuard before = guards.get(service);
                boolean stays = before != null && before.fits(gateway.concurrency(), gateway.breaker());
                next.put(service, stays ? before : new ServiceGuard(service, gateway.concurrency(), gateway.breaker(), clock, registry, decisions));
            }
        }
        guards = Map.copyOf(next);
    }

    /** The guard of a service; none when the site asks for neither limit nor breaker. */
    public Optional<ServiceGuard> of(String service) {
        return Optional.ofNullable(guards.get(service));
    }
}
