package dev.banyan.http;

import dev.banyan.balance.RetryBudget;
import dev.banyan.balance.ServerGroup;
import dev.banyan.net.Clock;
import dev.banyan.net.Transport;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The load balancer that users reach: listens, and forwards each request to a server of its group.
 *
 * <p>It takes immutable settings and a {@link ServerGroup} from whoever controls the site and never calls back: it keeps serving when
 * control is gone. Safe for any thread.
 */
public final class FrontDoor implements AutoCloseable {
    private final ServerGroup group;
    private final String healthPath;
    private final Transport transport;
    private final Clock clock;
    private final RandomGenerator random;
    private final DoorMetrics metrics;
    private final Optional<LineWriter> accessLog;
    private final WaitingRoom waitingRoom = new WaitingRoom();
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
    private final List<Channel> listeners = new ArrayList<>();
    private final HealthChecks checks;
    private volatile dev.banyan.topology.FrontDoor site;
    private volatile DoorSettings settings;
    private volatile RetryBudget retryBudget;
    private volatile byte[] fallbackHost = {};
    private volatile boolean closing;

    private FrontDoor(dev.banyan.topology.FrontDoor site, String healthPath, ServerGroup group, Transport transport, Clock clock, RandomGenerator random, Registry registry, Optional<LineWriter> accessLog) {
        this.group = group;
        this.healthPath = healthPath;
        this.transport = transport;
        this.clock = clock;
        this.random = random;
        this.accessLog = accessLog;
        this.metrics = new DoorMetrics(registry);
        this.checks = new HealthChecks(this, transport.loops().next(), random);
        use(site);
    }

    /**
     * Makes a front door that does not listen yet.
     *
     * @param healthPath answers 200 to 399 at a server that can serve
     * @param random for request ids and jitter; used under a lock to seed one source a loop
     * @param accessLog where one line a request goes, if anywhere
     */
    public static FrontDoor of(
            dev.banyan.topology.FrontDoor site, String healthPath, ServerGroup group, Transport transport, Clock clock, RandomGenerator random, Registry registry, Optional<LineWriter> accessLog) {
        return new FrontDoor(site, healthPath, group, transport, clock, random, registry, accessLog);
    }

    /**
     * Listens, and begins to check the group's servers. Blocks until it does, so no IO loop may call it.
     *
     * @throws BanyanException PORT_IN_USE when an address is taken
     */
    public FrontDoor open() {
        HostPort at = site.listen();
        ChannelFuture bound = listen().awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close(Duration.ZERO);
            throw new BanyanException(
                    ErrorCode.PORT_IN_USE,
                    "the front door cannot listen on " + at + " (" + bound.cause().getMessage() + "); end what holds it, or choose another with front-door.listen",
                    bound.cause());
        }
        return this;
    }

    /** Begins to listen, and to check the group's servers; blocks nothing. */
    public ChannelFuture listen() {
        HostPort at = site.listen();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channelFactory(transport.listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        if (transport.sockets()) {
            bootstrap.option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        ChannelFuture bound = bootstrap.bind(transport.address().apply(at));
        listeners.add(bound.channel());
        fallbackHost = at.toString().getBytes(StandardCharsets.US_ASCII);
        metrics.observe(this);
        checks.start();
        return bound;
    }

    private void accept(Channel channel) {
        if (closing) {
            channel.close();
            return;
        }
        Lane lane = lanes.computeIfAbsent(channel.eventLoop(), this::newLane);
        channel.pipeline().addLast(new ClientConnection(lane, Peer.of(channel.remoteAddress(), false, settings)));
    }

    private Lane newLane(EventLoop loop) {
        synchronized (random) {
            return new Lane(this, loop, new java.util.SplittableRandom(random.nextLong()), accessLog.map(LineWriter::buffer));
        }
    }

    /** Where it listens; with port 0 in the site file, the ports the system chose. */
    public List<HostPort> addresses() {
        return listeners.stream()
                .map(Channel::localAddress)
                .map(at -> at instanceof InetSocketAddress inet ? new HostPort(inet.getHostString(), inet.getPort()) : new HostPort(at.toString(), 0))
                .toList();
    }

    /** Uses new settings for every request that begins from now on. Where it listens does not change. */
    public void reconfigure(dev.banyan.topology.FrontDoor newSite) {
        use(newSite);
        group.reconfigure(newSite.balance(), newSite.health(), newSite.limits().perServer());
    }

    private void use(dev.banyan.topology.FrontDoor newSite) {
        site = newSite;
        settings = new DoorSettings(newSite);
        retryBudget = new RetryBudget(newSite.retries());
    }

    /** Connections of clients. */
    public int connections() {
        return clients.size();
    }

    /** Requests that wait for a place at a server. */
    public int waiting() {
        return waitingRoom.waiting();
    }

    /** Closes without waiting for requests in flight. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Stops listening, lets requests in flight end, and closes.
     *
     * @param patience how long they may take; blocks that long at most
     * @return how many connections were still at work, and were cut
     */
    public int close(Duration patience) {
        closing = true;
        checks.stop();
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        clients.forEach(client -> client.onLoop(client::closeWhenIdle));
        awaitClients(patience);
        int cut = clients.size();
        clients.forEach(client -> client.onLoop(client::close));
        lanes.forEach((loop, lane) -> loop.execute(lane::close));
        return cut;
    }

    private void awaitClients(Duration patience) {
        long until = clock.nanos() + patience.toNanos();
        try {
            while (!clients.isEmpty() && clock.nanos() < until) {
                clock.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void opened(ClientConnection client) {
        clients.add(client);
        if (clients.size() >= settings.connectionLimit) {
            listeners.forEach(listener -> listener.config().setAutoRead(false));
        }
    }

    void closed(ClientConnection client) {
        if (clients.remove(client) && clients.size() == settings.connectionLimit - 1) {
            listeners.forEach(listener -> listener.config().setAutoRead(true));
        }
    }

    ServerGroup group() {
        return group;
    }

    DoorSettings settings() {
        return settings;
    }

    Health health() {
        return site.health();
    }

    String healthPath() {
        return healthPath;
    }

    Transport transport() {
        return transport;
    }

    Clock clock() {
        return clock;
    }

    DoorMetrics metrics() {
        return metrics;
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }

    byte[] fallbackHost() {
        return fallbackHost;
    }

    boolean closing() {
        return closing;
    }
}
