package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The connections of one IO loop and the requests that wait for one. Owned by that loop. */
final class Lane {
    /** A connection that lay idle longer is not used again: servers close after 15 s and more, and a write would race with that. */
    static final long MOST_IDLE_NANOS = 10_000_000_000L;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final Target target;
    private final Optional<Tls> tls;
    private final Clock clock;
    private final int most;
    private final long timeoutNanos;
    private final Events events;

    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Waiting<Exchange> waiting;
    private final Set<Connection> open = new HashSet<>();
    private int opening;

    /** What belongs to no single request's outcome. Called on the loop. */
    interface Events {
        void staleConnectionRetried();

        void unsolicitedAnswer();
    }

    /** @param most connections, open or opening, at a time */
    Lane(EventLoop loop, Transport transport, Target target, Optional<Tls> tls, Clock clock, int most, long timeoutNanos, Events events) {
        this.loop = loop;
        this.target = target;
        this.tls = tls;
        this.clock = clock;
        this.most = most;
        this.timeoutNanos = timeoutNanos;
        this.events = events;
        this.waiting = new Waiting<>(timeoutNanos);
        this.bootstrap = new Bootstrap().group(loop).channelFactory(transport.connection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(timeoutNanos / 1_000_000, 1, Integer.MAX_VALUE))
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(transport.address().apply(target.at()));
    }

    EventLoop loop() {
        return loop;
    }

    long now() {
        return clock.nanos();
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    void submit(Exchange exchange) {
        long now = clock.nanos();
        Connection connection = fresh(now);
        if (connection != null) {
            connection.send(exchange, now);
        } else if (open.size() + opening < most) {
            connect(exchange, now);
        } else {
            queue(exchange, now);
        }
    }

    private Connection fresh(long now) {
        for (Connection c = idle.pollLast(); c != null; c = idle.pollLast()) {
            if (c.open() && now - c.idleSince() < MOST_IDLE_NANOS) {
                return c;
            }
            c.close();
        }
        return null;
    }

    private void queue(Exchange exchange, long now) {
        dropExpired(now);
        if (!waiting.add(exchange, now)) {
            drop(exchange);
        }
    }

    private void dropExpired(long now) {
        waiting.expire(now, this::drop);
    }

    private void drop(Exchange exchange) {
        exchange.failed(Failure.Kind.DROPPED_BY_GENERATOR, clock.nanos());
    }

    void free(Connection connection) {
        long now = clock.nanos();
        dropExpired(now);
        waiting.next().ifPresentOrElse(next -> connection.send(next, now), () -> rest(connection));
    }

    private void rest(Connection connection) {
        idle.remove(connection);
        idle.addLast(connection);
    }

    void gone(Connection connection) {
        open.remove(connection);
        idle.remove(connection);
        serveWaiting();
    }

    private void serveWaiting() {
        long now = clock.nanos();
        dropExpired(now);
        if (open.size() + opening < most) {
            waiting.next().ifPresent(next -> connect(next, now));
        }
    }

    void again(Exchange exchange) {
        events.staleConnectionRetried();
        connect(exchange, clock.nanos());
    }

    void unsolicited() {
        events.unsolicitedAnswer();
    }

    private void connect(Exchange exchange, long now) {
        exchange.started(now);
        opening++;
        Connection connection = new Connection(this);
        bootstrap.clone().handler(pipeline(connection)).connect().addListener((ChannelFuture opened) -> opened(exchange, connection, opened));
    }

    private ChannelInitializer<Channel> pipeline(Connection connection) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                tls.ifPresent(t -> channel.pipeline().addLast(t.handler(channel.alloc(), timeoutNanos / 1_000_000)));
                channel.pipeline().addLast(connection.arrived(), new HttpResponseDecoder(), connection);
            }
        };
    }

    private void opened(Exchange exchange, Connection connection, ChannelFuture opened) {
        opening--;
        if (!opened.isSuccess()) {
            exchange.failed(kindOf(opened.cause()), clock.nanos());
            serveWaiting();
            return;
        }
        open.add(connection);
        SslHandler handshake = opened.channel().pipeline().get(SslHandler.class);
        if (handshake == null) {
            connection.send(exchange, clock.nanos());
        } else {
            handshake.handshakeFuture().addListener(f -> greeted(exchange, connection, f));
        }
    }

    private void greeted(Exchange exchange, Connection connection, Future<?> handshake) {
        if (handshake.isSuccess()) {
            connection.send(exchange, clock.nanos());
        } else {
            connection.close();
            exchange.failed(Failure.Kind.CONNECT_FAILED, clock.nanos());
        }
    }

    private static Failure.Kind kindOf(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof ConnectTimeoutException) {
            return Failure.Kind.CONNECT_TIMEOUT;
        }
        if (message.contains("refused")) {
            return Failure.Kind.CONNECT_REFUSED;
        }
        boolean ours = cause instanceof BindException || message.contains("Cannot assign requested address") || message.contains("Too many open files");
        return ours ? Failure.Kind.GENERATOR_EXHAUSTED : Failure.Kind.CONNECT_FAILED;
    }

    void close() {
        Set.copyOf(open).forEach(Connection::close);
    }
}
