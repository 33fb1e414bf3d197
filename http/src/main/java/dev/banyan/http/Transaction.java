package dev.banyan.http;

import dev.banyan.http.cache.Invalidation;
import dev.banyan.http.gateway.FileRequest;
import dev.banyan.http.gateway.Passage;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;

/**
 * A client's request and its answer, whoever gives it: decides who does, and takes note of how it ended. A connection reuses one for all its
 * requests, a stream likewise. Owned by one IO loop.
 *
 * <p>What holds: every request that begins ends once, in the figures and in the log.
 */
final class Transaction implements ClientSide {
    private final Lane lane;
    private final ClientSide client;
    private final CacheWay cacheWay;
    /** Null where clients may have what they like. */
    private final ClientShare share;
    /** The client, or what compresses its answer on the way there. */
    private ClientSide taker;
    /** Null until an answer might be compressed. */
    private Compressor compressor;
    private Exchange exchange;
    private final FieldEdits edits = new FieldEdits();

    private boolean over = true;
    private Peer peer;
    private Method method = Method.OTHER;
    private LogLine line;
    private final byte[] id = new byte[RequestId.LENGTH];
    private RequestId.Tracing tracing = RequestId.Tracing.OFF;
    /** What is recorded of the request; mostly null. */
    private Span span;
    private long beganNanos;
    /** Null until a file was an answer. */
    private FileWay fileWay;
    private boolean fromFiles;
    /** Null where there are no routes. */
    private GatewayWay gateway;
    private boolean fromCache;
    /** The URL that this may write to, where somebody wants to hear of that; else null. */
    private String target;
    private int status;

    Transaction(Lane lane, ClientSide client) {
        this.lane = lane;
        this.client = client;
        this.taker = client;
        this.exchange = new Exchange(lane, this);
        this.cacheWay = lane.door.cache().map(cache -> new CacheWay(lane, cache, this)).orElse(null);
        this.share = lane.door.cache().map(cache -> new ClientShare(lane, cache.shares())).orElse(null);
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
        fromFiles = false;
        edits.clear();
        fromCache = false;
        taker = client;
        if (cacheWay != null) {
            cacheWay.bypassed();
        }
        lane.requestId.of(head.fields(), from.edge(), lane.random);
        System.arraycopy(lane.requestId.hex(), 0, id, 0, id.length);
        Tracer tracer = lane.door.tracer();
        span = tracer == null ? null : RequestTrace.begin(tracer, lane.requestId, head, from, lane.random, now);
        tracing = lane.requestId.tracing();
        if (lane.accessLog.isPresent()) {
            line = lane.accessLog.get().begin(head, lane.requestId);
        }
        LocalAnswer tooMany = share == null ? null : share.begin(head, from, now);
        if (tooMany != null) {
            refuse(tooMany);
            return;
        }
        RouteTable routes = lane.door.routes();
        if (routes != null) {
            gateway = lane.borrowGateway();
            if (!gateway.begin(this, routes, head, from, wire, bodyFrom, bodyTo, ended, now)) {
                return;
            }
        }
        goOn(head, wire, bodyFrom, bodyTo, ended, now);
    }

    /** The gateway has let the request on. */
    private void goOn(RequestHead head, ByteBuf wire, int bodyFrom, int bodyTo, boolean ended, long now) {
        if (gateway != null) {
            compress(head);
        }
        FileRequest file = gateway == null ? null : gateway.passage().file();
        if (file != null) {
            answerWith(file, ended && bodyTo == bodyFrom);
            return;
        }
        boolean cacheable = cacheWay != null && ended && bodyTo == bodyFrom && head.upgrade() < 0;
        fromCache = cacheable;
        if (cacheable && cacheWay.begin(head, peer, now)) {
            return;
        }
        fromCache = false;
        if (cacheWay != null) {
            cacheWay.watch(head, peer);
        }
        forward(head, wire, bodyFrom, bodyTo, ended, now);
    }

