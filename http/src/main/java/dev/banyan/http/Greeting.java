package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.net.Deadlines;
import dev.banyan.net.Wires;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * The beginning of a client's connection: sees from its first bytes what is spoken, puts the handler for it in its own place and leaves.
 * Owned by one IO loop.
 *
 * <p>First a PROXY protocol header where one is expected, then TLS on the listener for it, then HTTP/1.1 or the preface of HTTP/2 (with
 * TLS, what ALPN agreed on). Where edges stand before the door, the handler is one of the nearest edge's. What has begun must be over within {@code front-door.timeouts.head}.
 */
final class Greeting extends ChannelInboundHandlerAdapter implements Visitor {
    private enum Stage {
        PROXY_HEADER,
        CLIENT_HELLO,
        HANDSHAKE,
        FIRST_WORDS,
        /** What began cannot go on; the connection closes. */
        REFUSED
    }

    /** RFC 9113 section 3.4. */
    private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    /** The record type that a ClientHello comes in. */
    private static final byte TLS_HANDSHAKE = 0x16;
    /** A version 2 header may carry details of the proxy's; ours are never longer than this. */
    private static final int MOST_PROXY_DETAILS = 1024;

    private final Lane lane;
    private final boolean tls;
    private final Timer timer = new Timer();
    private Stage stage;
    private Channel channel;
    private Peer peer;
    private SocketAddress from;
    private ByteBuf pending;
    private Visitor successor;

    private Greeting(Lane lane, boolean tls, boolean proxied) {
        this.lane = lane;
        this.tls = tls;
        this.stage = proxied ? Stage.PROXY_HEADER : afterProxyHeader();
    }

