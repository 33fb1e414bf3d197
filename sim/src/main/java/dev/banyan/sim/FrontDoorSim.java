package dev.banyan.sim;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Transport;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The front door between clients and servers of a seed: some servers get into trouble, come and go, and get well again. Afterwards
 * {@link #verdict} says what did not hold.
 */
public final class FrontDoorSim {
    private static final Duration STEP = Duration.ofMillis(1);
    private static final int SERVERS = 4;
    private static final String SITE = """
            site: sim
            application: {servers: ['http://web:1']}
            front-door:
              listen: 127.0.0.1:80
              limits: {per-server: %d, queue: 8, queue-timeout: 500ms}
              timeouts: {connect: 200ms, head: 1s, response: 2s, body: 1s, idle: 5s, server-idle: 1s}
              health: {interval: 200ms, timeout: 100ms, rise: 1, fall: 2, ejection: 500ms}
              balance: {algorithm: %s, slow-start: 500ms}
              retries: {attempts: 2, body: 64KiB}
            """;

    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final Witness witness = new Witness();
    private final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), time.ticker());
    private final Transport transport;
    private final ServerGroup group;
    private final List<Channel> listeners = new ArrayList<>();
    private final int[] trouble = new int[SERVERS];
    private int clients;

    private FrontDoorSim(long seed) {
        this.random = new SplittableRandom(seed);
        MemoryNetwork network = new MemoryNetwork("sim-" + Thread.currentThread().threadId() + "-" + seed, allocator);
        this.transport = network.transport(loop);
        List<String> algorithms = List.of("power-of-two", "round-robin", "least-connections", "least-response-time", "consistent-hash", "hash");
        String yaml = SITE.formatted(2 + random.nextInt(6), algorithms.get(random.nextInt(algorithms.size())));
        var site = SiteFile.read(yaml, _ -> Optional.empty()).orThrow("sim").frontDoor();
        this.group = new ServerGroup(site.balance(), site.health(), site.limits().perServer(), random.nextLong(), _ -> {});
        FrontDoor.of(site, "/health", group, transport, time, random.split(), new Registry(time), Optional.empty()).listen();
        for (int i = 0; i < SERVERS; i++) {
            listeners.add(null);
            start(i);
            group.add("web-" + i, address(i), 1 + random.nextInt(3), time.nanos());
        }
    }

    /**
     * Runs one seed.
     *
     * @return what did not hold, a sentence each; empty when all held
     */
    public static List<String> run(long seed) {
        FrontDoorSim sim = new FrontDoorSim(seed);
        sim.pass(Duration.ofSeconds(1));
        int storms = 1 + sim.random.nextInt(4);
        for (int i = 0; i < storms; i++) {
            sim.makeTrouble();
            sim.sendClients(5 + sim.random.nextInt(20));
            sim.pass(Duration.ofMillis(200 + sim.random.nextInt(2_000)));
        }
        sim.endTrouble();
        sim.sendClients(5);
        sim.pass(Duration.ofSeconds(15));
        return sim.verdict();
    }

    private HostPort address(int server) {
        return new HostPort("web-" + server, 80);
    }

    private void start(int server) {
        SplittableRandom own = random.split();
        listeners.set(server, new ServerBootstrap()
                .group(loop)
                .channelFactory(transport.listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FakeServer(witness, own.split(), () -> fate(server, own)));
                    }
                })
                .bind(transport.address().apply(address(server)))
                .channel());
    }

    private Trouble fate(int server, SplittableRandom own) {
        if (own.nextInt(100) >= trouble[server]) {
            return Trouble.NONE;
        }
        Trouble[] all = Trouble.values();
        return all[own.nextInt(all.length)];
    }

    private void makeTrouble() {
        for (int i = 0; i < SERVERS; i++) {
            trouble[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(100);
            if (random.nextInt(5) == 0) {
                listeners.get(i).close();
            }
        }
        List<Server> servers = group.servers();
        Server one = servers.get(random.nextInt(servers.size()));
        switch (random.nextInt(4)) {
            case 0 -> group.drain(one);
            case 1 -> group.setWeight(one, 1 + random.nextInt(5));
            default -> { }
        }
    }

    private void endTrouble() {
        for (int i = 0; i < SERVERS; i++) {
            trouble[i] = 0;
            if (!listeners.get(i).isOpen()) {
                start(i);
            }
        }
        group.servers().forEach(group::undrain);
    }

    private void sendClients(int count) {
        for (int i = 0; i < count; i++) {
            SplittableRandom own = random.split();
            loop.schedule(() -> connect(own), random.nextInt(500), TimeUnit.MILLISECONDS);
            clients++;
        }
    }

    private void connect(SplittableRandom own) {
        new Bootstrap()
                .group(loop)
                .channelFactory(transport.connection())
                .handler(new FakeClient(witness, own, 1 + own.nextInt(10), () -> clients--))
                .connect(transport.address().apply(new HostPort("127.0.0.1", 80)));
    }

    private void pass(Duration duration) {
        for (long left = duration.toNanos() / STEP.toNanos(); left > 0; left--) {
            loop.runNow();
            time.advance(STEP);
        }
        loop.runNow();
    }

    private List<String> verdict() {
        List<String> wrongs = new ArrayList<>(witness.wrongs());
        if (witness.ended() != witness.asked()) {
            wrongs.add((witness.asked() - witness.ended()) + " of " + witness.asked() + " requests never ended");
        }
        if (clients != 0) {
            wrongs.add(clients + " clients are still connected");
        }
        for (Server server : group.servers()) {
            if (server.inFlight() != 0 || server.tunnels() != 0) {
                wrongs.add(server + " still holds places");
            }
        }
        long bytes = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        if (bytes != 0) {
            wrongs.add(bytes + " bytes of buffers were lost");
        }
        return wrongs;
    }
}
