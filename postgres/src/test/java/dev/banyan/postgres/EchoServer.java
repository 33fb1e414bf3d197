package dev.banyan.postgres;

import dev.banyan.net.LocalCertificate;
import dev.banyan.net.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Sends back every byte, over TLS if wanted, on a loop of its own. */
final class EchoServer implements AutoCloseable {
    private final boolean tls;
    private final SslContext serverSide;
    private final SslContext clientSide;
    private final Channel listener;

    EchoServer(Loops loops, boolean tls) throws Exception {
        this.tls = tls;
        LocalCertificate.Made made = LocalCertificate.make(Instant.now());
        this.serverSide = SslContextBuilder.forServer(stream(made.certificatePem()), stream(made.keyPem())).build();
        this.clientSide = SslContextBuilder.forClient().trustManager(stream(made.certificatePem())).endpointIdentificationAlgorithm(null).build();
        this.listener = new ServerBootstrap()
                .group(loops.transport().loops())
                .channelFactory(loops.transport().listener())
                .childHandler(of(channel -> {
                    if (tls) {
                        channel.pipeline().addLast(serverSide.newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(new Echo());
                }))
                .bind("127.0.0.1", 0).sync().channel();
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Begins to connect on that loop; the handler is told when it is connected. */
    void connect(Loops loops, EventLoop loop, boolean autoRead, ChannelHandler handler) {
        new Bootstrap()
                .group(loop)
                .channelFactory(loops.transport().connection())
                .option(ChannelOption.AUTO_READ, autoRead)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(of(channel -> {
                    if (tls) {
                        channel.pipeline().addLast(clientSide.newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(handler);
                }))
                .connect(listener.localAddress());
    }

    @Override
    public void close() throws InterruptedException {
        listener.close().await(60, TimeUnit.SECONDS);
    }

    private interface Setup {
        void of(Channel channel);
    }

    private static ChannelInitializer<Channel> of(Setup setup) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                setup.of(channel);
            }
        };
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
