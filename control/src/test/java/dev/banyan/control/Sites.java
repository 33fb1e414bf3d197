package dev.banyan.control;

import dev.banyan.topology.Application;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Console;
import dev.banyan.topology.Database;
import dev.banyan.topology.Edge;
import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Share;
import dev.banyan.topology.SiteName;
import dev.banyan.topology.Slo;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Sites to test with. */
final class Sites {
    /** As a site file has it that says nothing of its settings. */
    static final Cache CACHE = SiteFile.read("{site: photos, application: {command: x}}", _ -> Optional.empty()).orThrow("test").cache();
    static final Edge EDGE = SiteFile.read("{site: photos, application: {command: x}}", _ -> Optional.empty()).orThrow("test").edge();
    static final Gateway GATEWAY = SiteFile.read("{site: photos, application: {command: x}}", _ -> Optional.empty()).orThrow("test").gateway();
    static final dev.banyan.topology.Telemetry TELEMETRY = SiteFile.read("{site: photos, application: {command: x}}", _ -> Optional.empty()).orThrow("test").telemetry();
    static final Slo SLO = new Slo(Optional.empty(), Optional.empty(), Duration.ofDays(30));
    static final Database DATABASE = SiteFile.read("{site: photos, application: {command: x}, database: {kind: postgresql}}", _ -> Optional.empty())
            .orThrow("site.yaml").database();

    private Sites() {}

    static Topology photos(int stage) {
        return site(stage, application("java -jar photos.jar", List.of()), frontDoor(30));
    }

    static Topology command(int stage, String command) {
        return site(stage, application(command, List.of()), frontDoor(30));
    }

    static Topology drains(int stage, int seconds) {
        return site(stage, application("java -jar photos.jar", List.of()), frontDoor(seconds));
    }

    static Topology servers(int stage, ServerUrl... servers) {
        return site(stage, application(null, List.of(servers)), frontDoor(30));
    }

    static Topology withTls() {
        FrontDoor plain = frontDoor(30);
        FrontDoor.Tls tls = new FrontDoor.Tls(new HostPort("0.0.0.0", 8443), Optional.of(Path.of("/certificate.pem")), Optional.of(Path.of("/key.pem")), List.of());
        return site(1, application("java -jar photos.jar", List.of()), new FrontDoor(plain.listen(), Optional.of(tls), plain.balance(), plain.health(),
                plain.retries(), plain.timeouts(), plain.limits(), plain.drain(), plain.proxyProtocol(), plain.trustedProxies(), plain.accessLog(), plain.io(), plain.ioLoops()));
    }

    /** With a database that somebody else runs. */
    static Topology attached(int stage) {
        Topology own = photos(stage);
        Database attached = SiteFile.read("{site: photos, application: {command: x}, database: {kind: postgresql, url: 'postgresql://a:b@db.example:5432/c'}}",
                _ -> Optional.empty()).orThrow("site.yaml").database();
        return new Topology(own.site(), own.stage(), own.application(), own.services(), attached, own.cache(), own.edge(), own.frontDoor(), own.gateway(), own.console(), own.telemetry(), own.slo());
    }

    /** With a cache of embedded nodes. */
    static Topology cached(int stage, int nodes) {
        Topology own = photos(stage);
        Cache cache = SiteFile.read("{site: photos, stage: 5, application: {command: x}, cache: {kind: redis, nodes: " + nodes + "}}", _ -> Optional.empty()).orThrow("site.yaml").cache();
        return new Topology(own.site(), own.stage(), own.application(), own.services(), own.database(), cache, own.edge(), own.frontDoor(), own.gateway(), own.console(), own.telemetry(), own.slo());
    }

    /** With what a site file says of edges, and of services. */
    static Topology with(int stage, String edge, String services) {
        Topology own = photos(stage);
        Topology read = SiteFile.read("{site: photos, stage: 6, application: {command: x}, edge: " + edge + ", services: " + services + "}", _ -> Optional.empty()).orThrow("site.yaml");
        return new Topology(own.site(), own.stage(), own.application(), read.services(), own.database(), own.cache(), read.edge(), own.frontDoor(), own.gateway(), own.console(), own.telemetry(), own.slo());
    }

    static ServerUrl server(int port, int weight) {
        return new ServerUrl(new HostPort("127.0.0.1", port), weight);
    }

    static Topology site(int stage, Application application, FrontDoor frontDoor) {
        return new Topology(new SiteName("photos"), Stage.of(stage), application, Map.of(), DATABASE, CACHE, EDGE, frontDoor, GATEWAY, new Console(new HostPort("127.0.0.1", 9900), Optional.empty()), TELEMETRY, SLO);
    }

    private static Application application(String command, List<ServerUrl> servers) {
        return new Application(Optional.ofNullable(command).map(CommandLine::shell), servers, OptionalInt.empty(), Path.of("."),
                Map.of("MODE", new Secret("test")), "/health", Duration.ofSeconds(60), Duration.ofSeconds(10));
    }

    private static FrontDoor frontDoor(int drainSeconds) {
        return new FrontDoor(
                new HostPort("0.0.0.0", 8080),
                Optional.empty(),
                new FrontDoor.Balance(FrontDoor.Algorithm.POWER_OF_TWO, Optional.empty(), new FrontDoor.LoadBound(1.25), Optional.empty(), Duration.ofSeconds(10)),
                new FrontDoor.Health(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3, 5, new Share(.5), 20, Duration.ofSeconds(10), new Share(.5), new Share(.5)),
                new FrontDoor.Retries(2, new Share(.2), 10, new ByteSize(65_536)),
                new FrontDoor.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60),
                        Duration.ofSeconds(75), Duration.ofSeconds(4), Duration.ofHours(1)),
                new FrontDoor.Limits(20_000, 1_000, 1_000, Duration.ofSeconds(5), new ByteSize(32_768), 100, new ByteSize(0)),
                new FrontDoor.Drain(Duration.ofSeconds(drainSeconds), Duration.ofHours(1)),
                false,
                List.of(),
                true,
                FrontDoor.Io.AUTO,
                0);
    }
}
