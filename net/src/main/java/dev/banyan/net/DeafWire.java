package dev.banyan.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.function.BiPredicate;

/**
 * A way on which bytes vanish. Writing succeeds, as it does with a socket whose packets are lost; nobody hears of anything. A connection that
 * has lost a byte is not used again: it is reset at the end. Owned by the connection's loop.
 */
final class DeafWire extends FaultyWire {
    private boolean lost;
    private boolean begun;

    DeafWire(BiPredicate<Channel, SocketAddress> concerns) {
        super(concerns);
    }

    @Override
    void begin(ChannelHandlerContext ctx) {
        begun = true;
    }

    @Override
    void connecting(ChannelHandlerContext ctx, SocketAddress remote, ChannelPromise promise) {
        hold(Long.MAX_VALUE);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!begun) {
            ctx.write(message, promise);
            return;
        }
        lost |= !(message instanceof ByteBuf bytes) || bytes.isReadable();
        ReferenceCountUtil.release(message);
        if (!promise.isVoid()) {
            promise.trySuccess();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (begun) {
            lost = true;
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    void release(ChannelHandlerContext ctx) {
        if (lost) {
            reset(ctx.channel());
        }
    }

    @Override
    void drop(Throwable why) {}
}
