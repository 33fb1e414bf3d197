package dev.banyan.http;

import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client's HTTP/2 connection: frames in and out, and for each stream a {@link ClientStream} that carries its exchange. Owned by one IO
 * loop.
 *
 * <p>Frames are handled as they are decoded, without a channel for each stream. What many streams write in one turn of the loop goes out
 * together.
 */
final class ClientStreams extends Http2ConnectionHandler implements Visitor {
    static final int MOST_STREAMS = 128;
    /** What a client may send of one request's body before a server has taken it. */
    static final int STREAM_WINDOW = 256 * 1024;
    /** The same for all of a connection's requests together: the most that it makes the front door hold. */
    static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int INITIAL_CONNECTION_WINDOW = 65_535;
    /** With so many bytes in the channel nothing more is read from the client. */
    private static final int MOST_UNSENT = 256 * 1024;
    /** With so many bytes of answers here, whatever they wait for, a new stream is refused. */
    static final int MOST_OWED = 2 * Backlog.FULL;
    /** How long a client may take to hear that it shall open no more streams (RFC 9113 section 6.8). */
    private static final long LAST_STREAMS_NANOS = 2_000_000_000;
    private static final int MOST_KEPT = 32;
    /** Streams that clients take back: 200 in 30 s (CVE-2023-44487), and those they make us take back (CVE-2025-8671). */
    private static final int MOST_RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MOST_EMPTY_DATA = 2;
    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private final Lane lane;
    private final Peer peer;
    private final Http2Connection.PropertyKey key;
    private final ArrayDeque<ClientStream> unused = new ArrayDeque<>();
    private final List<ClientStream> unsent = new ArrayList<>();
    private final StreamFates fates = new StreamFates();
    private final FrameFlood controlFrames = new FrameFlood(FrameFlood.MOST_CONTROL_FRAMES);
    private final FrameFlood streamErrors = new FrameFlood(FrameFlood.MOST_STREAM_ERRORS);
    private final Timer timer = new Timer();
    private final StallTimer stallTimer = new StallTimer();
    private final Backlog backlog;
    private ChannelHandlerContext context;
    private boolean flushing;
    private boolean movingOn;

    private ClientStreams(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Lane lane, Peer peer) {
        super(decoder, encoder, settings);
        this.lane = lane;
        this.peer = peer;
        this.backlog = new Backlog(lane.unread, this);
        this.key = connection().newKey();
        decoder.frameListener(new Frames());
        connection().addListener(new Streams());
        encoder.flowController().listener(this::writabilityChanged);
    }

