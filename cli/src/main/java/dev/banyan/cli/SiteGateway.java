package dev.banyan.cli;

import dev.banyan.balance.SecretHash;
import dev.banyan.engines.LimitsSecret;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.gateway.callers.Callers;
import dev.banyan.http.gateway.callers.Surroundings;
import dev.banyan.http.gateway.limits.RateLimiting;
import dev.banyan.http.gateway.limits.ServiceGuards;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Route;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The gateway at the front door: who calls, how often, where a request goes, how much its service has to do, and how answers are compressed; made anew as a whole with each change of the site file. A site without a word
 * of it has none, and its requests are not looked at. Safe for any thread.
 */
final class SiteGateway implements Checks, AutoCloseable {
    /** What a site file has that does not speak of a gateway. */
    private static final Gateway NONE = SiteFile.read("{site: none, application: {command: none}}", _ -> Optional.empty()).orThrow("a site without a gateway").gateway();

    private final FrontDoor door;
    private final Path beside;
    private final Callers callers;
    private final RateLimiting limits;
    private final ServiceGuards guards;
    private final Executor mayBlock;
    private final SiteCounters together;
    private Gateway used = NONE;

    private SiteGateway(FrontDoor door, Path beside, SecretHash counted, SiteCounters together, Surroundings around) {
        this.door = door;
        this.beside = beside;
        this.together = together;
        this.callers = Callers.of(around);
        this.limits = new RateLimiting(counted, Optional.of(together), around.clock(), around.registry(), around.decisions());
        this.guards = new ServiceGuards(around.clock(), around.registry(), around.decisions());
        this.mayBlock = around.blocking();
    }

    /**
     * Has no rules yet.
     *
     * @param beside the folder that the site file's paths are relative to
     * @param counters where front doors count together now
     */
    static SiteGateway open(FrontDoor door, Path beside, Supplier<Optional<SiteCounters.Node>> counters, Ground ground) {
        SiteCounters together = new SiteCounters(ground.loops().transport(SitePicture.DOOR), Ground.newName(), counters);
        ground.every(Duration.ZERO, Duration.ofSeconds(1), together::look);
        SecretHash counted = SecretHash.keyed(LimitsSecret.made(ground.folder()).reveal()); // the same for all front doors of the site
        Surroundings around = new Surroundings(ground.clock(), ground.loops().blocking(), ground.files(), ground.registry(), ground.decisions()::announce);
        SiteGateway gateway = new SiteGateway(door, beside, counted, together, around);
        long pause = RateLimiting.settleEveryNanos();
        ground.loops().control().scheduleWithFixedDelay(gateway.limits::settle, pause, pause, TimeUnit.NANOSECONDS);
        return gateway;
    }

    /**
     * Goes by these rules from now on; requests that have begun keep to those they began with. Reads files. The services that routes lead to are known to the door.
     *
     * @throws dev.banyan.topology.BanyanException BAD_SITE_FILE when a file cannot be used; then all is as before
     */
    synchronized void use(Gateway gateway) {
        if (gateway.equals(NONE) && used.equals(NONE)) {
            return;
        }
        callers.use(gateway.callers());
        limits.use(gateway);
        try {
            RouteTable table = RouteTable.of(gateway, beside, this);
            door.routing(table, mayBlock);
            guards.use(gateway, table.services());
            door.guarding(guards);
            door.compressing(gateway.compression());
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
        together.close();
    }
}
