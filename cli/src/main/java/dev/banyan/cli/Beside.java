package dev.banyan.cli;

import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.Console;
import dev.banyan.topology.Database;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.Edge;
import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.FrontDoor.HostCertificate;
import dev.banyan.topology.FrontDoor.Tls;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;

/** The paths of a site file are relative to it, wherever Banyan was started. */
final class Beside {
    private Beside() {}

    /** The same site with certificates and the file of users as absolute paths. The application's folder is resolved where the application is started. */
    static Topology siteFile(Path siteFile, Topology site) {
        FrontDoor door = site.frontDoor();
        Optional<Tls> tls = door.tls().map(at -> new Tls(at.listen(), at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling),
                at.certificates().stream().map(each -> new HostCertificate(each.hosts(), siteFile.resolveSibling(each.certificate()), siteFile.resolveSibling(each.key()))).toList()));
        FrontDoor absolute = new FrontDoor(door.listen(), tls, door.balance(), door.health(), door.retries(), door.timeouts(), door.limits(), door.drain(),
                door.proxyProtocol(), door.trustedProxies(), door.accessLog(), door.io(), door.ioLoops());
        return new Topology(site.site(), site.stage(), site.application(), site.services(), database(siteFile, site.database()), cache(siteFile, site.cache()), edge(siteFile, site.edge()), absolute, gateway(siteFile, site.gateway()), console(siteFile, site.console()), site.telemetry(), site.slo());
    }

    /** The pages and folders of routes are resolved where they are read. */
    private static Gateway gateway(Path siteFile, Gateway gateway) {
        return new Gateway(gateway.routes(), gateway.ignoreCase(), gateway.identityHeader(), gateway.callers().map(callers -> callers.withFiles(siteFile::resolveSibling)), gateway.errorPages(), gateway.maintenance(),
                gateway.limits(), gateway.concurrency(), gateway.breaker(), gateway.compression());
    }

    private static Console console(Path siteFile, Console console) {
        return new Console(console.listen(), console.tls().map(at -> new Console.Tls(at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling))));
    }

    private static Edge edge(Path siteFile, Edge edge) {
        Optional<Edge.Remote> remote = edge.remote().map(at -> new Edge.Remote(at.listen(), at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling)));
        return new Edge(edge.nodes(), edge.shield(), edge.memory(), edge.disk(), edge.eviction(), edge.object(), edge.stale(), edge.negative(), edge.cookies(), edge.key(), edge.clients(), remote);
    }

    private static Database database(Path siteFile, Database database) {
        DatabaseRouter router = database.router();
        Optional<DatabaseRouter.Tls> tls = router.tls()
                .map(at -> new DatabaseRouter.Tls(at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling), at.required()));
        DatabaseRouter absolute = new DatabaseRouter(router.listen(), tls, router.usersFile().map(siteFile::resolveSibling), router.mode(), router.clients(), router.pool(),
                router.reads(), router.preparedStatements(), router.statement(), router.slow());
        return new Database(database.url(), database.kind(), database.port(), database.replicas(), absolute, database.failover());
    }

    private static Cache cache(Path siteFile, Cache cache) {
        CacheRouter router = cache.router();
        Optional<CacheRouter.Tls> tls = router.tls().map(at -> new CacheRouter.Tls(at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling)));
        CacheRouter absolute = new CacheRouter(router.listen(), tls, router.clients(), router.limits(), router.timeouts(), router.whenDown(), router.near());
        return new Cache(cache.kind(), cache.url(), cache.nodes(), cache.memory(), cache.eviction(), cache.persistence(), absolute, cache.keys(), cache.writeBehind());
    }
}
