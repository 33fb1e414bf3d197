package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** The WebSockets that are held open during a run, and what became of their messages. */
final class Sockets {
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final int LARGEST_FRAME = 1 << 20;
    private static final int PER_MILLISECOND = 2;

    private final Target target;
    private final URI url;
    private final Clock clock;
    private final Duration timeout;
    private final Transport transport;
    private final Optional<Tls> tls;
    private final List<HeldSocket> all = new ArrayList<>();
    private final LongAdder opened = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder echoed = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final AtomicReference<String> refusal = new AtomicReference<>("");

    private Sockets(Target target, String path, Clock clock, Duration timeout, Transport transport) {
        this.target = target;
        this.url = URI.create((target.tls() ? "wss://" : "ws://") + target.authority() + path);
        this.clock = clock;
        this.timeout = timeout;
        this.transport = transport;
        this.tls = target.tls() ? Optional.of(Tls.to(target)) : Optional.empty();
    }

    /** Opens them, two a millisecond, and waits until all are open or the timeout is over; those still closed go on trying. */
    static Sockets open(int count, String path, Target target, Transport transport, Clock clock, Duration timeout) throws InterruptedException {
        Sockets sockets = new Sockets(target, path, clock, timeout, transport);
        for (int i = 0; i < count; i++) {
            HeldSocket socket = new HeldSocket(sockets, transport.loops().next());
            sockets.all.add(socket);
            socket.loop().schedule(socket::open, i / PER_MILLISECOND, TimeUnit.MILLISECONDS);
        }
        long deadline = clock.nanos() + timeout.toNanos() + Duration.ofMillis(count / PER_MILLISECOND).toNanos();
        while (sockets.opened.sum() < count && clock.nanos() - deadline < 0) {
            clock.sleep(GLANCE);
        }
        return sockets;
    }

    ChannelFuture connect(EventLoop loop, ChannelHandler frames) {
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder().webSocketUri(url).version(WebSocketVersion.V13)
                .customHeaders(EmptyHttpHeaders.INSTANCE).handleCloseFrames(false).maxFramePayloadLength(LARGEST_FRAME)
                .handshakeTimeoutMillis(timeout.toMillis()).build();
        return new Bootstrap().group(loop).channelFactory(transport.connection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(t -> channel.pipeline().addLast(t.handler(channel.alloc(), timeout.toMillis())));
                        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST_FRAME), new WebSocketClientProtocolHandler(config), frames);
                    }
                }).connect(transport.address().apply(target.at()));
    }

    /** Sends no more, waits at most the timeout for what has not come back, closes all and says what happened. */
    LoadReport.WebSockets end() throws InterruptedException {
        all.forEach(socket -> on(socket, socket::quieten));
        long deadline = clock.nanos() + timeout.toNanos();
        while (clock.nanos() - deadline < 0 && !settled()) {
            clock.sleep(GLANCE);
        }
        all.forEach(socket -> on(socket, socket::end));
        return new LoadReport.WebSockets(all.size(), opened.intValue(), sent.sum(), echoed.sum(), outOfOrder.sum(), lost.sum(), moved.intValue(), closed.intValue(), refusal.get());
    }

    private boolean settled() {
        return echoed.sum() + outOfOrder.sum() + lost.sum() >= sent.sum();
    }

    private static void on(HeldSocket socket, Runnable task) {
        socket.loop().submit(task).syncUninterruptibly();
    }

    void firstOpened() {
        opened.increment();
    }

    /** A socket did not open; the first reason is kept. */
    void refused(Throwable cause) {
        refusal.compareAndSet("", String.valueOf(cause.getMessage()));
    }

    void sent() {
        sent.increment();
    }

    void echoed() {
        echoed.increment();
    }

    void outOfOrder() {
        outOfOrder.increment();
    }

    void lost(int messages) {
        lost.add(messages);
    }

    void moved() {
        moved.increment();
    }

    void closed() {
        closed.increment();
    }
}
