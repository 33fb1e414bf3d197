package dev.banyan.cli;

import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.FrontDoor.Tls;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;

/** The paths of a site file are relative to it, wherever Banyan was started. */
final class Beside {
    private Beside() {}

    /** The same site with the certificate's files as absolute paths. The application's folder is resolved where the application is started. */
    static Topology siteFile(Path siteFile, Topology site) {
        FrontDoor door = site.frontDoor();
        Optional<Tls> tls = door.tls().map(at -> new Tls(at.listen(), at.certificate().map(siteFile::resolveSibling), at.key().map(siteFile::resolveSibling)));
        FrontDoor absolute = new FrontDoor(door.listen(), tls, door.balance(), door.health(), door.retries(), door.timeouts(), door.limits(), door.drain(),
                door.proxyProtocol(), door.trustedProxies(), door.accessLog(), door.io(), door.ioLoops());
        return new Topology(site.site(), site.stage(), site.application(), site.database(), absolute, site.console());
    }
}
