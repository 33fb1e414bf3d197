package dev.banyan.bench.cache;

import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.Layout;
import dev.banyan.resp.Node;
import dev.banyan.resp.NodeLogin;
import dev.banyan.resp.RespRouter;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A cache router by itself, with one IO loop and the site file's defaults, before nodes of Redis: what the benchmarks and other programs' tests are
 * run through. It ends when its standard input does.
 */
public final class LoneCacheRouter {
    private LoneCacheRouter() {}

    /**
     * The command that starts one, in the manner of the launcher.
     *
     * @param nodes on a ring when there are several
     */
    public static List<String> command(int port, List<HostPort> nodes) {
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(port)));
        nodes.forEach(node -> arguments.add(node.toString()));
        return LoneProgram.command(LoneCacheRouter.class, arguments);
    }

    /** @param arguments the port to listen on, then HOST:PORT of each node */
    public static void main(String[] arguments) throws IOException {
        List<Node> nodes = Arrays.stream(arguments).skip(1).map(LoneCacheRouter::node).toList();
        Loops loops = Loops.open(IoKind.best(), 1);
        Clock clock = Clock.system();
        RespRouter router = RespRouter.of(new RespRouter.Setup(settings(arguments[0]), Optional.empty(), Optional.empty(), NodeLogin.NONE, loops.transport(), clock, Loops.random(),
                new Registry(clock), decision -> System.err.println(decision), Throwable::printStackTrace));
        router.use(new Layout.Ring(nodes));
        router.open();
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static Node node(String address) {
        HostPort at = HostPort.parse(address, "127.0.0.1");
        return new Node("cache-" + at.port(), at);
    }

    private static CacheRouter settings(String port) {
        String yaml = """
                site: bench
                application: { command: [none] }
                database: { kind: postgresql }
                cache: { kind: redis, router: { listen: '127.0.0.1:%s' } }
                """.formatted(port);
        return SiteFile.read(yaml, _ -> Optional.empty()).orThrow("bench").cache().router();
    }
}