    /** Meets a new connection, of the listener for TLS or the plain one. */
    static void meet(Channel channel, Lane lane, boolean tls) {
        boolean proxied = lane.settings().proxyProtocol;
        if (proxied) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(MOST_PROXY_DETAILS));
        }
        channel.pipeline().addLast(new Greeting(lane, tls, proxied));
    }

    private Stage afterProxyHeader() {
        return tls ? Stage.CLIENT_HELLO : Stage.FIRST_WORDS;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        lane.door.opened(this);
        from = channel.remoteAddress();
        peer = Peer.of(from, tls, lane.settings());
        // Browsers open connections ahead of need: what expects no header may be silent as long as between two requests.
        lane.endAt(timer, lane.now() + (stage == Stage.PROXY_HEADER ? lane.settings().headNanos : lane.settings().idleNanos));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws ClosedChannelException {
        if (stage == Stage.REFUSED) {
            ReferenceCountUtil.release(message); // a decoder before this may still find something in what is left, even a good header
            return;
        }
        if (message instanceof HAProxyMessage header) {
            readProxyHeader(header);
            return;
        }
        ByteBuf bytes = (ByteBuf) message;
        switch (stage) {
            case CLIENT_HELLO -> beginTls(ctx.pipeline(), bytes);
            case FIRST_WORDS -> readWords(ctx, bytes);
            case PROXY_HEADER, HANDSHAKE, REFUSED -> {
                bytes.release();
                throw new IllegalStateException("no bytes belong to " + stage);
            }
        }
    }

    private void readProxyHeader(HAProxyMessage header) {
        try {
            switch (header.command()) {
                case LOCAL -> { } // the proxy's own connection, as for a health check: the peer is the proxy
                case PROXY -> {
                    switch (header.proxiedProtocol().addressFamily()) {
                        case AF_IPv4, AF_IPv6 -> {
                            from = new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(header.sourceAddress()), header.sourcePort());
                            peer = Peer.of(from, tls, lane.settings());
                        }
                        case AF_UNIX, AF_UNSPEC -> { }
                    }
                }
            }
        } finally {
            header.release();
        }
        stage = afterProxyHeader();
    }

    private void beginTls(ChannelPipeline pipeline, ByteBuf bytes) throws ClosedChannelException {
        if (bytes.getByte(bytes.readerIndex()) != TLS_HANDSHAKE) {
            bytes.release();
            lane.door.arrivals().plainOnTls();
            refuse(LocalAnswer.PLAIN_ON_TLS);
            return;
        }
        SslHandler handler;
        try {
            handler = lane.door.tls().handler(channel.alloc());
        } catch (ClosedChannelException e) {
            bytes.release();
            throw e;
        }
        stage = Stage.HANDSHAKE;
        lane.forget(timer); // it has a timeout of its own
        lane.door.handshakes().begin();
        Wires.addFirst(pipeline, handler);
        pipeline.fireChannelRead(bytes);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken && stage == Stage.HANDSHAKE) {
            if (shaken.isSuccess()) {
                String protocol = ctx.pipeline().get(SslHandler.class).applicationProtocol();
                leaveTo(ctx, ApplicationProtocolNames.HTTP_2.equals(protocol), Unpooled.EMPTY_BUFFER);
            } else {
                lane.door.arrivals().failedHandshake();
                ctx.close();
            }
        }
    }

    private void readWords(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuf all = pending == null ? bytes : joined(bytes);
        pending = null;
        int there = Math.min(all.readableBytes(), PREFACE.length);
        for (int i = 0; i < there; i++) {
            if (all.getByte(all.readerIndex() + i) != PREFACE[i]) {
                leaveTo(ctx, false, all);
                return;
            }
        }
        if (there == PREFACE.length) {
            leaveTo(ctx, true, all);
        } else {
            pending = all;
            timer.begun();
        }
    }

    private ByteBuf joined(ByteBuf bytes) {
        ByteBuf all = channel.alloc().directBuffer(pending.readableBytes() + bytes.readableBytes());
        all.writeBytes(pending).writeBytes(bytes);
        pending.release();
        bytes.release();
        return all;
    }

    private void leaveTo(ChannelHandlerContext ctx, boolean http2, ByteBuf bytes) {
        lane.door.arrivals().speaks(http2);
        Lane there = lane.door.nearest(from, channel);
        if (!there.admits(channel, peer)) {
            lane.door.arrivals().oneTooMany();
            bytes.release();
            stage = Stage.REFUSED;
            ctx.close();
            return;
        }
        ChannelHandler next = http2 ? ClientStreams.of(there, peer) : new ClientConnection(there, peer);
        successor = (Visitor) next;
        ctx.pipeline().addLast(next);
        ctx.pipeline().remove(this);
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes); // goes to what follows this handler's former place
        }
    }

    /** Says in HTTP/1.1 what is wrong, and closes. */
    private void refuse(LocalAnswer answer) {
        stage = Stage.REFUSED;
        channel.writeAndFlush(Unpooled.wrappedBuffer(answer.message(true, false))).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (stage) {
            case PROXY_HEADER -> lane.door.arrivals().badProxyHeader();
            case HANDSHAKE, REFUSED -> { } // a handshake is counted with its end
            case CLIENT_HELLO, FIRST_WORDS -> lane.door.metrics().faulted(cause);
        }
        stage = stage == Stage.HANDSHAKE ? stage : Stage.REFUSED;
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        lane.forget(timer);
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (stage == Stage.HANDSHAKE) {
            lane.door.handshakes().end();
        }
        lane.door.closed(this);
    }

    @Override
    public void closeWhenIdle() {
        if (successor == null) {
            channel.close();
        } else {
            successor.closeWhenIdle(); // asked while this handler was at its post still; there may be a request by now
        }
    }

    @Override
    public void moveOn() {
        if (successor != null) {
            successor.moveOn();
        }
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
        private boolean begun;

        /** The first bytes are here; the others must follow in time. Later ones do not move the deadline. */
        void begun() {
            if (!begun) {
                begun = true;
                lane.endAt(this, lane.now() + lane.settings().headNanos);
            }
        }

        @Override
        protected void expired(long nowNanos) {
            if (begun && stage == Stage.FIRST_WORDS) {
                refuse(LocalAnswer.HEAD_TIMED_OUT);
            } else {
                lane.door.arrivals().silent(stage == Stage.PROXY_HEADER);
                stage = Stage.REFUSED; // a part of a header that is still there is not counted again
                channel.close();
            }
        }
    }
}
