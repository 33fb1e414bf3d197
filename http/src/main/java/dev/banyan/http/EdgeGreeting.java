package dev.banyan.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The beginning of an edge's connection to the front door: what does not show the {@link EdgePass} first is closed. Owned by one IO loop.
 */
final class EdgeGreeting extends ChannelInboundHandlerAdapter implements Visitor {
    private static final int MOST_PROXY_DETAILS = 1024;

    private final Lane lane;
    private final EdgePass pass;
    private final boolean secure;
    private Channel channel;
    private boolean over;

    private EdgeGreeting(Lane lane, EdgePass pass, boolean secure) {
        this.lane = lane;
        this.pass = pass;
        this.secure = secure;
    }

    /** Meets a new connection; with TLS its handler stands in the pipeline already. */
    static void meet(Channel channel, Lane lane, EdgePass pass, boolean secure) {
        EdgeGreeting greeting = new EdgeGreeting(lane, pass, secure);
        channel.pipeline().addLast(new HAProxyMessageDecoder(MOST_PROXY_DETAILS)).addLast(greeting);
        channel.eventLoop().schedule(greeting::late, lane.settings().headNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        lane.door.opened(this);
    }

    /** It has been followed by its connection's handler, or the connection has ended. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        lane.door.closed(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message);
            return;
        }
        over = true;
        boolean known = pass.isIn(header);
        header.release();
        if (!known) {
            lane.door.arrivals().strangeEdge();
            ctx.close();
            return;
        }
        lane.door.arrivals().edge();
        ctx.pipeline().addLast(new ClientConnection(lane, Peer.edge(ctx.channel().remoteAddress(), secure)));
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!over) {
            over = true;
            lane.door.arrivals().strangeEdge();
        }
        ctx.close();
    }

    @Override
    public void closeWhenIdle() {
        close();
    }

    @Override
    public void moveOn() {
        // it has not been asked anything
    }

    @Override
    public void close() {
        over = true;
        channel.close();
    }

    @Override
    public void onLoop(Runnable task) {
        lane.loop.execute(task);
    }

    private void late() {
        if (!over) {
            over = true;
            lane.door.arrivals().strangeEdge();
            channel.close();
        }
    }
}
