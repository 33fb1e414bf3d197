package dev.banyan.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/**
 * Stands first in a connection's pipeline, where the way begins, for as long as a fault lasts. Owned by the connection's loop, but for
 * {@link #end}; the connection may change its loop meanwhile.
 */
abstract class FaultyWire extends ChannelDuplexHandler {
    private final BiPredicate<Channel, SocketAddress> concerns;
    private ChannelHandlerContext ctx;
    private Runnable connect;
    private ChannelPromise connecting;
    private Future<?> timer;
    private boolean left;
    private volatile boolean ended;

    /** @param concerns whether a connection to that address has the fault; asked when the address is known */
    FaultyWire(BiPredicate<Channel, SocketAddress> concerns) {
        this.concerns = concerns;
    }

    /** The connection is there, and has the fault from now on. On the loop. */
    abstract void begin(ChannelHandlerContext ctx);

    /** Someone connects; call {@link #hold} or {@link #connectNow} or fail the promise. */
    abstract void connecting(ChannelHandlerContext ctx, SocketAddress remote, ChannelPromise promise);

    /** The fault is over: what is held goes on. The handler leaves right after. */
    abstract void release(ChannelHandlerContext ctx);

    /** The connection has closed, or its last handler is leaving: nothing can go on any more. */
    abstract void drop(Throwable why);

    /** Ends the fault for this connection. Any thread. */
    final void end(Channel channel) {
        ended = true;
        // One that has no loop at the moment comes by channelRegistered.
        if (channel.isRegistered()) {
            channel.eventLoop().execute(this::leave);
        }
    }

    private void leave() {
        if (ctx == null || left) {
            return;
        }
        if (!ctx.channel().eventLoop().inEventLoop()) {
            ctx.channel().eventLoop().execute(this::leave);
            return;
        }
        left = true;
        connectNow();
        release(ctx);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        if (ended) {
            leave();
        } else if (added.channel().isActive()) {
            active();
        }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        ctx.fireChannelRegistered();
        if (ended) {
            leave();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active();
        ctx.fireChannelActive();
    }

    private void active() {
        if (left) {
            return;
        }
        if (concerns.test(ctx.channel(), ctx.channel().remoteAddress())) {
            begin(ctx);
        } else {
            left = true;
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public final void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        if (left || !concerns.test(ctx.channel(), remote)) {
            ctx.connect(remote, local, promise);
            return;
        }
        connect = () -> ctx.connect(remote, local, promise);
        connecting = promise;
        connecting(ctx, remote, promise);
    }

    /** The connecting goes on after a while, if its own timeout lets it. */
    final void hold(long nanos) {
        int timeoutMillis = ctx.channel().config().getConnectTimeoutMillis();
        long timeout = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        if (timeoutMillis > 0 && timeout <= nanos) {
            timer = ctx.channel().eventLoop().schedule(() -> refuse(new ConnectTimeoutException("connection timed out after " + timeoutMillis + " ms")), timeout, TimeUnit.NANOSECONDS);
        } else if (nanos != Long.MAX_VALUE) {
            timer = ctx.channel().eventLoop().schedule(this::connectNow, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** What was held back of connecting goes on. */
    final void connectNow() {
        Runnable go = connect;
        boolean wanted = connecting != null && !connecting.isDone();
        forgetConnect();
        if (go != null && wanted) {
            go.run();
        }
    }

    /** Connecting fails. */
    final void refuse(Exception why) {
        ChannelPromise refused = connecting;
        forgetConnect();
        if (refused != null) {
            refused.tryFailure(why);
        }
    }

    private void forgetConnect() {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = null;
        connect = null;
        connecting = null;
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        refuse(new ClosedChannelException());
        ctx.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        left = true;
        refuse(new ClosedChannelException());
        drop(new ClosedChannelException());
    }

    /** Cuts the connection as a reset of the other side would: nothing that is under way arrives. */
    static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closedAlready) {
            // Then there is nothing to reset.
        }
        channel.unsafe().close(channel.unsafe().voidPromise());
    }
}
