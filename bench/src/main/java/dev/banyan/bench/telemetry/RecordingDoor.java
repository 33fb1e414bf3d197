package dev.banyan.bench.telemetry;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.balance.ServerGroup;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.telemetry.OtlpPush;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A front door by itself, before one server, that records what it is told to; a program of its own. It ends when its standard input does. */
public final class RecordingDoor {
    private static final ByteSize LOG = new ByteSize(64L << 20);

    private RecordingDoor() {}

    /** @param arguments the port to listen on, the server's port, the {@link Recording}, the collector's port, a folder for logs */
    public static void main(String[] arguments) throws IOException {
        Recording what = Recording.valueOf(arguments[2]);
        String yaml = """
                site: bench
                application: {servers: ['http://127.0.0.1:%s']}
                front-door: {listen: '127.0.0.1:%s'}
                telemetry: {otlp: {endpoint: 'http://127.0.0.1:%s'}, traces: {sample: %d%%, most: 100000}}
                """.formatted(arguments[1], arguments[0], arguments[3], what.percent());
        var site = SiteFile.read(yaml, _ -> Optional.empty()).orThrow("bench");
        Clock clock = Clock.system();
        ServerGroup group = new ServerGroup(site.frontDoor().balance(), site.frontDoor().health(), site.frontDoor().limits().perServer(), 1, _ -> {});
        group.add("origin", new HostPort("127.0.0.1", Integer.parseInt(arguments[1])), 1, clock.nanos());
        Loops loops = Loops.open(site.frontDoor().io(), 1);
        Registry registry = what == Recording.OFF ? Registry.silent(clock) : new Registry(clock);
        Path logs = Path.of(arguments[4]);
        Optional<LineWriter> log = what.log() ? Optional.of(LineWriter.open(logs.resolve("access-" + what + ".log"), LOG, loops, registry)) : Optional.empty();
        FrontDoor door = FrontDoor.of(site.frontDoor(), "/", group, loops.transport(), clock, Loops.random(), registry, log);
        if (what.percent() > 0) {
            Tracer tracer = Tracer.of(site.telemetry().traces(), clock, registry);
            EventLog events = EventLog.open(logs.resolve("banyan-" + what + ".log"), Level.INFO, loops, clock, registry);
            OtlpPush.start(site.telemetry().otlp().orElseThrow(), "bench", what.name(), registry, tracer, loops, clock, events);
            door.tracing(tracer.of("front-door"));
        }
        door.open();
        while (System.in.read() >= 0) {
            // until it ends
        }
        System.exit(0);
    }

    /** A collector that takes everything and looks at nothing; a program of its own. */
    public static final class Taker {
        private Taker() {}

        /** @param arguments the port to listen on */
        public static void main(String[] arguments) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                }
            });
            server.start();
            while (System.in.read() >= 0) {
                // until it ends
            }
            System.exit(0);
        }
    }
}
