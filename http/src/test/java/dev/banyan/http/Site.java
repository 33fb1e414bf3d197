package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.balance.ServerState;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** A front door on a free port of the loopback before the given servers, for a test. */
final class Site implements AutoCloseable {
    final FrontDoor door;
    final ServerGroup group;
    final List<Server> servers = new ArrayList<>();
    final Registry registry = new Registry(Clock.system());
    private final Loops loops;

    private Site(String yaml, Optional<LineWriter> log, Loops loops, List<Origin> origins) {
        this.loops = loops;
        var site = frontDoor(yaml);
        this.group = new ServerGroup(site.balance(), site.health(), site.limits().perServer(), 7, _ -> {});
        for (Origin origin : origins) {
            servers.add(group.add("web-" + (servers.size() + 1), origin.address(), 1, true, Clock.system().nanos()));
        }
        this.door = FrontDoor.of(site, "/health", group, loops.transport(), Clock.system(), new SplittableRandom(7), registry, log).open();
    }

    /** @param yaml keys below {@code front-door}, indented by two blanks; may be empty */
    static Site of(String yaml, Origin... origins) {
        return new Site(yaml, Optional.empty(), Loops.open(IoKind.best(), 1), List.of(origins));
    }

    static dev.banyan.topology.FrontDoor frontDoor(String yaml) {
        String text = "site: test\napplication: {command: [x]}\nfront-door:\n  listen: 127.0.0.1:0\n" + yaml;
        return SiteFile.read(text, _ -> Optional.empty()).orThrow("test").frontDoor();
    }

    int port() {
        return door.addresses().getFirst().port();
    }

    int tlsPort() {
        return door.addresses().get(1).port();
    }

    Clock clock() {
        return Clock.system();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Awaits a condition for at most ten seconds. */
    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("did not happen in 10 s: " + what);
            }
            Thread.onSpinWait();
        }
    }

    void awaitState(int server, ServerState state) {
        await("web-" + (server + 1) + " " + state, () -> servers.get(server).state() == state);
    }

    @Override
    public void close() {
        door.close();
        loops.close();
    }
}
