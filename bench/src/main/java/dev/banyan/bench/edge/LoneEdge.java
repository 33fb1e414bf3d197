package dev.banyan.bench.edge;

import dev.banyan.balance.ServerGroup;
import dev.banyan.http.EdgeCache;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Edge;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.util.Optional;

/** An edge by itself, with one IO loop, before one origin, with the site file's defaults: what the suites and the benchmarks run. Ends when its standard input does. */
public final class LoneEdge {
    private LoneEdge() {}

    /** @param arguments the port of 127.0.0.1 to listen on, the origin's, and {@code edge.cookies} (the site file's default when absent) */
    public static void main(String[] arguments) throws IOException {
        int originPort = Integer.parseInt(arguments[1]);
        String cookies = arguments.length > 2 ? "{cookies: " + arguments[2] + "}" : "{}";
        String yaml = """
                site: bench
                application: {servers: ['http://127.0.0.1:%d']}
                front-door: {listen: '127.0.0.1:%s', access-log: false}
                edge: %s
                """.formatted(originPort, arguments[0], cookies);
        Topology site = SiteFile.read(yaml, _ -> Optional.empty()).orThrow("bench");
        Clock clock = Clock.system();
        ServerGroup group = new ServerGroup(site.frontDoor().balance(), site.frontDoor().health(), site.frontDoor().limits().perServer(), 1, _ -> {});
        group.add("origin", new HostPort("127.0.0.1", originPort), 1, true, clock.nanos());
        Loops loops = Loops.open(IoKind.best(), 1);
        FrontDoor.of(site.frontDoor(), "/", group, loops.transport(), clock, Loops.random(), new Registry(clock), Optional.empty()).caching(cache(site.edge())).open();
        while (System.in.read() >= 0) {
            // until whoever has started it is gone
        }
        System.exit(0);
    }

    private static EdgeCache cache(Edge edge) {
        return new EdgeCache("edge-1", edge, ResponseStore.inMemory(ResponseStore.Settings.of(edge.memory().bytes(), edge.object().bytes(), edge.eviction())));
    }
}
