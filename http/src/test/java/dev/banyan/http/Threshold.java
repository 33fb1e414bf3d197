package dev.banyan.http;

import dev.banyan.balance.ServerGroup;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;
import java.util.SplittableRandom;

/** A front door without servers or sockets, whose connections a test makes itself: each request gets 503. */
enum Threshold {
    PLAIN(""),
    PROXIED("  proxy-protocol: true\n");

    private final Registry registry = new Registry(Clock.system());
    private final FrontDoor door;

    Threshold(String yaml) {
        var site = Site.frontDoor(yaml);
        var group = new ServerGroup(site.balance(), site.health(), site.limits().perServer(), 7, _ -> {});
        var transport = Loops.open(IoKind.NIO, 1).transport();
        door = FrontDoor.of(site, "/", group, transport, Clock.system(), new SplittableRandom(7), registry, Optional.empty());
    }

    Lane lane(EmbeddedChannel channel) {
        return new Lane(door, channel.eventLoop(), new SplittableRandom(7), Optional.empty());
    }

    void requireNoBug() {
        if (registry.counter("banyan_http_bugs_total", "Connections closed by a fault of our own.", Labels.NONE).total() != 0) {
            throw new AssertionError("a connection was closed by a fault of our own");
        }
        if (door.connections() != 0) {
            throw new AssertionError(door.connections() + " connections are still counted");
        }
    }
}
