package dev.banyan.http;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;

/**
 * One stream of a client's HTTP/2 connection: one request and its answer. Reused for the connection's later streams. Owned by one IO loop.
 *
 * <p>A body of a known length goes to the server as it is, any other in chunks. The client may send more only when the server has taken
 * what came, and the server only when the client has room: a body of any size passes in constant memory.
 */
final class ClientStream implements ClientSide {
    private enum State {
        /** The request's body is passing. */
        BODY,
        /** The request has been read; its answer is not over. */
        ANSWER,
        /** The answer is over; what is left of it waits for the client's window. */
        ENDING,
        CLOSED
    }

    private final Lane lane;
    private final ClientStreams connection;
    private final Transaction transaction;
    private final Timer timer = new Timer();
    private State state = State.CLOSED;
    private Http2Stream stream;
    private Http2Headers unsentHead;
    /** The newest piece of the answer: kept back until it is known whether it is the last. */
    private ByteBuf unsentPiece;
    private long length;
    private long payload;
    private boolean reading;
    private boolean requestEnded;
    private boolean reset;
    private int unconsumed;

    ClientStream(Lane lane, ClientStreams connection) {
        this.lane = lane;
        this.connection = connection;
        this.transaction = new Transaction(lane, this);
    }

    /** The request begins. */
    void begin(Http2Stream opened, Http2Headers headers, boolean ended) {
        stream = opened;
        payload = 0;
        unconsumed = 0;
        reading = true;
        requestEnded = ended;
        reset = false;
        RequestHead head = lane.request;
        HeadVerdict verdict = read(head, headers, ended);
        if (verdict.fault()) {
            state = ended ? State.ANSWER : State.BODY;
            reject(LocalAnswer.of(verdict), "HEAD".contentEquals(headers.method() == null ? "" : headers.method()));
            return;
        }
        length = head.chunked() ? -1 : Math.max(0, head.contentLength());
        boolean whole = ended || length == 0;
        long now = lane.now();
        state = whole ? State.ANSWER : State.BODY;
        if (!whole) {
            lane.endAt(timer, now + lane.settings().bodyNanos);
        }
        transaction.begin(head, connection.peer(), Unpooled.EMPTY_BUFFER, 0, 0, whole, now);
    }

    /** Begins with a request that is not looked at: too much lies here for its client already. The client may send it again. */
    void refuse(Http2Stream opened) {
        stream = opened;
        requestEnded = true;
        reset = false;
        end(lane.now());
        connection.reset(stream, Http2Error.REFUSED_STREAM);
    }

    private HeadVerdict read(RequestHead head, Http2Headers headers, boolean ended) {
        DoorSettings settings = lane.settings();
        HeadVerdict verdict = lane.streamHead.write(headers, ended);
        if (verdict.fault()) {
            return verdict;
        }
        verdict = head.read(lane.streamHead.bytes(), 0, lane.streamHead.length(), settings.fieldLimit);
        if (verdict == HeadVerdict.PARTIAL) {
            return HeadVerdict.BAD_START_LINE;
        }
        if (!verdict.fault() && ended && head.contentLength() > 0) {
            return HeadVerdict.BAD_LENGTH;
        }
        return !verdict.fault() && head.contentLength() > settings.bodyLimit ? HeadVerdict.BODY_TOO_LARGE : verdict;
    }

    /** A malformed request is a stream error (RFC 9113 section 8.1.1); one that is only not served here gets an answer. */
    private void reject(LocalAnswer answer, boolean withoutBody) {
        transaction.rejected(answer, connection.peer(), lane.now());
        if (answer.status() == 400) {
            end(lane.now());
            connection.reset(stream, Http2Error.PROTOCOL_ERROR);
        } else {
            answer(answer, withoutBody);
        }
    }

    /** A piece of the request's body; how many of its bytes the client may replace at once. */
    int data(ByteBuf data, boolean end) {
        int bytes = data.readableBytes();
        requestEnded = end;
        if (state != State.BODY || transaction.isOver()) {
            return bytes; // it is answered already: the rest is thrown away
        }
        payload += bytes;
        if (length >= 0 && (payload > length || end && payload < length)) {
            refuse(LocalAnswer.BAD_BODY);
            return bytes;
        }
        if (payload > lane.settings().bodyLimit) {
            refuse(LocalAnswer.BODY_TOO_LARGE);
            return bytes;
        }
        boolean whole = end || payload == length;
        state = whole ? State.ANSWER : State.BODY;
        lane.endAt(timer, whole ? Deadlines.NEVER : lane.now() + lane.settings().bodyNanos);
        connection.sendOn(this);
        if (length >= 0) {
            transaction.body(taken(data), whole);
        } else {
            chunk(data, whole);
        }
        if (reading) {
            return bytes;
        }
        unconsumed += bytes;
        return 0;
    }

    private void chunk(ByteBuf data, boolean last) {
        int bytes = data.readableBytes();
        if (bytes > 0) {
            transaction.body(framing(Integer.toHexString(bytes) + "\r\n"), false);
            transaction.body(taken(data), false);
            transaction.body(framing(last ? "\r\n0\r\n\r\n" : "\r\n"), last);
        } else if (last) {
            transaction.body(framing("0\r\n\r\n"), true);
        }
    }

    /** A small piece is copied, see {@link RequestBytes#SMALL}. */
    private ByteBuf taken(ByteBuf data) {
        int bytes = data.readableBytes();
        return bytes < RequestBytes.SMALL ? connection.alloc().directBuffer(bytes).writeBytes(data) : data.readRetainedSlice(bytes);
    }