    static ClientStreams of(Lane lane, Peer peer) {
        return new Builder(lane, peer).build();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        lane.door.opened(this);
        lane.endAt(timer, lane.now() + lane.settings().idleNanos);
        super.handlerAdded(ctx);
        connection().local().flowController().incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - INITIAL_CONNECTION_WINDOW);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        for (int i = 0; i < unsent.size(); i++) {
            unsent.get(i).bodyFlush();
        }
        unsent.clear();
        super.channelReadComplete(ctx);
        if (unsentBytes() > MOST_UNSENT) {
            ctx.channel().config().setAutoRead(false); // it asks and does not read: it gets no more until it does
        }
    }

    /** Bytes that the channel holds beyond what is usual; heads and control frames are among them. */
    private long unsentBytes() {
        return context.channel().isWritable() ? 0 : context.channel().bytesBeforeWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        if (ctx.channel().isWritable()) {
            lane.forget(stallTimer);
            ctx.channel().config().setAutoRead(true);
        } else {
            lane.endAt(stallTimer, lane.now() + lane.settings().bodyNanos);
        }
        super.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        lane.forget(timer);
        lane.forget(stallTimer);
        backlog.end();
        lane.door.closed(this);
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof Http2Exception) {
            super.exceptionCaught(ctx, cause);
            return;
        }
        lane.door.metrics().faulted(cause);
        ctx.close();
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception known) {
        if (known == null && !(cause instanceof IOException)) {
            lane.door.metrics().bug(cause);
        }
        super.onConnectionError(ctx, outbound, cause, known);
    }

    /** Makes of an error what it is by what this connection has seen, where the codec could not know. */
    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        Http2Stream stream = connection().stream(error.streamId());
        if (outbound) {
            super.onStreamError(ctx, true, cause, error);
        } else if (stream == null && error.error() == Http2Error.STREAM_CLOSED && fates.of(error.streamId()) == StreamFates.Fate.RESET_HERE) {
            return; // it was on its way when the client had not heard of the reset yet (RFC 9113 section 5.1)
        } else if (streamErrors.seen(lane.now())) {
            onError(ctx, false, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "more than %d stream errors in 10 s", FrameFlood.MOST_STREAM_ERRORS));
        } else if (error.error() == Http2Error.PROTOCOL_ERROR && stream != null && stream.getProperty(key) instanceof ClientStream open && open.requestEnded()) {
            reset(stream, Http2Error.STREAM_CLOSED); // what came is wrong, but first of all it came after the request's end
        } else if (stream == null && error.error() == Http2Error.STREAM_CLOSED) {
            switch (fates.of(error.streamId())) {
                case PASSED_OVER -> onError(ctx, false, Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "stream %d opened after a later one", error.streamId()));
                case ENDED -> onError(ctx, false, Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "a frame came for stream %d, which had ended", error.streamId()));
                case RESET, RESET_HERE -> super.onStreamError(ctx, false, cause, error);
            }
        } else {
            super.onStreamError(ctx, false, cause, error);
        }
    }

    private void writabilityChanged(Http2Stream stream) {
        ClientStream open = stream.getProperty(key);
        if (open != null && writable(stream)) {
            open.writableAgain();
        }
    }

    void headers(Http2Stream stream, Http2Headers headers, boolean end) {
        encoder().writeHeaders(context, stream.id(), headers, 0, end, context.newPromise());
    }

    /** Takes the buffer. */
    ChannelFuture data(Http2Stream stream, ByteBuf content, boolean end) {
        int bytes = content.readableBytes();
        boolean waits = bytes > 0 && bytes < RequestBytes.SMALL && !writable(stream);
        ChannelFuture written = encoder().writeData(context, stream.id(), waits ? copyOf(content) : content, 0, end, context.newPromise());
        if (bytes > 0) {
            written.addListener(_ -> taken(bytes));
            if (backlog.add(bytes)) {
                forEach(ClientStream::connectionFull);
            }
        }
        return written;
    }

    /** A small piece that has to wait must not hold fast the whole buffer that it was read into. */
    private ByteBuf copyOf(ByteBuf content) {
        ByteBuf copy = alloc().directBuffer(content.readableBytes()).writeBytes(content);
        content.release();
        return copy;
    }

    private void taken(int bytes) {
        if (backlog.remove(bytes)) {
            lane.loop.execute(() -> forEach(ClientStream::writableAgain)); // the codec is in the midst of its writing
        }
    }

    private void forEach(Consumer<ClientStream> what) {
        List<ClientStream> open = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                if (stream.getProperty(key) instanceof ClientStream one) {
                    open.add(one);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // nothing in there throws it
        }
        open.forEach(what);
    }

    void reset(Http2Stream stream, Http2Error error) {
        resetStream(context, stream.id(), error.code(), context.newPromise());
        flushSoon();
    }

    /** A server has taken bytes of a body: the client may send as many more. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context, true, e);
        }
    }

    boolean writable(Http2Stream stream) {
        return !backlog.full() && encoder().flowController().isWritable(stream);
    }

    boolean full() {
        return backlog.full();
    }

    /** The client does not take the end of an answer: it is told so, and when it does not take that either it loses the connection. */
    void giveUp(Http2Stream stream) {
        if (stream.isResetSent()) {
            close();
        } else {
            reset(stream, Http2Error.CANCEL);
        }
    }

    /** Sends what was written, at the end of the loop's turn. */
    void flushSoon() {
        if (!flushing) {
            flushing = true;
            lane.loop.execute(() -> {
                flushing = false;
                flush(context);
            });
        }
    }

    /** Has the body's pieces of this turn sent on when all have been read. */
    void sendOn(ClientStream stream) {
        unsent.add(stream);
    }

    Peer peer() {
        return peer;
    }

    ByteBufAllocator alloc() {
        return context.alloc();
    }

    /** No new streams from now on (GOAWAY); the connection ends with the last open one. */
    @Override
    public void closeWhenIdle() {
        try {
            close(context, context.newPromise());
        } catch (Exception e) {
            lane.door.metrics().faulted(e);
            close();
        }
    }

    /** Tells the client to open no more streams here (GOAWAY), serves those that were on their way, and ends when it is quiet. */
    @Override
    public void moveOn() {
        if (movingOn || connection().goAwaySent()) {
            return;
        }
        movingOn = true;
        goAway(context, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
        flushSoon();
        if (connection().numActiveStreams() == 0) {
            lane.endAt(timer, lane.now() + LAST_STREAMS_NANOS);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    @Override
    public void onLoop(Runnable task) {
        lane.loop.execute(task);
    }

    private ClientStream begin(Http2Stream stream) {
        ClientStream begun = unused.isEmpty() ? new ClientStream(lane, this) : unused.pop();
        stream.setProperty(key, begun);
        lane.endAt(timer, Deadlines.NEVER);
        fates.opened(stream.id());
        return begun;
    }

    private final class Frames extends Http2FrameAdapter {
        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int dependency, short weight, boolean exclusive, int padding, boolean end)
                throws Http2Exception {
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) throws Http2Exception {
            Http2Stream stream = connection().stream(id);
            ClientStream open = stream.getProperty(key);
            if (open == null && backlog.bytes() + unsentBytes() > MOST_OWED) {
                begin(stream).refuse(stream);
            } else if (open == null) {
                begin(stream).begin(stream, headers, end);
            } else {
                open.trailers(headers);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            ClientStream open = connection().stream(id).getProperty(key);
            return padding + (open == null ? data.readableBytes() : open.data(data, end));
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            if (connection().stream(id) instanceof Http2Stream stream && stream.getProperty(key) instanceof ClientStream open) {
                open.wasReset();
            }
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
            Http2Stream stream = connection().stream(id);
            if (stream != null && stream.getProperty(key) instanceof ClientStream open) {
                open.clientReads();
            }
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            count("PING");
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            count("SETTINGS");
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive) throws Http2Exception {
            count("PRIORITY");
        }

        private void count(String frame) throws Http2Exception {
            if (controlFrames.seen(lane.now())) {
                throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "more than %d control frames in 10 s, the last a %s", FrameFlood.MOST_CONTROL_FRAMES, frame);
            }
        }
    }

    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            ClientStream closed = stream.removeProperty(key);
            if (closed == null) {
                return;
            }
            if (stream.isResetSent()) {
                fates.resetHere(stream.id());
            } else if (!closed.hasBeenReset()) {
                fates.ended(stream.id());
            }
            closed.closed();
            if (unused.size() < MOST_KEPT) {
                unused.push(closed);
            }
            if (connection().numActiveStreams() == 0) {
                lane.endAt(timer, lane.now() + (movingOn ? LAST_STREAMS_NANOS : lane.settings().idleNanos));
            }
        }
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            closeWhenIdle();
        }
    }

    /** The client has read nothing for as long as it may. */
    private final class StallTimer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            close();
        }
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<ClientStreams, Builder> {
        private final Lane lane;
        private final Peer peer;

        Builder(Lane lane, Peer peer) {
            this.lane = lane;
            this.peer = peer;
            server(true);
            validateHeaders(true);
            gracefulShutdownTimeoutMillis(-1); // the front door ends what takes too long
            initialSettings(new Http2Settings()
                    .maxConcurrentStreams(MOST_STREAMS)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(lane.settings().headLimit));
            decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_WINDOW_SECONDS);
            encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_WINDOW_SECONDS);
            decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_DATA);
            decoderEnforceMaxSmallContinuationFrames(MOST_SMALL_CONTINUATIONS);
        }

        @Override
        protected ClientStreams build() {
            return super.build();
        }

        @Override
        protected ClientStreams build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new ClientStreams(decoder, encoder, settings, lane, peer);
        }
    }
}