    /** Has the answer compressed where the site and its route say so. */
    private void compress(RequestHead head) {
        Optional<CompressionRules> rules = lane.door.compression();
        if (rules.isEmpty() || !gateway.passage().compresses()) {
            return;
        }
        if (compressor == null) {
            compressor = new Compressor(client, lane.coders(), lane.alloc());
        }
        compressor.begin(rules, head);
        taker = compressor;
    }

    /** A file is the answer. */
    private void answerWith(FileRequest file, boolean bodiless) {
        LocalAnswer refusal = file.refusal(bodiless);
        if (refusal != null) {
            refuseFile(refusal);
            return;
        }
        if (fileWay == null) {
            fileWay = new FileWay(lane, this);
        }
        fromFiles = true;
        edits.addAll(gateway.call().response());
        fileWay.begin(file);
    }

    /** No file is the answer. */
    void refuseFile(LocalAnswer answer) {
        refuse(answer.edited(gateway.call().response()));
    }

    /** Likewise, after a check that took its time. */
    void goOnAfterWait(RequestHead head, ByteBuf body, int from, int to, boolean ended, long now) {
        rename(head);
        goOn(head, body, from, to, ended, now);
        if (!ended && !over) {
            client.reading(true);
        }
    }

    /** Sends a request on that waited for the cache in vain. */
    void forwardHeld(RequestHead head, long now) {
        fromCache = false;
        rename(head);
        forward(head, Unpooled.EMPTY_BUFFER, 0, 0, true, now);
    }

    /** A request that waited keeps its name. */
    void rename(RequestHead head) {
        lane.requestId.of(head.fields(), peer.edge(), lane.random);
        lane.requestId.take(id);
        lane.requestId.trace(tracing);
    }

    /** Has the lane know the request by its name, as one that asks a server next; what is recorded of it, or null. */
    Span name(RequestHead head) {
        rename(head);
        lane.requestId.asks(span == null ? 0 : lane.random.nextLong() | 1);
        return span;
    }

    /** Sends a request on to a server. */
    private void forward(RequestHead head, ByteBuf wire, int bodyFrom, int bodyTo, boolean ended, long now) {
        if (refusesToAsk(now)) {
            return;
        }
        lane.findFreshness(head);
        target = method.safe() || lane.door.writes() == null ? null : lane.url(head, peer);
        Upstream to = lane.door.application();
        FieldEdits requestEdits = FieldEdits.NONE;
        HeadBuffer rewritten = null;
        if (gateway != null) {
            Passage passage = gateway.passage();
            DoorSettings usual = lane.settings();
            to = lane.door.upstream(passage.service());
            requestEdits = gateway.call().request();
            if (taker != client) {
                Compressor.strengthened(head).ifPresent(requestEdits::set);
            }
            rewritten = passage.rewritten() ? passage.target() : null;
            exchange.pace(passage.retries(usual.retryAttempts), passage.responseNanos(usual.responseNanos), passage.bodyNanos(usual.bodyNanos), passage.tunnelNanos(usual.tunnelNanos));
        }
        lane.requestId.asks(span == null ? 0 : lane.random.nextLong() | 1);
        lane.requestWriter.write(head, peer, lane.door.fallbackHost(), lane.requestId, requestEdits, rewritten);
        int headLength = lane.headBuffer.length();
        ByteBuf message = lane.alloc().directBuffer(headLength + bodyTo - bodyFrom);
        lane.headBuffer.writeTo(message);
        message.writeBytes(wire, bodyFrom, bodyTo - bodyFrom);
        if (gateway != null && ended && !gateway.passage().mirror().isEmpty()) {
            mirror(lane.door.upstream(gateway.passage().mirror()), head, message, headLength, now);
        }
        exchange.record(span, lane.requestId.asks(), lane.requestWriter.askingAt());
        exchange.begin(to, head, peer, message, headLength, ended, now);
    }

    /** Whether a request that would go on has been answered: its client, or the service, has enough under way. */
    boolean refusesToAsk(long now) {
        LocalAnswer refusal = share == null ? null : share.await();
        if (refusal == null && gateway != null) {
            refusal = gateway.admit(now);
        }
        if (refusal != null) {
            refuse(refusal);
        }
        return refusal != null;
    }