    private ByteBuf framing(String text) {
        ByteBuf bytes = connection.alloc().directBuffer(text.length());
        bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
        return bytes;
    }

    /** The request ends with trailers. They go no further: servers hardly read them, and merging them into a head is an attack. */
    void trailers(Http2Headers trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    /** Whether the client has said that nothing more of the request comes. */
    boolean requestEnded() {
        return requestEnded;
    }

    /** The client has taken the request back. */
    void wasReset() {
        reset = true;
    }

    boolean hasBeenReset() {
        return reset;
    }

    void bodyFlush() {
        transaction.bodyFlush();
    }

    /** Refuses a request that has begun. */
    private void refuse(LocalAnswer answer) {
        boolean mayAnswer = transaction.refuseClient(answer);
        if (mayAnswer && answer != LocalAnswer.BAD_BODY) {
            answer(answer);
        } else {
            end(lane.now());
            connection.reset(stream, answer == LocalAnswer.BAD_BODY ? Http2Error.PROTOCOL_ERROR : Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public boolean takesWire() {
        return false;
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        connection.headers(stream, StreamFields.of(head, FieldEdits.NONE), false);
        connection.flushSoon();
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        unsentHead = StreamFields.of(head, transaction.edits());
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        sendUnsent();
        unsentPiece = wire.retainedSlice(index, length);
    }

    private void sendUnsent() {
        if (unsentHead != null) {
            connection.headers(stream, unsentHead, false);
            unsentHead = null;
        }
        if (unsentPiece != null) {
            ByteBuf piece = unsentPiece;
            unsentPiece = null;
            connection.data(stream, piece, false);
        }
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        throw new IllegalStateException("an HTTP/2 stream takes content, not chunks");
    }

    @Override
    public void answered(long now) {
        boolean early = !requestEnded;
        Http2Headers head = unsentHead;
        ByteBuf piece = unsentPiece;
        end(now);
        unsentHead = null;
        unsentPiece = null;
        connection.flushSoon();
        if (head != null && piece == null && !early) {
            connection.headers(stream, head, true);
            return;
        }
        if (head != null) {
            connection.headers(stream, head, false);
        }
        Http2Stream answered = stream;
        var sent = connection.data(answered, piece == null ? Unpooled.EMPTY_BUFFER : piece, true);
        if (early) {
            // RFC 9113 section 8.1: the whole answer is there, so the rest of the request is not wanted.
            sent.addListener(_ -> {
                if (answered.state() != Http2Stream.State.CLOSED) {
                    connection.reset(answered, Http2Error.NO_ERROR);
                }
            });
        }
    }

    @Override
    public void answer(LocalAnswer answer) {
        answer(answer, transaction.isHead());
    }

    private void answer(LocalAnswer answer, boolean withoutBody) {
        unsentHead = StreamFields.of(answer);
        unsentPiece = withoutBody || answer.bodiless() ? null : Unpooled.wrappedBuffer(answer.body());
        answered(lane.now());
    }

    @Override
    public void cut() {
        end(lane.now());
        dropUnsent();
        connection.reset(stream, Http2Error.INTERNAL_ERROR);
    }

    /** What is left to be said has its time to be taken. */
    private void end(long now) {
        state = State.ENDING;
        lane.endAt(timer, now + lane.settings().bodyNanos);
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        bytes.release();
        throw new IllegalStateException("no upgrade is offered for an HTTP/2 stream");
    }

    @Override
    public void flush() {
        if (state == State.BODY || state == State.ANSWER) {
            sendUnsent();
            connection.flushSoon();
        }
    }

    @Override
    public boolean writable() {
        return stream == null || connection.writable(stream);
    }

    @Override
    public boolean full() {
        return connection.full();
    }

    /** Nothing more is read for the connection's client. */
    void connectionFull() {
        transaction.clientFull();
    }

    void writableAgain() {
        transaction.clientWritable();
    }

    /** The client has made room for more of the answer. */
    void clientReads() {
        if (state == State.ENDING) {
            lane.endAt(timer, lane.now() + lane.settings().bodyNanos);
        }
    }

    @Override
    public void reading(boolean on) {
        if (on && !reading && state == State.BODY) {
            lane.endAt(timer, lane.now() + lane.settings().bodyNanos); // what it was made to wait does not count
        }
        reading = on;
        if (on && unconsumed > 0) {
            int taken = unconsumed;
            unconsumed = 0;
            connection.consumed(stream, taken);
        }
    }

    /** The stream has gone, as it should or not. */
    void closed() {
        state = State.CLOSED;
        lane.forget(timer);
        dropUnsent();
        transaction.clientGone();
        stream = null;
    }

    private void dropUnsent() {
        unsentHead = null;
        if (unsentPiece != null) {
            unsentPiece.release();
            unsentPiece = null;
        }
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            switch (state) {
                case BODY -> {
                    if (reading) {
                        refuse(LocalAnswer.BODY_TIMED_OUT);
                    } else {
                        lane.endAt(this, nowNanos + lane.settings().bodyNanos); // it is us who let it wait
                    }
                }
                case ENDING -> {
                    connection.giveUp(stream);
                    lane.endAt(this, nowNanos + lane.settings().bodyNanos);
                }
                case ANSWER, CLOSED -> { }
            }
        }
    }
}
