package dev.banyan.net;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.FrontDoor.Io;
import dev.banyan.topology.HostPort;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where every thread is born: IO loops for the data plane, one control thread, and virtual threads for what may block. Closing ends them
 * all, within two seconds.
 */
public final class Loops implements AutoCloseable {
    private final IoKind kind;
    private final EventLoopGroup io;
    private final DnsAddressResolverGroup resolver;
    private final Wires wires = new Wires();
    private final ScheduledExecutorService control;
    private final ExecutorService blocking;

    private Loops(IoKind kind, int threads) {
        this.kind = kind;
        this.io = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("io", true), kind.handler());
        this.resolver = new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelFactory(kind.datagram()));
        this.control = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("control").daemon().factory());
        this.blocking = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("work-", 0).factory());
    }

    /** The system's best kind of IO and one loop a core. */
    public static Loops open() {
        return open(IoKind.best(), Runtime.getRuntime().availableProcessors());
    }

    /**
     * What the site file asks for.
     *
     * @param threads IO loops; 0 is one a core
     * @throws BanyanException MISSING_PREREQUISITE when this system has not that kind of IO
     */
    public static Loops open(Io io, int threads) {
        return open(IoKind.of(io), threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    public static Loops open(IoKind kind, int ioThreads) {
        return new Loops(kind, ioThreads);
    }

    public IoKind kind() {
        return kind;
    }

    /** Sockets on the IO loops. */
    public Transport transport() {
        return new Transport(io, kind.listener(), kind.connection(), resolver, Loops::address, true);
    }

    /**
     * The same, for connections whose way may be made faulty.
     *
     * @param end who makes and takes them, see {@link #wires}
     */
    public Transport transport(String end) {
        return wires.of(end, transport());
    }

    /** Where ways are made faulty. */
    public Wires wires() {
        return wires;
    }

    /** A numeric address as it is; a name is left to the resolver, for looking it up here would block. */
    private static SocketAddress address(HostPort at) {
        InetAddress numeric = NetUtil.createInetAddressFromIpAddressString(at.host());
        return numeric == null ? InetSocketAddress.createUnresolved(at.host(), at.port()) : new InetSocketAddress(numeric, at.port());
    }

    /** The one control thread: decisions are made here, one after the other. */
    public ScheduledExecutorService control() {
        return control;
    }

    /** A virtual thread for each task; may block. */
    public ExecutorService blocking() {
        return blocking;
    }

    /** A random source seeded by the system. Not for secrets. */
    public static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create();
    }

    /** A random source that gives the same numbers for the same seed. Not for secrets. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** For salts, nonces and keys; seeded by the system. Does not block. */
    public static SecureRandom secrets() {
        return new SecureRandom();
    }

    @Override
    public void close() {
        control.shutdownNow();
        blocking.shutdownNow();
        resolver.close();
        io.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