    /** Sends another service the same; what it answers is thrown away. Only a request that is there as a whole has a copy made. */
    private void mirror(Upstream to, RequestHead head, ByteBuf message, int headLength, long now) {
        Exchange copy = new Exchange(lane, this);
        Discarding.rest(lane, copy);
        copy.begin(to, head, peer, message.copy(), headLength, true, now);
    }

    /** What never became a request is refused: it is counted and logged like any other. */
    void rejected(LocalAnswer answer, Peer from, long now) {
        over = false;
        peer = from;
        beganNanos = now;
        span = null;
        line = lane.accessLog.map(AccessLog::begin).orElse(null);
        over(answer.status(), 0, answer.reason(), now);
    }

    /** Notes in the answer's head what the cache did. */
    void cacheStatus(FieldLine line) {
        edits.add(line);
    }

    /** Answers in our own words. */
    void refuse(LocalAnswer answer) {
        over(answer.status(), 0, answer.reason(), lane.now());
        taker.answer(answer);
    }

    /** The whole answer has gone out of the cache. */
    void cacheAnswered(long bytes, long now) {
        over(status, bytes, "", now);
        taker.answered(now);
    }

    /** What came out of the cache has stopped before its end. */
    void cacheCut(long bytes, String why) {
        over(status, bytes, why, lane.now());
        taker.cut();
    }

    /** What was fetched is for this client alone: from here on its exchange is this one's. */
    void takeOver(Exchange fetched, ResponseHead head, long now) {
        cacheWay.tookOver();
        fromCache = false;
        exchange = fetched;
        fetched.answerTo(this);
        begins(head, now);
    }

    CacheWay way() {
        return cacheWay;
    }

