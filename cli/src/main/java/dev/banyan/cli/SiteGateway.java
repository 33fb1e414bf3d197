package dev.banyan.cli;

import dev.banyan.balance.SecretHash;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.gateway.callers.Callers;
import dev.banyan.http.gateway.callers.Surroundings;
import dev.banyan.http.gateway.limits.RateLimiting;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The gateway at the front door: who calls, how often, and where a request goes; made anew as a whole with each change of the site file. A site without a word
 * of it has none, and its requests are not looked at. Safe for any thread.
 */
final class SiteGateway implements Checks, AutoCloseable {
    private final FrontDoor door;
    private final Path beside;
    private final Callers callers;
    private final RateLimiting limits;
    private final Gateway none;
    private Gateway used;

    /**
     * @param beside the folder that the site file's paths are relative to
     * @param none what a site file has that does not speak of a gateway
     */
    SiteGateway(FrontDoor door, Path beside, Gateway none, Surroundings callers, Clock clock, Registry registry, Consumer<Decision> decisions) {
        this.door = door;
        this.beside = beside;
        this.none = none;
        this.used = none;
        this.callers = Callers.of(callers);
        this.limits = new RateLimiting(new SecretHash(Loops.secrets().nextLong(), Loops.secrets().nextLong()), Optional.empty(), clock, registry, decisions);
    }

    /**
     * Goes by these rules from now on; requests that have begun keep to those they began with. Reads files. The services that routes lead to are known to the door.
     *
     * @throws dev.banyan.topology.BanyanException BAD_SITE_FILE when a file cannot be used; then all is as before
     */
    synchronized void use(Gateway gateway) {
        if (gateway.equals(none) && used.equals(none)) {
            return;
        }
        callers.use(gateway.callers());
        limits.use(gateway);
        try {
            door.routing(RouteTable.of(gateway, beside, this));
        } catch (RuntimeException e) {
            callers.use(used.callers());
            limits.use(used);
            throw e;
        }
        used = gateway;
    }

    @Override
    public List<Check> ofRoute(Optional<Route> route) {
        Optional<Check> who = callers.check(route.flatMap(Route::callers));
        Optional<Check> howOften = route.isPresent() ? limits.check(route.get()) : limits.check();
        return Stream.of(who, howOften).flatMap(Optional::stream).toList();
    }

    @Override
    public List<Check> ofService(Optional<Route> route, String service) {
        return List.of();
    }

    @Override
    public void close() {
        callers.close();
    }
}
