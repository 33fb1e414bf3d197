package dev.banyan.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MessageSizeEstimator;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;

/**
 * A long way: what is written, flushed and closed happens later, in its order. Above {@value #HIGH} bytes held the connection says that it
 * takes no more, as a socket whose buffer is full; what is written all the same beyond {@value #MOST} bytes pushes the oldest on early. Owned
 * by the connection's loop.
 */
final class LateWire extends FaultyWire {
    static final int HIGH = 1 << 20;
    static final int LOW = HIGH / 2;
    static final int MOST = 4 * HIGH;
    /** Of the flags by which a channel can be made unwritable: the last, which nobody else takes. */
    private static final int FLAG = 31;

    private final long latencyNanos;
    private final long jitterNanos;
    private final RandomGenerator random;
    private final Deque<Held> held = new ArrayDeque<>();
    private MessageSizeEstimator.Handle sizes;
    private ChannelHandlerContext ctx;
    private long bytes;
    private long lastDue = Long.MIN_VALUE;
    private Future<?> timer;
    private boolean unwritable;
    private boolean passing;

    /** Something that waits for its time; a flush has neither a message nor a promise, a close no message. */
    private record Held(long due, Object message, ChannelPromise promise, int size) {
        boolean isFlush() {
            return message == null && promise == null;
        }
    }

    LateWire(BiPredicate<Channel, SocketAddress> concerns, WireFault.Latency fault, RandomGenerator random) {
        super(concerns);
        this.latencyNanos = fault.latency().toNanos();
        this.jitterNanos = fault.jitter().toNanos();
        this.random = random;
    }

    @Override
    void begin(ChannelHandlerContext began) {
        ctx = began;
        sizes = began.channel().config().getMessageSizeEstimator().newHandle();
    }

    @Override
    void connecting(ChannelHandlerContext ctx, SocketAddress remote, ChannelPromise promise) {
        hold(delay());
    }

    private long delay() {
        return latencyNanos + (jitterNanos == 0 ? 0 : random.nextLong(jitterNanos + 1));
    }

    @Override
    public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
        if (ctx == null) {
            here.write(message, promise);
        } else {
            hold(message, promise, sizes.size(message));
        }
    }

    @Override
    public void flush(ChannelHandlerContext here) {
        if (ctx == null) {
            here.flush();
        } else if (held.isEmpty()) {
            here.flush();
        } else {
            hold(null, null, 0);
        }
    }

    @Override
    public void close(ChannelHandlerContext here, ChannelPromise promise) {
        if (ctx == null || held.isEmpty()) {
            super.close(here, promise);
        } else {
            hold(null, promise, 0);
        }
    }

    private void hold(Object message, ChannelPromise promise, int size) {
        // What is no message happens right behind the last one.
        long due = message == null ? lastDue : Math.max(lastDue, ctx.channel().eventLoop().ticker().nanoTime() + delay());
        lastDue = due;
        held.addLast(new Held(due, message, promise, size));
        bytes += size;
        if (bytes > HIGH) {
            writable(false);
        }
        if (bytes > MOST) {
            pass(Long.MIN_VALUE, MOST);
        }
        schedule();
    }

    private void schedule() {
        if (timer == null && !held.isEmpty()) {
            timer = ctx.channel().eventLoop().schedule(this::look, Math.max(0, held.getFirst().due - ctx.channel().eventLoop().ticker().nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        if (ctx == null) {
            return; // the fault ended on the way to another loop
        }
        if (!ctx.channel().eventLoop().inEventLoop()) {
            ctx.channel().eventLoop().execute(this::look);
            return;
        }
        timer = null;
        pass(ctx.channel().eventLoop().ticker().nanoTime(), Long.MAX_VALUE);
        schedule();
    }

    /** Sends on what is due, and more of it until no more than {@code most} bytes are held. What this sends on may write more: then that is held too. */
    private void pass(long now, long most) {
        if (passing) {
            return;
        }
        passing = true;
        try {
            boolean some = false;
            while (!held.isEmpty() && (held.getFirst().due <= now || bytes > most || some && held.getFirst().isFlush())) {
                pass(held.pollFirst());
                some = true;
            }
        } finally {
            passing = false;
        }
        if (bytes <= LOW) {
            writable(true);
        }
    }

    private void pass(Held next) {
        bytes -= next.size;
        if (next.message != null) {
            ctx.write(next.message, next.promise);
        } else if (next.promise != null) {
            ctx.close(next.promise);
        } else {
            ctx.flush();
        }
    }

    private void writable(boolean now) {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        if (unwritable == now && buffer != null) {
            unwritable = !now;
            buffer.setUserDefinedWritability(FLAG, now);
        }
    }

    @Override
    void release(ChannelHandlerContext here) {
        if (ctx == null) {
            return;
        }
        pass(Long.MAX_VALUE, Long.MAX_VALUE);
        writable(true);
        // Who hears by the flush that there is room again may write at once: nothing is held any more, or it would go with the handler.
        ctx = null;
        here.flush();
    }

    @Override
    void drop(Throwable why) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        for (Held next = held.pollFirst(); next != null; next = held.pollFirst()) {
            ReferenceCountUtil.release(next.message);
            if (next.promise != null && next.message == null) {
                next.promise.trySuccess(); // it wanted the connection closed, and it is
            } else if (next.promise != null && !next.promise.isVoid()) {
                next.promise.tryFailure(why);
            }
        }
        bytes = 0;
    }
}
