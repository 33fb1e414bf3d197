package dev.banyan.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.function.BiPredicate;

/** A way that is cut: the connection is reset as soon as it is there, and connecting is refused. Owned by the connection's loop. */
final class CutWire extends FaultyWire {
    CutWire(BiPredicate<Channel, SocketAddress> concerns) {
        super(concerns);
    }

    /** Once whoever is told of it now has heard. */
    @Override
    void begin(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        channel.eventLoop().execute(() -> reset(channel));
    }

    @Override
    void connecting(ChannelHandlerContext ctx, SocketAddress remote, ChannelPromise promise) {
        refuse(new ConnectException("Connection refused: " + remote));
    }

    @Override
    void release(ChannelHandlerContext ctx) {}

    @Override
    void drop(Throwable why) {}
}
