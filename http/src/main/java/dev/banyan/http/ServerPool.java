package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerState;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.ArrayDeque;

/**
 * One loop's unused connections to one server, the last used first: so the others grow old and are closed when the load falls. Owned by one
 * IO loop.
 */
final class ServerPool {
    /**
     * A request that must not be sent twice takes only a connection that was in use this short a time ago, else a new one: a server may be
     * closing an older one at this very moment, and nobody could tell whether it still got the request.
     */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Lane lane;
    private final Server server;
    private final ArrayDeque<ServerConnection> unused = new ArrayDeque<>();

    ServerPool(Lane lane, Server server) {
        this.lane = lane;
        this.server = server;
    }

    Server server() {
        return server;
    }

    /** Gives the exchange a connection: at once by {@link Exchange#connected}, or when one is made. */
    void lease(Exchange exchange, boolean mustBeNew, long now) {
        ServerConnection connection = mustBeNew ? null : unused.peekLast();
        if (connection != null && (exchange.mayBeSentTwice() || now - connection.unusedSince() < FRESH_NANOS)) {
            unused.pollLast();
            connection.carry(exchange, now);
        } else {
            connect(exchange, now);
        }
    }

    private void connect(Exchange exchange, long now) {
        ServerConnection connection = new ServerConnection(lane, this, exchange);
        exchange.connecting(connection);
        connection.connectBy(now + lane.settings().connectNanos);
        var transport = lane.door.transport();
        Bootstrap bootstrap = new Bootstrap()
                .group(lane.loop)
                .channelFactory(transport.connection())
                .resolver(transport.resolver())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.AUTO_CLOSE, false) // a server that takes no more of a request may have answered it
                .handler(lane.door.introduction().<ChannelHandler>map(how -> introduced(how, connection)).orElse(connection));
        if (transport.sockets()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        bootstrap.connect(transport.address().apply(server.address())).addListener(connection);
    }

    private static ChannelHandler introduced(Introduction how, ServerConnection connection) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                how.addTo(channel.pipeline());
                channel.pipeline().addLast(connection);
            }
        };
    }

    /** Takes back a connection that can carry another request. */
    void giveBack(ServerConnection connection, long now) {
        ServerState standing = server.state();
        if (standing == ServerState.DRAINING || standing == ServerState.REMOVED || lane.door.closing()) {
            connection.close();
        } else {
            unused.addLast(connection); // first, for what it reads at once may close it
            connection.restUntil(now, now + lane.settings().serverIdleNanos);
        }
    }

    void closed(ServerConnection connection) {
        unused.remove(connection);
    }

    void close() {
        for (ServerConnection connection = unused.poll(); connection != null; connection = unused.poll()) {
            connection.close();
        }
    }
}