    /** More of the request's body; takes the buffer. */
    void body(ByteBuf piece, boolean ended) {
        if (gateway != null && gateway.waiting()) {
            gateway.body(piece, ended);
            client.reading(false);
        } else {
            exchange.body(piece, ended);
        }
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

    /** So much lies here for the client that nothing more is to be read for it, see {@link #full}. */
    void clientFull() {
        exchange.clientFull();
    }

    void clientWritable() {
        if (fromFiles) {
            fileWay.resume();
        } else if (fromCache) {
            cacheWay.resume();
        } else {
            exchange.clientWritable();
        }
    }

    /** The client has broken the exchange with a fault of its own; true when it can still be told so. */
    boolean refuseClient(LocalAnswer answer) {
        boolean untouched = exchange.refuseClient(answer);
        if (gateway != null && gateway.waiting()) {
            over(answer.status(), 0, answer.reason(), lane.now()); // its exchange has not begun, and tells of the last one
        }
        over(lane.now());
        if (compressor != null) {
            compressor.drop();
        }
        return untouched;
    }

    /** The client's connection or stream has gone. */
    void clientGone() {
        if (gateway != null && gateway.waiting()) {
            over(499, 0, "the client left", lane.now());
        }
        if (fromFiles && !over) {
            fileWay.leave();
            over(499, fileWay.sent(), "the client left", lane.now());
        }
        if (fromCache && !over) {
            cacheWay.leave();
            over(499, cacheWay.sent(), "the client left", lane.now());
        }
        exchange.clientGone();
        over(lane.now());
        if (compressor != null) {
            compressor.drop();
        }
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
        if (target != null) {
            tellOfWrite(head);
        }
        if (cacheWay != null) {
            cacheWay.passed(head);
        }
        if (gateway != null) {
            LocalAnswer page = gateway.instead(head, now);
            if (page != null) {
                putInPlace(page);
                return;
            }
            edits.addAll(gateway.call().response());
        }
        if (share != null && head.status() == 101) {
            share.end(); // a connection for as long as client and server like
        }
        taker.begins(head, now);
    }

    private void tellOfWrite(ResponseHead answer) {
        List<String> urls = Invalidation.urls(target, method, answer);
        target = null;
        if (!urls.isEmpty()) {
            lane.door.writes().written(urls);
        }
    }

    /** An answer that no server gives begins, out of the cache or a file: its head lies in the lane's buffer. */
    void cacheBegins(long now) {
        if (share != null) {
            share.end();
        }
        if (taker != client) {
            lane.response.read(lane.headBuffer.bytes(), 0, lane.headBuffer.length(), Integer.MAX_VALUE);
            taker.begins(lane.response, now);
        }
    }

    /** The client gets a page of the site's own; the service's goes nowhere. */
    private void putInPlace(LocalAnswer page) {
        Exchange answered = exchange;
        over(page.status(), page.body().length, page.reason(), lane.now());
        exchange = new Exchange(lane, this);
        Discarding.rest(lane, answered);
        taker.answer(page);
    }

    @Override
    public boolean takesWire() {
        return taker.takesWire();
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        taker.interim(head, wire, from, to);
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        status = head.status();
        passing(wire, bodyFrom, bodyTo);
        taker.answer(head, wire, from, bodyFrom, bodyTo, untilClose);
    }

    @Override
    public boolean sends(ByteBuf message) {
        int digits = message.readerIndex() + "HTTP/1.1 ".length();
        status = (message.getByte(digits) - '0') * 100 + (message.getByte(digits + 1) - '0') * 10 + message.getByte(digits + 2) - '0';
        return taker.sends(message);
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        passing(wire, from, to);
        taker.wire(wire, from, to);
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        passing(wire, index, index + length);
        taker.piece(wire, index, length);
    }

    private void passing(ByteBuf wire, int from, int to) {
        if (cacheWay != null) {
            cacheWay.passing(wire, from, to);
        }
    }

    @Override
    public void answered(long now) {
        if (cacheWay != null) {
            cacheWay.passedWhole();
        }
        over(now);
        taker.answered(now);
    }

    @Override
    public void answer(LocalAnswer answer) {
        LocalAnswer dressed = gateway == null ? answer : gateway.dress(answer);
        over(lane.now());
        taker.answer(dressed);
    }

    @Override
    public void cut() {
        over(lane.now());
        taker.cut();
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        taker.tunnel(bytes);
    }

    @Override
    public void flush() {
        taker.flush();
    }

    @Override
    public boolean writable() {
        return taker.writable();
    }

    @Override
    public boolean full() {
        return client.full();
    }

    @Override
    public void reading(boolean on) {
        client.reading(on);
    }

    /** The exchange has ended, and with it this. */
    private void over(long now) {
        over(exchange.status(), exchange.bytes(), exchange.note(), now);
    }

    private void over(int endStatus, long bytes, String note, long now) {
        if (over) {
            return;
        }
        over = true;
        if (cacheWay != null) {
            cacheWay.dropCopy();
        }
        String route = gateway == null ? "" : gateway.route();
        lane.door.metrics().ended(endStatus, now - beganNanos, peer.edge(), route);
        if (span != null) {
            RequestTrace.end(lane.door.tracer(), span, method, route, endStatus, bytes, note, cacheWay == null ? "" : cacheWay.verdict(), now);
            span = null;
        }
        if (share != null) {
            share.end();
        }
        if (gateway != null) {
            gateway.end(endStatus, now - beganNanos, exchange.outcome(), now);
            lane.giveBack(gateway);
            gateway = null;
        }
        if (line == null) {
            return;
        }
        AccessLog log = lane.accessLog.orElseThrow();
        if (fromFiles) {
            log.write(line, peer, endStatus, bytes, beganNanos, 0, now, "files", 0, note);
        } else if (fromCache) {
            log.write(line, peer, endStatus, bytes, beganNanos, 0, now, lane.cacheName(), 0, note);
        } else {
            log.write(line, peer, endStatus, bytes, beganNanos, exchange.sentNanos(), now, exchange.serverName(), exchange.tries(), note);
        }
        line = null;
    }
}
