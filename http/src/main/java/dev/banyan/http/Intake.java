package dev.banyan.http;

import dev.banyan.net.Transport;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A listening socket that stops taking connections while there is a reason to; those that come meanwhile wait in the system's queue. Safe
 * for any thread.
 */
final class Intake {
    /** Why no more connections are taken for now. */
    enum Reason {
        CONNECTIONS,
        HANDSHAKES
    }

    private final HostPort at;
    private final String key;
    private final ChannelFuture bound;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    private Intake(HostPort at, String key, ChannelFuture bound) {
        this.at = at;
        this.key = key;
        this.bound = bound;
    }

    /**
     * Begins to listen; blocks nothing.
     *
     * @param key the site file's key that says where, for messages
     * @param accept called with each new connection on its loop
     */
    static Intake open(Transport transport, HostPort at, String key, Consumer<Channel> accept) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channelFactory(transport.listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept.accept(channel);
                    }
                });
        if (transport.sockets()) {
            bootstrap.option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        return new Intake(at, key, bootstrap.bind(transport.address().apply(at)));
    }

    ChannelFuture bound() {
        return bound;
    }

    /**
     * Waits until it listens.
     *
     * @throws BanyanException PORT_IN_USE when the address is taken or not for this user
     */
    void await() {
        if (!bound.awaitUninterruptibly().isSuccess()) {
            String why = SocketFailure.words(bound.cause());
            throw new BanyanException(
                    ErrorCode.PORT_IN_USE, "the front door cannot listen on " + at + ": " + why + "; " + SocketFailure.advice(why, key), bound.cause());
        }
    }

    /** Where it listens; with port 0 in the site file, the port the system chose. */
    HostPort address() {
        return bound.channel().localAddress() instanceof InetSocketAddress inet ? new HostPort(inet.getHostString(), inet.getPort()) : at;
    }

    synchronized void pause(Reason reason) {
        reasons.add(reason);
        bound.channel().config().setAutoRead(false);
    }

    synchronized void resume(Reason reason) {
        reasons.remove(reason);
        bound.channel().config().setAutoRead(reasons.isEmpty());
    }

    void close() {
        bound.channel().close().awaitUninterruptibly();
    }
}
