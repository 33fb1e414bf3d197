package dev.banyan.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The connections of this process by who made or took them, so that their ways can be made faulty, the live ones included. While nothing is
 * faulty no connection has a handler of ours: a connection costs its place in a set, a byte on it nothing. Safe for any thread.
 */
public final class Wires {
    private final Map<String, End> ends = new ConcurrentHashMap<>();

    /** A fault that has begun; closing it ends it. */
    public interface Begun extends AutoCloseable {
        /** How many live connections have it now. */
        int connections();

        @Override
        void close();
    }

    /**
     * The same transport, whose connections are known as those of one end.
     *
     * @param end who makes and takes them, as {@code front-door}
     */
    public Transport of(String end, Transport base) {
        End own = end(end);
        return new Transport(base.loops(), () -> own.listening(base.listener().newChannel()), () -> own.made(base.connection().newChannel()), base.resolver(), base.address(), base.sockets());
    }

    /**
     * Begins a fault of the connections that an end makes.
     *
     * @param to whether it is to that address
     */
    public Begun towards(String end, Predicate<SocketAddress> to, WireFault fault, RandomGenerator random) {
        End own = end(end);
        return own.made.begin(new Fault(own.made, (_, remote) -> to.test(remote), fault, random));
    }

    /**
     * Begins a fault of the connections that an end takes.
     *
     * @param which by this side's address and the other's
     */
    public Begun into(String end, BiPredicate<SocketAddress, SocketAddress> which, WireFault fault, RandomGenerator random) {
        End own = end(end);
        return own.taken.begin(new Fault(own.taken, which, fault, random));
    }

    /**
     * Adds a handler where a connection's bytes come from and go to, as TLS needs it: before all others, but behind the faults of the way. What
     * it writes itself, as a handshake, has the faults then. On the connection's loop.
     */
    public static void addFirst(ChannelPipeline pipeline, ChannelHandler handler) {
        String last = null;
        for (Map.Entry<String, ChannelHandler> each : pipeline) {
            if (!(each.getValue() instanceof FaultyWire)) {
                break;
            }
            last = each.getKey();
        }
        if (last == null) {
            pipeline.addFirst(handler);
        } else {
            pipeline.addAfter(last, null, handler);
        }
    }

    private End end(String name) {
        return ends.computeIfAbsent(name, _ -> new End());
    }

    /** One party's connections. */
    private static final class End {
        private final Side made = new Side();
        private final Side taken = new Side();

        Channel made(Channel fresh) {
            made.know(fresh);
            return fresh;
        }

        ServerChannel listening(ServerChannel fresh) {
            fresh.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                    taken.know((Channel) accepted);
                    ctx.fireChannelRead(accepted);
                }
            });
            return fresh;
        }
    }

    /** Live connections of one direction, and their faults. */
    private static final class Side {
        private final Set<Channel> live = ConcurrentHashMap.newKeySet();
        private final List<Fault> faults = new CopyOnWriteArrayList<>();

        /** Known first and looked at for faults then; a fault is added first and looks at who is known then: one of the two sees the other. */
        void know(Channel channel) {
            live.add(channel);
            channel.closeFuture().addListener(_ -> live.remove(channel));
            for (Fault fault : faults) {
                fault.attach(channel);
            }
        }

        Begun begin(Fault fault) {
            faults.add(fault);
            live.forEach(fault::attach);
            return fault;
        }
    }

    /** A fault and the handlers that make it, one a connection. */
    private static final class Fault implements Begun {
        private final Side side;
        private final BiPredicate<SocketAddress, SocketAddress> which;
        private final WireFault what;
        private final RandomGenerator random;
        private final Map<Channel, FaultyWire> on = new ConcurrentHashMap<>();
        private volatile boolean over;

        Fault(Side side, BiPredicate<SocketAddress, SocketAddress> which, WireFault what, RandomGenerator random) {
            this.side = side;
            this.which = which;
            this.what = what;
            this.random = random;
        }

        void attach(Channel channel) {
            SocketAddress remote = channel.remoteAddress();
            if (remote != null && !which.test(channel.localAddress(), remote)) {
                return;
            }
            FaultyWire wire = switch (what) {
                case WireFault.Latency late -> new LateWire(this::concerns, late, random);
                case WireFault.Drop _ -> new DeafWire(this::concerns);
                case WireFault.Partition _ -> new CutWire(this::concerns);
            };
            if (on.putIfAbsent(channel, wire) == null) {
                channel.closeFuture().addListener(_ -> on.remove(channel));
                channel.pipeline().addFirst(wire);
            }
            if (over) {
                wire.end(channel);
            }
        }

        private boolean concerns(Channel channel, SocketAddress remote) {
            return which.test(channel.localAddress(), remote);
        }

        @Override
        public int connections() {
            return on.size();
        }

        @Override
        public void close() {
            over = true;
            side.faults.remove(this);
            on.forEach((channel, wire) -> wire.end(channel));
            on.clear();
        }
    }
}
