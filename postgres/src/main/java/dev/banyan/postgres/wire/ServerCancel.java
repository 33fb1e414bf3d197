package dev.banyan.postgres.wire;

import dev.banyan.net.Transport;
import dev.banyan.postgres.Member;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a server to cancel what runs in a session, on a connection of its own as the protocol has it. Safe for any loop. */
public final class ServerCancel {
    private static final int CANCEL_REQUEST = 1234 << 16 | 5678;

    private final ServerDial dial;
    private final Duration limit;

    /** @param limit how long it may take, from connecting to the server's close */
    public ServerCancel(Transport transport, ServerTls tls, Duration limit) {
        this.dial = new ServerDial(transport, tls, limit);
        this.limit = limit;
    }

    /**
     * Sends the request.
     *
     * @param welcome of the session
     * @param encrypted whether the session's connection has TLS; the request then has it too
     * @param done run on the loop, once: the server has taken the request and closed, or the limit is over, or it could not be reached. The
     *     signal may reach the session's process a moment later
     */
    public void send(EventLoop loop, Member member, ServerWelcome welcome, boolean encrypted, Runnable done) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> send(loop, member, welcome, encrypted, done));
            return;
        }
        Channel connecting = dial.dial(loop, member, encrypted, new ServerDial.Dialled() {
            @Override
            public void dialled(Channel channel, boolean tls, Optional<byte[]> endPoint) {
                channel.writeAndFlush(request(channel, welcome));
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {} // it closes
        });
        var timer = loop.schedule(() -> connecting.close(), limit.toNanos(), TimeUnit.NANOSECONDS);
        connecting.closeFuture().addListener(_ -> {
            timer.cancel(false);
            done.run();
        });
    }

    private static ByteBuf request(Channel channel, ServerWelcome welcome) {
        int length = 3 * Integer.BYTES + welcome.key().length;
        return channel.alloc().buffer(length).writeInt(length).writeInt(CANCEL_REQUEST).writeInt(welcome.processId()).writeBytes(welcome.key());
    }
}
