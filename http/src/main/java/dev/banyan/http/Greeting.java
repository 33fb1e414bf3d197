package dev.banyan.http;

import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The beginning of a client's connection: sees from its first bytes what is spoken, puts the handler for it in its own place and leaves.
 * Owned by one IO loop.
 */
final class Greeting extends ChannelInboundHandlerAdapter implements Visitor {
    private final Lane lane;
    private final Timer timer = new Timer();
    private Channel channel;

    private Greeting(Lane lane) {
        this.lane = lane;
    }

    /** Meets a new connection. */
    static void meet(Channel channel, Lane lane) {
        channel.pipeline().addLast(new Greeting(lane));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        lane.door.opened(this);
        lane.endAt(timer, lane.now() + lane.settings().idleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        leaveTo(ctx, new ClientConnection(lane, Peer.of(channel.remoteAddress(), false, lane.settings())), (ByteBuf) message);
    }

    private void leaveTo(ChannelHandlerContext ctx, ClientConnection next, ByteBuf bytes) {
        ctx.pipeline().addLast(next);
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        lane.forget(timer);
        lane.door.closed(this);
    }

    @Override
    public void closeWhenIdle() {
        channel.close();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void onLoop(Runnable task) {
        lane.loop.execute(task);
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            channel.close();
        }
    }
}
