package dev.banyan.drill;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One keep-alive connection with at most one request on it. Owned by one IO loop. */
final class Connection extends ChannelInboundHandlerAdapter {
    private final Lane lane;
    private final Arrived arrived = new Arrived();
    private Channel channel;
    private Exchange current;
    private Answering answering;
    private Future<?> deadline;
    private boolean used;
    private long idleSince;

    Connection(Lane lane) {
        this.lane = lane;
    }

    /** Stands before the decoder and sees whether any byte of an answer came. */
    Arrived arrived() {
        return arrived;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    long idleSince() {
        return idleSince;
    }

    boolean open() {
        return channel.isActive();
    }

    void close() {
        channel.close();
    }

    void send(Exchange exchange, long now) {
        current = exchange;
        arrived.any = false;
        exchange.started(now);
        exchange.written(now);
        deadline = channel.eventLoop().schedule(this::expired, lane.timeoutNanos(), TimeUnit.NANOSECONDS);
        byte[] wire = exchange.request.wire();
        channel.writeAndFlush(channel.alloc().ioBuffer(wire.length).writeBytes(wire)).addListener(this::written);
    }

    private void written(Future<? super Void> write) {
        if (!write.isSuccess()) {
            lost(Failure.Kind.RESET);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            read(message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(Object message) {
        if (message instanceof HttpResponse head) {
            begin(head);
        }
        if (message instanceof HttpContent content && answering != null) {
            if (content.decoderResult().isFailure()) {
                fail(Failure.Kind.NOT_HTTP);
                return;
            }
            answering.add(content.content());
            if (content instanceof LastHttpContent) {
                whole();
            }
        }
    }

    private void begin(HttpResponse head) {
        if (current == null) {
            lane.unsolicited();
            channel.close();
        } else if (head.decoderResult().isFailure()) {
            fail(head.decoderResult().cause() instanceof PrematureChannelClosureException ? Failure.Kind.HALF_ANSWER : Failure.Kind.NOT_HTTP);
        } else {
            answering = new Answering(head, current.request.body());
        }
    }

    private void whole() {
        Answering answer = answering;
        answering = null;
        if (answer.head().status().code() < 200) {
            return;
        }
        Exchange exchange = release();
        used = true;
        idleSince = lane.now();
        if (!HttpUtil.isKeepAlive(answer.head())) {
            channel.close();
        }
        exchange.answered(answer.whole(), idleSince);
    }

    /** Only now is it free again: what else lay in the same read would otherwise count as the next request's answer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (used && current == null && channel.isActive()) {
            lane.free(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost(arrived.any ? Failure.Kind.HALF_ANSWER : Failure.Kind.CLOSED_BEFORE_ANSWER);
        lane.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            lost(Failure.Kind.RESET);
        } else {
            fail(Failure.Kind.NOT_HTTP);
        }
        channel.close();
    }

    private void expired() {
        fail(Failure.Kind.TIMEOUT);
    }

    /** The peer went away; a request on a connection that had served before, without a byte of its answer, may go out once more. */
    private void lost(Failure.Kind why) {
        if (current == null) {
            return;
        }
        if (used && !arrived.any && current.retry()) {
            channel.close();
            lane.again(release());
        } else {
            fail(why);
        }
    }

    private void fail(Failure.Kind why) {
        if (current != null) {
            Exchange exchange = release();
            channel.close();
            exchange.failed(why, lane.now());
        }
    }

    private Exchange release() {
        Exchange exchange = current;
        current = null;
        answering = null;
        deadline.cancel(false);
        return exchange;
    }

    /** Notes that bytes came, before anything tries to understand them. */
    static final class Arrived extends ChannelInboundHandlerAdapter {
        private boolean any;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            any |= message instanceof ByteBuf bytes && bytes.isReadable();
            ctx.fireChannelRead(message);
        }
    }
}
