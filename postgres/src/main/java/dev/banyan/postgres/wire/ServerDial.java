package dev.banyan.postgres.wire;

import dev.banyan.net.Transport;
import dev.banyan.postgres.Member;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;

/** Connects to a server and agrees with it on TLS. Safe for any loop. */
final class ServerDial {
    private final Transport transport;
    private final ServerTls tls;
    private final Duration connect;

    ServerDial(Transport transport, ServerTls tls, Duration connect) {
        this.transport = transport;
        this.tls = tls;
        this.connect = connect;
    }

    /** What became of it; one of the two is called, once, on the loop. The channel may also close at any time. */
    interface Dialled {
        /** @param endPoint for channel binding; empty without TLS */
        void dialled(Channel channel, boolean encrypted, Optional<byte[]> endPoint);

        /** The channel, where there was one, is closed. */
        void failed(PostgresError why, boolean reachable);
    }

    /** As the settings say. */
    Channel dial(EventLoop loop, Member member, Dialled dialled) {
        return dial(loop, member, tls.mode(), dialled);
    }

    /** With TLS or without, as another connection has it. */
    Channel dial(EventLoop loop, Member member, boolean encrypted, Dialled dialled) {
        SslMode must = tls.mode() == SslMode.PREFER ? SslMode.REQUIRE : tls.mode();
        return dial(loop, member, encrypted ? must : SslMode.DISABLE, dialled);
    }

    /** The channel that is connecting. */
    private Channel dial(EventLoop loop, Member member, SslMode mode, Dialled dialled) {
        TlsNegotiation negotiation = new TlsNegotiation(member, mode, tls.context(), dialled);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.connection())
                .resolver(transport.resolver())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connect.toMillis()))
                .handler(negotiation);
        if (transport.sockets()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture connecting = bootstrap.connect(transport.address().apply(member.address()));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                negotiation.unreachable(done.cause());
            }
        });
        return connecting.channel();
    }
}
