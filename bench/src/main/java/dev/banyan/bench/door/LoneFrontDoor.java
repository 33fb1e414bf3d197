package dev.banyan.bench.door;

import dev.banyan.balance.ServerGroup;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A front door by itself, before one server, with the site file's defaults: what the benchmarks measure. At each line on its standard input it
 * collects garbage and prints {@code HEAP DIRECT}, the bytes in use; it ends when its standard input does.
 */
public final class LoneFrontDoor {
    private LoneFrontDoor() {}

    /** @param arguments the port to listen on, the server's port, and the kind of IO (epoll, io_uring, nio) */
    public static void main(String[] arguments) throws IOException {
        String port = arguments[0];
        int serverPort = Integer.parseInt(arguments[1]);
        IoKind kind = IoKind.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        String yaml = "site: bench\napplication: {servers: ['http://127.0.0.1:" + serverPort + "']}\nfront-door: {listen: '127.0.0.1:" + port + "', access-log: false}\n";
        var site = SiteFile.read(yaml, _ -> Optional.empty()).orThrow("bench").frontDoor();
        Clock clock = Clock.system();
        ServerGroup group = new ServerGroup(site.balance(), site.health(), site.limits().perServer(), 1, _ -> {});
        group.add("origin", new HostPort("127.0.0.1", serverPort), 1, clock.nanos());
        Loops loops = Loops.open(kind, 1);
        FrontDoor.of(site, "/", group, loops.transport(), clock, Loops.random(), new Registry(clock), Optional.empty()).open();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (questions.readLine() != null) {
            System.out.println(memory());
        }
        System.exit(0);
    }

    private static String memory() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long inJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        // Netty counts what it takes, some of which the JDK counts too.
        return heap + " " + Math.max(inJdk, PlatformDependent.usedDirectMemory());
    }
}
