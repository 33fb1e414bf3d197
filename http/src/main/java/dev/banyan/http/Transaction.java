package dev.banyan.http;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * A client's request and its answer, whoever gives it: decides who does, and takes note of how it ended. A connection reuses one for all its
 * requests, a stream likewise. Owned by one IO loop.
 *
 * <p>What holds: every request that begins ends once, in the figures and in the log.
 */
final class Transaction implements ClientSide {
    private final Lane lane;
    private final ClientSide client;
    private final Exchange exchange;
    private final FieldEdits requestEdits = new FieldEdits();
    private final FieldEdits edits = new FieldEdits();

    private boolean over = true;
    private Peer peer;
    private Method method = Method.OTHER;
    private LogLine line;
    private long beganNanos;

    Transaction(Lane lane, ClientSide client) {
        this.lane = lane;
        this.client = client;
        this.exchange = new Exchange(lane, this);
    }

    /**
     * Begins.
     *
     * @param head the client's head, read only during this call
     * @param wire holds what of the request's body goes on with its head, as it came, at {@code [bodyFrom, bodyTo)}; stays the caller's
     * @param ended whether that is the whole body
     */
    void begin(RequestHead head, Peer from, ByteBuf wire, int bodyFrom, int bodyTo, boolean ended, long now) {
        over = false;
        peer = from;
        method = head.method();
        beganNanos = now;
        edits.clear();
        lane.requestId.of(head.fields(), lane.random);
        if (lane.accessLog.isPresent()) {
            line = lane.accessLog.get().begin(head, lane.requestId);
        }
        forward(head, wire, bodyFrom, bodyTo, ended, now);
    }

    private void forward(RequestHead head, ByteBuf wire, int bodyFrom, int bodyTo, boolean ended, long now) {
        lane.findFreshness(head);
        lane.requestWriter.write(head, peer, lane.door.fallbackHost(), lane.requestId, requestEdits);
        int headLength = lane.headBuffer.length();
        ByteBuf message = lane.alloc().directBuffer(headLength + bodyTo - bodyFrom);
        lane.headBuffer.writeTo(message);
        message.writeBytes(wire, bodyFrom, bodyTo - bodyFrom);
        exchange.begin(lane.door.application(), head, peer, message, headLength, ended, now);
    }

    /** What never became a request is refused: it is counted and logged like any other. */
    void rejected(LocalAnswer answer, Peer from, long now) {
        over = false;
        peer = from;
        beganNanos = now;
        line = lane.accessLog.map(AccessLog::begin).orElse(null);
        over(answer.status(), 0, answer.reason(), now);
    }

    /** More of the request's body; takes the buffer. */
    void body(ByteBuf piece, boolean ended) {
        exchange.body(piece, ended);
    }

    /** The client has no more for now: what was written is sent. */
    void bodyFlush() {
        exchange.bodyFlush();
    }

    /** Bytes from the client of an upgraded connection; takes the buffer. */
    void tunnelled(ByteBuf bytes) {
        exchange.tunnel(bytes);
    }

    void tunnelFlush() {
        exchange.tunnelFlush();
    }

    void clientWritable() {
        exchange.clientWritable();
    }

    /** The client has broken the exchange with a fault of its own; true when it can still be told so. */
    boolean refuseClient(LocalAnswer answer) {
        boolean untouched = exchange.refuseClient(answer);
        over(lane.now());
        return untouched;
    }

    /** The client's connection or stream has gone. */
    void clientGone() {
        exchange.clientGone();
        over(lane.now());
    }

    /** Whether there is nothing to answer. */
    boolean isOver() {
        return over;
    }

    boolean isHead() {
        return method == Method.HEAD;
    }

    /** What is changed in the answer's head on its way to the client; nothing where it can go by as it is. */
    FieldEdits edits() {
        return edits;
    }

    @Override
    public void begins(ResponseHead head, long now) {
        exchange.addCookies(edits);
    }

    @Override
    public boolean takesWire() {
        return client.takesWire();
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        client.interim(head, wire, from, to);
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        client.answer(head, wire, from, bodyFrom, bodyTo, untilClose);
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        client.wire(wire, from, to);
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        client.piece(wire, index, length);
    }

    @Override
    public void answered(long now) {
        over(now);
        client.answered(now);
    }

    @Override
    public void answer(LocalAnswer answer) {
        over(lane.now());
        client.answer(answer);
    }

    @Override
    public void cut() {
        over(lane.now());
        client.cut();
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        client.tunnel(bytes);
    }

    @Override
    public void flush() {
        client.flush();
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public void reading(boolean on) {
        client.reading(on);
    }

    /** The exchange has ended, and with it this. */
    private void over(long now) {
        over(exchange.status(), exchange.bytes(), exchange.note(), now);
    }

    private void over(int status, long bytes, String note, long now) {
        if (over) {
            return;
        }
        over = true;
        lane.door.metrics().ended(status, now - beganNanos);
        if (line != null) {
            lane.accessLog.orElseThrow().write(line, peer, status, bytes, beganNanos, exchange.sentNanos(), now, exchange.serverName(), exchange.tries(), note);
            line = null;
        }
    }
}
