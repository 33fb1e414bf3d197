package dev.banyan.http;

import dev.banyan.http.wire.Body;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;

/**
 * A connection to a server: carries one exchange at a time and rests in its pool between two. Owned by one IO loop.
 *
 * <p>It finds where answers begin and end in the bytes that come, and hands those bytes to the exchange's client as they are.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    private enum State {
        CONNECTING,
        AWAITING_HEAD,
        IN_BODY,
        UNUSED,
        TUNNEL,
        CLOSED
    }

    /** A server that owes an answer is looked at this often: when it has turned out sick, another may be asked. */
    private static final long LOOK_NANOS = 1_000_000_000;

    private final Lane lane;
    private final ServerPool pool;
    private final Body body = new Body();
    private final Timer timer = new Timer();
    private State state = State.CONNECTING;
    private Exchange exchange;
    private Channel channel;
    private ByteBuf partial;
    /** What is to be written when the channel takes more again, in one buffer however small its pieces were. */
    private ByteBuf unwritten;
    private boolean keepsAlive;
    /** What else comes may be the answer to nothing that was asked. */
    private boolean doubtful;
    private boolean requestSent;
    private boolean reused;
    private boolean broken;
    private long unusedSince;
    private long answerDue;

    ServerConnection(Lane lane, ServerPool pool, Exchange exchange) {
        this.lane = lane;
        this.pool = pool;
        this.exchange = exchange;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    void connectBy(long deadlineNanos) {
        lane.endAt(timer, deadlineNanos);
    }

    /** The attempt to connect has ended. */
    @Override
    public void operationComplete(ChannelFuture connected) {
        if (!lane.loop.inEventLoop()) {
            lane.loop.execute(() -> operationComplete(connected)); // no channel could be made at all, as without file descriptors
        } else if (!connected.isSuccess()) {
            fail(Failure.UNREACHABLE);
        } else if (exchange == null) {
            close();
        } else {
            send(lane.now());
        }
    }

    /** Carries the next exchange. */
    void carry(Exchange next, long now) {
        exchange = next;
        reused = true;
        next.connecting(this);
        send(now);
    }

    private void send(long now) {
        state = State.AWAITING_HEAD;
        keepsAlive = false;
        requestSent = false;
        lane.endAt(timer, Deadlines.NEVER);
        if (exchange.client().full()) {
            pause(); // it is asked, and heard when the client has taken what is here
        }
        exchange.connected(channel, now);
        if (state == State.AWAITING_HEAD && !requestSent && !channel.isWritable()) {
            lane.endAt(timer, now + exchange.bodyNanos());
        }
    }

    /** The whole request has been written; the answer is due. */
    void requestSent(long now) {
        requestSent = true;
        if (state == State.AWAITING_HEAD) {
            answerDue = now + exchange.responseNanos();
            awaitAnswer(now);
        }
    }

    private void awaitAnswer(long now) {
        lane.endAt(timer, Math.min(answerDue, now + LOOK_NANOS));
    }

    /** No byte of the answer has come for a while. */
    private void stillNoAnswer(long now) {
        boolean due = !requestSent || now - answerDue >= 0;
        if (due && requestSent && !channel.config().isAutoRead()) {
            exchange.clientStalled(); // the answer may be here
        } else if (due) {
            fail(Failure.TIMED_OUT);
        } else if (partial == null && exchange.leavesSick(now)) {
            Exchange moving = exchange;
            exchange = null;
            close();
            moving.askAnother(now);
        } else {
            awaitAnswer(now);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        switch (state) {
            case AWAITING_HEAD, IN_BODY -> {
                ByteBuf all = joined(bytes);
                try {
                    readAnswer(all);
                } finally {
                    all.release();
                }
            }
            case TUNNEL -> {
                lane.endAt(timer, lane.now() + exchange.tunnelNanos());
                exchange.client().tunnel(bytes);
                pauseWhileClientIsFull();
            }
            case UNUSED, CONNECTING, CLOSED -> {
                // Nobody asked: what this connection says cannot be trusted any more.
                bytes.release();
                close();
            }
        }
    }

    private ByteBuf joined(ByteBuf bytes) {
        if (partial == null) {
            return bytes;
        }
        ByteBuf all = partial.writeBytes(bytes);
        partial = null;
        bytes.release();
        return all;
    }

    private void readAnswer(ByteBuf bytes) {
        boolean more = true;
        while (more && state == State.AWAITING_HEAD && bytes.isReadable()) {
            more = readHead(bytes);
        }
        if (state == State.TUNNEL) {
            if (bytes.isReadable()) {
                exchange.client().tunnel(bytes.readRetainedSlice(bytes.readableBytes()));
            }
        } else if (state == State.IN_BODY && bytes.isReadable()) {
            readBody(bytes);
        }
    }

    /** Reads one head; true after an interim one, which another follows. */
    private boolean readHead(ByteBuf bytes) {
        DoorSettings settings = lane.settings();
        int from = bytes.readerIndex();
        int there = Math.min(bytes.readableBytes(), settings.headLimit);
        byte[] scratch = lane.scratch(there);
        bytes.getBytes(from, scratch, 0, there);
        ResponseHead head = lane.response;
        HeadVerdict verdict = head.read(scratch, 0, there, settings.fieldLimit);
        if (verdict == HeadVerdict.PARTIAL && there < settings.headLimit) {
            keepPartial(bytes);
            return false;
        }
        if (verdict != HeadVerdict.WHOLE) {
            fail(Failure.MALFORMED);
            return false;
        }
        bytes.skipBytes(head.end());
        if (head.status() == 101) {
            return openTunnel(head, bytes, from);
        }
        if (head.interim()) {
            exchange.interim(head, bytes, from, bytes.readerIndex());
            pauseWhileClientIsFull();
            return state == State.AWAITING_HEAD;
        }
        if (head.status() == 408 && reused && exchange.mayBeSentTwice()) {
            fail(Failure.STALE); // said to a connection that was unused for too long, not to this request (RFC 9110 section 15.5.9)
            return false;
        }
        return beginAnswer(head, bytes, from);
    }

    private void keepPartial(ByteBuf bytes) {
        partial = channel.alloc().directBuffer(Math.max(1024, bytes.readableBytes() * 2)).writeBytes(bytes);
    }

    private boolean openTunnel(ResponseHead head, ByteBuf bytes, int from) {
        if (!exchange.offersUpgrade()) {
            fail(Failure.MALFORMED);
            return false;
        }
        state = State.TUNNEL;
        long now = lane.now();
        lane.endAt(timer, now + exchange.tunnelNanos());
        exchange.tunnelOpened(head, bytes, from, bytes.readerIndex(), now);
        return false;
    }

    private boolean beginAnswer(ResponseHead head, ByteBuf bytes, int from) {
        long now = lane.now();
        keepsAlive = head.keepsAlive();
        doubtful = keepsAlive && exchange.leavesDoubt(head);
        startBody(head);
        state = State.IN_BODY;
        lane.endAt(timer, now + exchange.bodyNanos());
        int bodyFrom = bytes.readerIndex();
        exchange.answerBegins(head, now);
        ClientSide client = exchange.client();
        if (client.takesWire()) {
            int bodyTo = body.consume(bytes, bodyFrom, bytes.writerIndex(), null);
            bytes.readerIndex(bodyTo);
            client.answer(head, bytes, from, bodyFrom, bodyTo, body.endsWithConnection());
        } else {
            client.answer(head, bytes, from, bodyFrom, bodyFrom, body.endsWithConnection());
            bytes.readerIndex(body.consume(bytes, bodyFrom, bytes.writerIndex(), client));
        }
        afterBody(bytes, now);
        return false;
    }

    private void startBody(ResponseHead head) {
        if (exchange.isHead() || head.bodiless()) {
            body.none();
        } else if (head.chunked()) {
            body.chunked();
        } else if (head.contentLength() >= 0) {
            body.length(head.contentLength());
        } else {
            body.untilClose();
        }
    }

    private void readBody(ByteBuf bytes) {
        long now = lane.now();
        lane.endAt(timer, now + exchange.bodyNanos());
        ClientSide client = exchange.client();
        int from = bytes.readerIndex();
        boolean wire = client.takesWire();
        int to = body.consume(bytes, from, bytes.writerIndex(), wire ? null : client);
        bytes.readerIndex(to);
        if (wire && to > from) {
            client.wire(bytes, from, to);
        }
        afterBody(bytes, now);
    }

    private void afterBody(ByteBuf bytes, long now) {
        if (exchange == null) {
            return; // the client went away while it was written to
        }
        if (body.broken()) {
            fail(Failure.CUT);
        } else if (body.done()) {
            endAnswer(!bytes.isReadable(), now);
        } else {
            pauseWhileClientIsFull();
        }
    }

    private void endAnswer(boolean nothingMore, long now) {
        Exchange ended = exchange;
        exchange = null;
        // Bytes past the end belong to no answer, and a request that is still being sent cannot be taken back.
        boolean requestTaken = requestSent && unwritten == null;
        if (keepsAlive && !doubtful && requestTaken && nothingMore && !broken && channel.isActive()) {
            pool.giveBack(this, now);
        } else {
            if (doubtful) {
                reset();
            }
            close();
        }
        ended.answered(body.payload(), now);
    }

    /** Its end leaves no port of ours waiting a minute for what may still come (TIME_WAIT): clients decide how often this happens. The answer has been read. */
    private void reset() {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    private void pauseWhileClientIsFull() {
        if (exchange != null && !exchange.client().writable()) {
            channel.config().setAutoRead(false);
        }
    }

    /** Nothing is read until {@link #resume}: the client has enough to take. */
    void pause() {
        channel.config().setAutoRead(false);
    }

    /** The client takes more again: the server has its time to go on from now. */
    void resume() {
        if (state == State.IN_BODY) {
            lane.endAt(timer, lane.now() + exchange.bodyNanos());
        } else if (state == State.AWAITING_HEAD && requestSent && !channel.config().isAutoRead()) {
            requestSent(lane.now());
        }
        channel.config().setAutoRead(true);
    }

    /** More of the request, or of the client's side of a tunnel; takes the buffer. False when the client should wait with more. */
    boolean write(ByteBuf bytes) {
        if (unwritten != null || !channel.isWritable()) {
            unwritten = unwritten == null ? channel.alloc().directBuffer(bytes.readableBytes()) : unwritten;
            unwritten.writeBytes(bytes);
            bytes.release();
            return false; // and the deadline stays: what a client adds must not give a server that takes nothing more time
        }
        channel.write(bytes, channel.voidPromise());
        boolean takesMore = channel.isWritable();
        if (!takesMore && state == State.AWAITING_HEAD) {
            lane.endAt(timer, lane.now() + exchange.bodyNanos());
        }
        return takesMore;
    }

    /** The bytes of the answer's content so far. */
    long payload() {
        return body.payload();
    }

    void flush() {
        channel.flush();
    }

    /** The client's side of a tunnel said something. */
    void tunnelUsed(long now) {
        lane.endAt(timer, now + exchange.tunnelNanos());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.client().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (unwritten != null && channel.isWritable()) {
            ByteBuf next = unwritten;
            unwritten = null;
            channel.writeAndFlush(next, channel.voidPromise());
        }
        if (exchange == null) {
            return;
        }
        boolean takesMore = channel.isWritable();
        if (takesMore && state == State.AWAITING_HEAD && !requestSent) {
            lane.endAt(timer, Deadlines.NEVER); // from now on it is the client who is waited for
        }
        exchange.client().reading(takesMore);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state == State.IN_BODY && body.endsWithConnection() && !broken) {
            Exchange ended = exchange;
            close();
            ended.answered(body.payload(), lane.now());
            return;
        }
        fail(switch (state) {
            case CONNECTING -> Failure.UNREACHABLE;
            case AWAITING_HEAD -> partial != null ? Failure.MALFORMED : reused ? Failure.STALE : Failure.NO_ANSWER;
            case IN_BODY, TUNNEL, UNUSED, CLOSED -> Failure.CUT;
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken = true; // a reset is no answer's proper end; channelInactive says what it means
        // A failed read has closed the channel already; after a failed write an answer may be here to be read, then comes the end.
        if (!(cause instanceof IOException)) {
            lane.door.metrics().faulted(cause);
            ctx.close();
        }
    }

    /** Ends the connection and whatever it carries. */
    private void fail(Failure failure) {
        Exchange failed = exchange;
        State before = state;
        long now = lane.now();
        exchange = null;
        close();
        if (failed == null) {
            return;
        }
        if (before == State.TUNNEL) {
            failed.tunnelClosed(now);
        } else {
            failed.failed(failure, body.payload(), now);
        }
    }

    /** Closes without a word to the exchange, which has ended or is about to. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        State before = state;
        state = State.CLOSED;
        exchange = null;
        lane.forget(timer);
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (unwritten != null) {
            unwritten.release();
            unwritten = null;
        }
        if (before == State.UNUSED) {
            pool.closed(this);
        }
        if (channel != null) {
            channel.close();
        }
    }

    /** Rests in the pool. */
    void restUntil(long now, long deadlineNanos) {
        state = State.UNUSED;
        unusedSince = now;
        if (!channel.config().isAutoRead()) {
            resume();
        }
        lane.endAt(timer, deadlineNanos);
    }

    long unusedSince() {
        return unusedSince;
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            switch (state) {
                case CONNECTING -> fail(Failure.UNREACHABLE);
                case AWAITING_HEAD -> stillNoAnswer(nowNanos);
                case IN_BODY -> {
                    if (channel.config().isAutoRead()) {
                        fail(Failure.CUT);
                    } else {
                        exchange.clientStalled(); // it is the client who takes nothing: no fault of the server's
                    }
                }
                case TUNNEL -> fail(Failure.CUT);
                case UNUSED, CLOSED -> close();
            }
        }
    }
}
