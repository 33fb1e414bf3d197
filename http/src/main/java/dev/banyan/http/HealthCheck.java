package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One check of one server: GET on its health path over a connection of its own; an answer of 200 to 399 in time passes. */
final class HealthCheck extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    private static final int MOST_BYTES = 16 * 1024;
    private static final int MOST_FIELDS = 100;

    private final EventLoop loop;
    private final byte[] request;
    private final Consumer<String> verdict;
    private final ResponseHead head = new ResponseHead();
    private final byte[] received = new byte[MOST_BYTES];
    private int length;
    private Future<?> timeout;
    private ChannelFuture connected;
    private boolean over;

    private HealthCheck(Server server, String path, EventLoop loop, Consumer<String> verdict) {
        this.loop = loop;
        this.request = ("GET " + path + " HTTP/1.1\r\nHost: " + server.address() + "\r\nUser-Agent: banyan-health\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.verdict = verdict;
    }

    /**
     * @param introduction what the connection begins with, of an edge
     * @param verdict told once, on the loop: "" when it passed, else why it failed
     */
    static void start(Server server, String path, Duration timeout, Transport transport, Optional<Introduction> introduction, EventLoop loop, Consumer<String> verdict) {
        HealthCheck check = new HealthCheck(server, path, loop, verdict);
        check.timeout = loop.schedule(() -> check.end("no answer in " + timeout.toMillis() + " ms"), timeout.toNanos(), TimeUnit.NANOSECONDS);
        check.connected = new Bootstrap()
                .group(loop)
                .channelFactory(transport.connection())
                .resolver(transport.resolver())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        introduction.ifPresent(how -> how.addTo(channel.pipeline()));
                        channel.pipeline().addLast(check);
                    }
                })
                .connect(transport.address().apply(server.address()));
        check.connected.addListener(check);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> operationComplete(future));
        } else if (future.isSuccess()) {
            future.channel().writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(request));
        } else {
            end("no connection: " + SocketFailure.words(future.cause()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            int taken = Math.min(bytes.readableBytes(), MOST_BYTES - length);
            bytes.readBytes(received, length, taken);
            length += taken;
        } finally {
            bytes.release();
        }
        HeadVerdict read = head.read(received, 0, length, MOST_FIELDS);
        while (read == HeadVerdict.WHOLE && head.interim()) {
            length -= head.end();
            System.arraycopy(received, head.end(), received, 0, length);
            read = head.read(received, 0, length, MOST_FIELDS);
        }
        if (read == HeadVerdict.WHOLE) {
            end(head.status() < 400 ? "" : "answered " + head.status());
        } else if (read != HeadVerdict.PARTIAL || length == MOST_BYTES) {
            end("answered with something that is not HTTP/1.1");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end("closed without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(String.valueOf(cause.getMessage()));
    }

    private void end(String failure) {
        if (over) {
            return;
        }
        over = true;
        timeout.cancel(false);
        if (connected.channel().isRegistered()) {
            connected.channel().close(); // one that could not be made at all, as without file descriptors, has no loop
        }
        verdict.accept(failure);
    }
}
