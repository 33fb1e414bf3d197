package dev.banyan.http;

import dev.banyan.http.wire.Body;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * A client's HTTP/1.1 connection: one request after the other, each handed to its {@link Transaction}. Owned by one IO loop.
 *
 * <p>What a client has sent beyond the request that is being answered waits here, and nothing more is read meanwhile.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSide, Visitor {
    private enum State {
        /** Between requests, or in a request's head. */
        HEAD,
        /** The request's body is passing. */
        BODY,
        /** The request has been read; its answer is not over. */
        ANSWER,
        TUNNEL,
        /** The last answer is on its way out; what still comes in is thrown away. */
        LINGERING,
        CLOSED
    }

    /** A body's beginning, or an answer's, up to this size travels in one buffer with its head. */
    private static final int INLINE = 8 * 1024;
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Lane lane;
    private final Peer peer;
    private final Transaction transaction;
    private final Body body = new Body();
    private final Timer timer = new Timer();
    private State state = State.HEAD;
    private Channel channel;
    private ByteBuf pending;
    private boolean processing;
    private boolean unsent;
    private boolean last;
    private boolean old;
    private boolean movingOn;
    private boolean endsByClosing;

    ClientConnection(Lane lane, Peer peer) {
        this.lane = lane;
        this.peer = peer;
        this.transaction = new Transaction(lane, this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        lane.door.opened(this);
        lane.endAt(timer, lane.now() + lane.settings().idleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        switch (state) {
            case HEAD, BODY, ANSWER -> {
                append(bytes);
                process();
            }
            case TUNNEL -> transaction.tunnelled(bytes);
            case LINGERING, CLOSED -> bytes.release();
        }
    }

    private void append(ByteBuf bytes) {
        if (pending == null) {
            pending = bytes;
            return;
        }
        ByteBuf joined = channel.alloc().directBuffer(pending.readableBytes() + Math.max(1024, 2 * bytes.readableBytes()));
        joined.writeBytes(pending).writeBytes(bytes);
        pending.release();
        bytes.release();
        pending = joined;
    }

    /** Reads on in what has come, as far as the state allows. */
    private void process() {
        if (processing) {
            return; // further down the stack this loop is running already, and goes on
        }
        processing = true;
        boolean more = true;
        while (more && pending != null && pending.isReadable()) {
            more = switch (state) {
                case HEAD -> readHead();
                case BODY -> readBody();
                case TUNNEL -> openTunnelWithRest();
                case ANSWER -> {
                    channel.config().setAutoRead(false);
                    yield false;
                }
                case LINGERING, CLOSED -> false;
            };
        }
        processing = false;
        if (pending != null && !pending.isReadable()) {
            dropPending();
        }
        if (unsent) {
            unsent = false;
            transaction.bodyFlush();
        }
    }

    private boolean readHead() {
        if (!channel.isWritable()) {
            // It asks and does not read: it gets no more until it does.
            channel.config().setAutoRead(false);
            return false;
        }
        DoorSettings settings = lane.settings();
        int there = Math.min(pending.readableBytes(), settings.headLimit);
        if (there < settings.headLimit && !timer.lineEnded(pending, there)) {
            return false;
        }
        byte[] scratch = lane.scratch(there);
        pending.getBytes(pending.readerIndex(), scratch, 0, there);
        RequestHead head = lane.request;
        HeadVerdict verdict = head.read(scratch, 0, there, settings.fieldLimit);
        if (verdict == HeadVerdict.PARTIAL && there == settings.headLimit) {
            verdict = HeadVerdict.TOO_LARGE;
        }
        if (verdict == HeadVerdict.PARTIAL) {
            timer.headBegan(settings, there);
            return false;
        }
        if (verdict == HeadVerdict.WHOLE && head.contentLength() > settings.bodyLimit) {
            verdict = HeadVerdict.BODY_TOO_LARGE;
        }
        if (verdict.fault()) {
            reject(LocalAnswer.of(verdict));
            return false;
        }
        pending.skipBytes(head.end());
        return begin(head);
    }

    private boolean begin(RequestHead head) {
        long now = lane.now();
        timer.requestBegan();
        old = head.minorVersion() == 0;
        last = head.lastOfConnection();
        startBody(head);
        int from = pending.readerIndex();
        int to = from + inlined();
        if (to > from) {
            to = body.consume(pending, from, pending.writerIndex(), null);
            pending.readerIndex(to);
        }
        if (body.broken() || body.payload() > lane.settings().bodyLimit) {
            reject(body.broken() ? LocalAnswer.BAD_BODY : LocalAnswer.BODY_TOO_LARGE);
            return false;
        }
        state = body.done() ? State.ANSWER : State.BODY;
        if (state == State.BODY) {
            lane.endAt(timer, now + lane.settings().bodyNanos);
        }
        transaction.begin(head, peer, pending, from, to, body.done(), now);
        return true;
    }

    private void startBody(RequestHead head) {
        if (head.chunked()) {
            body.chunked();
        } else {
            body.length(Math.max(0, head.contentLength()));
        }
    }

    /** How many of the bytes that are there go out with the head. */
    private int inlined() {
        int there = pending.readableBytes();
        return body.done() || there > INLINE ? 0 : there;
    }

    private boolean readBody() {
        int from = pending.readerIndex();
        int to = body.consume(pending, from, pending.writerIndex(), null);
        if (body.broken() || body.payload() > lane.settings().bodyLimit) {
            refuse(body.broken() ? LocalAnswer.BAD_BODY : LocalAnswer.BODY_TOO_LARGE);
            return false;
        }
        long now = lane.now();
        if (body.done()) {
            state = State.ANSWER;
            lane.endAt(timer, Deadlines.NEVER);
        } else {
            lane.endAt(timer, now + lane.settings().bodyNanos);
        }
        unsent = true;
        transaction.body(pending.readRetainedSlice(to - from), body.done());
        return true;
    }

    private boolean openTunnelWithRest() {
        transaction.tunnelled(pending.readRetainedSlice(pending.readableBytes()));
        transaction.tunnelFlush();
        return false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.TUNNEL) {
            transaction.tunnelFlush();
        }
    }

    @Override
    public boolean takesWire() {
        return !old;
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        if (!old) {
            channel.writeAndFlush(wire.retainedSlice(from, to - from), channel.voidPromise());
        }
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        boolean tunnel = head.status() == 101;
        last |= untilClose || !body.done() || lane.door.closing() || movingOn;
        endsByClosing = untilClose || old && head.chunked();
        FieldEdits edits = transaction.edits();
        if (head.minorVersion() == 1 && !head.hasHopByHop() && !last && edits.isEmpty()) {
            write(wire.retainedSlice(from, bodyTo - from));
        } else {
            lane.responseWriter.write(head, last, old, edits);
            writeRewritten(wire, bodyFrom, bodyTo);
        }
        if (tunnel) {
            state = State.TUNNEL;
            lane.forget(timer);
            channel.config().setAutoRead(true);
            process();
        }
    }

    @Override
    public boolean sends(ByteBuf message) {
        boolean asItIs = !old && !last && !movingOn && body.done() && !lane.door.closing() && transaction.edits().isEmpty();
        if (asItIs) {
            endsByClosing = false;
            write(message.retain());
        }
        return asItIs;
    }

    private void writeRewritten(ByteBuf wire, int bodyFrom, int bodyTo) {
        int length = bodyTo - bodyFrom;
        boolean together = length <= INLINE;
        ByteBuf out = channel.alloc().directBuffer(lane.headBuffer.length() + (together ? length : 0));
        lane.headBuffer.writeTo(out);
        if (together) {
            write(out.writeBytes(wire, bodyFrom, length));
        } else {
            write(out);
            write(wire.retainedSlice(bodyFrom, length));
        }
    }

    private void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        write(wire.retainedSlice(from, to - from));
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        write(wire.retainedSlice(index, length));
    }

    @Override
    public void answered(long now) {
        if (last) {
            lingerAfterFlush();
        } else {
            channel.flush();
            next(now);
        }
    }

    @Override
    public void answer(LocalAnswer answer) {
        last |= !body.done() || lane.door.closing() || movingOn;
        write(Unpooled.wrappedBuffer(answer.message(last, transaction.isHead())));
        answered(lane.now());
    }

    /** Ready for the next request, which may be here already. */
    private void next(long now) {
        state = State.HEAD;
        lane.endAt(timer, now + lane.settings().idleNanos);
        channel.config().setAutoRead(true);
        process();
    }

    /** Refuses what is no request. */
    private void reject(LocalAnswer answer) {
        transaction.rejected(answer, peer, lane.now());
        write(Unpooled.wrappedBuffer(answer.message(true, false)));
        lingerAfterFlush();
    }

    /** Refuses a request that has begun. */
    private void refuse(LocalAnswer answer) {
        if (transaction.refuseClient(answer)) {
            write(Unpooled.wrappedBuffer(answer.message(true, transaction.isHead())));
            lingerAfterFlush();
        } else {
            channel.close();
        }
    }

    /**
     * Ends the connection so that the client gets the answer: closing at once with unread bytes would reset it, and the client's system
     * could throw the answer away (RFC 9112 section 9.6).
     */
    private void lingerAfterFlush() {
        boolean unread = !body.done() || pending != null && pending.isReadable() || state == State.HEAD;
        if (!unread || !(channel instanceof DuplexChannel duplex)) {
            closeAfterFlush();
            return;
        }
        state = State.LINGERING;
        dropPending();
        lane.endAt(timer, lane.now() + lane.settings().bodyNanos);
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(duplex));
    }

    private void endOutput(DuplexChannel duplex) {
        if (state == State.LINGERING) {
            lane.endAt(timer, lane.now() + LINGER_NANOS);
        }
        SslHandler tls = peer.secure() ? channel.pipeline().get(SslHandler.class) : null;
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> duplex.shutdownOutput()); // without its farewell the answer would look cut
        }
    }

    @Override
    public void cut() {
        // A length not reached or a last chunk not sent: the client sees that this is not the end. Else only a reset can tell it so.
        if (endsByClosing && channel instanceof SocketChannel) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ChannelHandlerContext tls = endsByClosing ? channel.pipeline().context(SslHandler.class) : null;
        if (tls == null) {
            closeAfterFlush();
        } else {
            afterFlush(_ -> tls.close()); // below TLS: its farewell would say that the answer was whole
        }
    }

    private void closeAfterFlush() {
        afterFlush(ChannelFutureListener.CLOSE);
    }

    private void afterFlush(ChannelFutureListener end) {
        state = State.LINGERING;
        dropPending();
        lane.endAt(timer, lane.now() + lane.settings().bodyNanos);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(end);
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        write(bytes);
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
        if (state == State.BODY && on) {
            lane.endAt(timer, lane.now() + lane.settings().bodyNanos); // what it was made to wait does not count
        }
        if (state == State.BODY || state == State.TUNNEL) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = channel.isWritable();
        lane.unread.holds(this, writable ? 0 : channel.bytesBeforeWritable() + channel.config().getWriteBufferLowWaterMark());
        if (!writable) {
            return;
        }
        if (state == State.HEAD) {
            channel.config().setAutoRead(true);
            process();
        } else {
            transaction.clientWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        lane.forget(timer);
        lane.unread.gone(this);
        dropPending();
        transaction.clientGone();
        lane.door.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lane.door.metrics().faulted(cause);
        ctx.close();
    }

    /** Ends the connection unless an exchange is on it, which is then its last. */
    @Override
    public void closeWhenIdle() {
        if (state == State.HEAD) {
            closeAfterFlush(); // the last answer may still be on its way out
        } else {
            last = true;
        }
    }

    @Override
    public void moveOn() {
        movingOn = true;
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void onLoop(Runnable task) {
        lane.loop.execute(task);
    }

    private void dropPending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    private final class Timer extends Deadlines.Entry {
        private boolean inHead;
        private int seen;

        /**
         * Whether there is anything to read in a head: its beginning, or another line's end. A client that sends a byte at a time must not
         * have the whole head read again for each.
         */
        boolean lineEnded(ByteBuf head, int length) {
            int from = head.readerIndex();
            boolean ended = !inHead || head.indexOf(from + Math.min(seen, length), from + length, Grammar.LF) >= 0;
            seen = length;
            return ended;
        }

        /** The first bytes of a head are here; the others must follow in time. Later ones do not move the deadline. */
        void headBegan(DoorSettings settings, int length) {
            seen = length;
            if (!inHead) {
                inHead = true;
                lane.endAt(this, lane.now() + settings.headNanos);
            }
        }

        void requestBegan() {
            inHead = false;
            lane.endAt(this, Deadlines.NEVER);
        }

        @Override
        protected void expired(long nowNanos) {
            switch (state) {
                case HEAD -> {
                    if (inHead) {
                        reject(LocalAnswer.HEAD_TIMED_OUT);
                    } else {
                        channel.close();
                    }
                }
                case BODY -> {
                    if (channel.config().isAutoRead()) {
                        refuse(LocalAnswer.BODY_TIMED_OUT);
                    } else {
                        lane.endAt(this, nowNanos + lane.settings().bodyNanos); // it is us who let it wait
                    }
                }
                case ANSWER, TUNNEL, LINGERING, CLOSED -> channel.close();
            }
        }
    }
}
