package dev.banyan.http;

import dev.banyan.balance.Choice;
import dev.banyan.balance.Outcome;
import dev.banyan.balance.Refusal;
import dev.banyan.balance.RequestKey;
import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.balance.ServerState;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import dev.banyan.telemetry.Span;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;

/**
 * One request on its way to a server and its answer back: has a server chosen, sends, tries again where that is safe, and says how it ended.
 * Reused for one request after the other. Owned by one IO loop.
 *
 * <p>What holds: every request that begins ends once; a place taken at a server is given back once; a request that may not be sent twice is
 * written to at most one server.
 */
final class Exchange implements RequestKey {
    private static final String STICKY_ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";

    private enum State {
        OVER,
        /** Waits in the {@link WaitingRoom} for a place at a server. */
        QUEUED,
        CONNECTING,
        /** Written to a server, wholly or as far as it has come. */
        SENT,
        ANSWERING,
        TUNNEL
    }

    private final Lane lane;
    private ClientSide client;
    private final RequestBytes request = new RequestBytes();
    private final QueueTimer queueTimer = new QueueTimer();

    private State state = State.OVER;
    private DoorSettings settings;
    private boolean paced;
    private int retryAttempts;
    private long responseNanos;
    private long bodyNanos;
    private long tunnelNanos;
    private Upstream upstream;
    private Peer peer;
    private Method method = Method.OTHER;
    private boolean upgrade;
    private boolean requestEnded;
    private boolean hasBody;
    private boolean expectsContinue;
    private boolean interimSent;
    private boolean mustBeNew;
    private long keyHash;
    private String stickyServer = "";
    private long positionBefore;
    private long excluded;
    private int tries;
    private Server server;
    private ServerConnection connection;
    private WaitingRoom.Ticket ticket;
    private long sentNanos;
    /** What is recorded of the request; null when nothing is. */
    private Span recorded;
    private long asks;
    private int asksAt;
    /** What is recorded of this attempt. */
    private Span attempt;
    private int status;
    private long bytes;
    private String note = "";
    private Outcome outcome = Outcome.CLIENT_LEFT;

    Exchange(Lane lane, ClientSide client) {
        this.lane = lane;
        this.client = client;
    }

    /** How patient the next request is with its server, and how often it may be tried again; as the door says where this is not said. */
    void pace(int retries, long response, long body, long tunnel) {
        paced = true;
        retryAttempts = retries;
        responseNanos = response;
        bodyNanos = body;
        tunnelNanos = tunnel;
    }

    /**
     * Has the attempts of the next request recorded.
     *
     * @param request what is recorded of it; null when nothing is
     * @param asking what stands in its head for the first attempt
     * @param at where in the head
     */
    void record(Span request, long asking, int at) {
        recorded = request;
        asks = asking;
        asksAt = at;
    }

    /**
     * Begins.
     *
     * @param to where its servers are
     * @param head the client's head, read only during this call
     * @param message the head for the server and what of the body is there; taken
     * @param headLength how many of the message's bytes are its head
     * @param ended whether {@code message} holds the whole request
     */
    void begin(Upstream to, RequestHead head, Peer from, ByteBuf message, int headLength, boolean ended, long now) {
        settings = lane.settings();
        if (!paced) {
            pace(settings.retryAttempts, settings.responseNanos, settings.bodyNanos, settings.tunnelNanos);
        }
        paced = false;
        upstream = to;
        peer = from;
        method = head.method();
        upgrade = head.upgrade() >= 0;
        requestEnded = ended;
        hasBody = !ended || message.readableBytes() > headLength;
        expectsContinue = head.expectsContinue();
        interimSent = false;
        mustBeNew = false;
        excluded = 0;
        tries = 0;
        status = 0;
        bytes = 0;
        note = "";
        outcome = Outcome.CLIENT_LEFT;
        sentNanos = 0;
        server = null;
        keyHash = settings.hash.isPresent() ? Keys.hash(head, from, settings) : 0;
        stickyServer = settings.stickyCookie.length > 0 ? Keys.cookie(head.fields(), settings.stickyCookie) : "";
        positionBefore = seesAtLeast(lane.door.freshness(), lane.freshnessCookie.position());
        request.begin(message, message.readableBytes() - headLength);
        upstream.retryBudget().requestSeen(now);
        dispatch(now);
    }

    /** From now on another gets the answer. */
    void answerTo(ClientSide other) {
        client = other;
    }

    /** Has reads see what the client has written before; the position at the beginning of a request that may write more, or 0. */
    private long seesAtLeast(Freshness freshness, long carried) {
        if (freshness == null) {
            return 0;
        }
        if (carried > 0) {
            freshness.require(carried);
        }
        return method.safe() ? 0 : freshness.position();
    }

    private void dispatch(long now) {
        if (tries == 0 && upstream.waitingRoom().waiting() > 0) {
            queue(now); // who came before goes before
            return;
        }
        Choice choice = choose(now);
        if (choice == Refusal.NO_SERVERS && excluded != 0) {
            // Better the same server again than none.
            excluded = 0;
            choice = choose(now);
        }
        switch (choice) {
            case Server chosen -> send(chosen, now);
            case Refusal.ALL_BUSY -> queue(now);
            case Refusal.NO_SERVERS -> refuse(LocalAnswer.NO_SERVERS);
        }
    }

    private Choice choose(long now) {
        ServerGroup group = upstream.group();
        if (!stickyServer.isEmpty() && group.chooseByName(stickyServer, excluded, now) instanceof Server known) {
            return known;
        }
        return group.choose(this, excluded, now);
    }

    private void send(Server chosen, long now) {
        server = chosen;
        tries++;
        if (recorded != null) {
            recordAttempt(now);
        }
        lane.pool(upstream, chosen).lease(this, mustBeNew, now);
    }

    /** Each attempt is a span of its own, which the server is told. */
    private void recordAttempt(long now) {
        if (tries > 1) {
            asks = lane.random.nextLong() | 1;
            request.rewrite(asksAt, asks);
        }
        status = 0;
        attempt = RequestTrace.ask(lane.door.tracer(), recorded, asks, method, server, tries, now);
    }

    private void attemptEnded(Outcome how, String failure, long now) {
        Span ended = attempt;
        attempt = null;
        RequestTrace.answered(lane.door.tracer(), ended, status, how, failure, now);
    }

    private void queue(long now) {
        state = State.QUEUED;
        ticket = upstream.waitingRoom().join(this, settings.queueLimit).orElse(null);
        if (ticket == null) {
            refuse(LocalAnswer.QUEUE_FULL);
            return;
        }
        lane.endAt(queueTimer, now + settings.queueNanos);
        // A place that was given back just before the ticket was drawn has woken nobody.
        upstream.waitingRoom().placeFreed();
    }

    /** A place may have come free; called by the {@link WaitingRoom} on this exchange's loop. */
    void placeFreed(WaitingRoom.Ticket called) {
        if (called != ticket) {
            upstream.waitingRoom().placeFreed(); // it has left: the place is the next one's
            return;
        }
        long now = lane.now();
        switch (choose(now)) {
            case Server freed -> {
                leaveQueue();
                send(freed, now);
                upstream.waitingRoom().placeFreed(); // there may be more, as when a server has joined
            }
            case Refusal.ALL_BUSY -> upstream.waitingRoom().rejoin(called);
            case Refusal.NO_SERVERS -> {
                leaveQueue();
                refuse(LocalAnswer.NO_SERVERS);
                upstream.waitingRoom().placeFreed();
            }
        }
    }

    private void leaveQueue() {
        upstream.waitingRoom().leave(ticket);
        ticket = null;
        lane.forget(queueTimer);
    }

    /** A connection has been leased, or is being made. */
    void connecting(ServerConnection leased) {
        connection = leased;
        state = State.CONNECTING;
    }

    /** The connection is there: writes what there is of the request. */
    void connected(Channel channel, long now) {
        state = State.SENT;
        sentNanos = now;
        request.writeTo(channel, method.idempotent() ? settings.retryBody : -1);
        if (requestEnded) {
            connection.requestSent(now);
        } else {
            client.reading(channel.isWritable());
        }
        channel.flush(); // last, for the answer may come, or the connection fail, before this returns
    }

    /** Whether the client's body can go on to a server now; until then it is to wait. */
    boolean takesBody() {
        return state == State.SENT || state == State.ANSWERING;
    }

    /** More of the request's body; takes the buffer. */
    void body(ByteBuf piece, boolean ended) {
        requestEnded = ended;
        if (!takesBody()) {
            request.add(piece);
            client.reading(false);
            return;
        }
        if (request.whole()) {
            request.keep(piece, settings.retryBody);
        }
        if (!connection.write(piece)) {
            client.reading(false);
        }
    }

    /** The client has no more for now: what was written is sent. */
    void bodyFlush() {
        if (connection != null && takesBody()) {
            if (requestEnded) {
                connection.requestSent(lane.now());
            }
            connection.flush();
        }
    }

    /** Bytes from the client of an upgraded connection; takes the buffer. */
    void tunnel(ByteBuf bytes) {
        if (state != State.TUNNEL) {
            bytes.release();
            return;
        }
        connection.tunnelUsed(lane.now());
        if (!connection.write(bytes)) {
            client.reading(false);
        }
    }

    void tunnelFlush() {
        if (state == State.TUNNEL) {
            connection.flush();
        }
    }

    /** Nothing more is read for the client, until it is writable again. */
    void clientFull() {
        if (connection != null && takesBody()) {
            connection.pause();
        }
    }

    void clientWritable() {
        if (connection != null && (takesBody() || state == State.TUNNEL)) {
            connection.resume();
        }
    }

    void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        interimSent = true;
        client.interim(head, wire, from, to);
    }

    /** The answer's head has come; from now on nothing is tried again. The client may be another after this. */
    void answerBegins(ResponseHead head, long now) {
        state = State.ANSWERING;
        status = head.status();
        request.drop();
        server.answered(now - sentNanos, now);
        lane.door.metrics().answered(server, now - sentNanos);
        client.begins(head, now);
    }

    void tunnelOpened(ResponseHead head, ByteBuf wire, int from, int to, long now) {
        answerBegins(head, now);
        state = State.TUNNEL;
        server.becameTunnel();
        upstream.waitingRoom().placeFreed();
        client.answer(head, wire, from, to, to, false);
        client.flush();
    }

    /** The server's side of a tunnel has closed. */
    void tunnelClosed(long now) {
        endTunnel();
        client.cut();
    }

    /** The whole answer has gone by. */
    void answered(long payload, long now) {
        giveBack(status >= 500 ? Outcome.SERVER_ERROR : Outcome.OK, now);
        over(status, payload, "");
        client.answered(now);
    }

    /** The server has failed this exchange; the connection has closed itself. */
    void failed(Failure failure, long payload, long now) {
        connection = null;
        boolean begun = state == State.ANSWERING;
        if (attempt != null) {
            attemptEnded(failure.outcome(), failure.word(), now);
        }
        giveBack(failure.outcome(), now);
        if (begun) {
            over(status, payload, "cut by the server");
            client.cut();
        } else if (mayTryAgain(failure, now)) {
            tryAgain(failure, now);
        } else {
            refuse(failure.answer());
        }
    }

    private void tryAgain(Failure failure, long now) {
        if (failure == Failure.STALE) {
            mustBeNew = true;
        } else {
            excluded |= server.slotBit();
            stickyServer = "";
        }
        lane.door.metrics().retried(failure);
        dispatch(now);
    }

    private boolean mayTryAgain(Failure failure, long now) {
        boolean unseen = failure == Failure.UNREACHABLE;
        return request.whole()
                && !interimSent
                && failure != Failure.MALFORMED // what came may have been the answer
                && (unseen || method.idempotent())
                && (failure == Failure.STALE || tries <= retryAttempts)
                && upstream.retryBudget().tryRetry(now);
    }

    /**
     * Whether its server has turned out sick, owes the whole answer, and another may be asked instead; then {@link #askAnother} has to follow.
     * Only what changes nothing: a server that is frozen, not dead, may still carry out a PUT after a newer one was acknowledged.
     */
    boolean leavesSick(long now) {
        return method.safe()
                && server.state() == ServerState.SICK
                && upstream.group().servers().stream().anyMatch(other -> other != server && other.state() == ServerState.HEALTHY)
                && mayTryAgain(Failure.TIMED_OUT, now);
    }

    /** The server is asked no more, and its connection is closed. */
    void askAnother(long now) {
        connection = null;
        if (attempt != null) {
            attemptEnded(Failure.TIMED_OUT.outcome(), Failure.TIMED_OUT.word(), now);
        }
        giveBack(Failure.TIMED_OUT.outcome(), now);
        tryAgain(Failure.TIMED_OUT, now);
    }

    private void refuse(LocalAnswer answer) {
        over(answer.status(), 0, answer.reason());
        client.answer(answer);
    }

    /** The client has broken the exchange with a fault of its own; true when it can still be told so. */
    boolean refuseClient(LocalAnswer answer) {
        boolean untouched = state != State.ANSWERING && state != State.TUNNEL; // after an interim answer the real one is still due
        abandon(answer.status(), answer.reason());
        return untouched;
    }

    /** The client has taken nothing of the answer for too long. */
    void clientStalled() {
        boolean begun = state == State.ANSWERING;
        long payload = begun ? connection.payload() : 0;
        ServerConnection held = connection;
        connection = null;
        giveBack(Outcome.CLIENT_LEFT, lane.now());
        over(begun ? status : 499, payload, "the client stopped reading");
        held.close();
        client.cut();
    }

    /** The client's connection or stream has gone. */
    void clientGone() {
        abandon(499, "the client left");
    }

    private void abandon(int withStatus, String why) {
        if (state == State.OVER) {
            return;
        }
        long now = lane.now();
        ServerConnection held = connection;
        connection = null;
        switch (state) {
            case TUNNEL -> endTunnel();
            case QUEUED -> {
                leaveQueue();
                over(withStatus, 0, why);
            }
            case CONNECTING, SENT, ANSWERING -> {
                giveBack(Outcome.CLIENT_LEFT, now);
                over(withStatus, 0, why);
            }
            case OVER -> { }
        }
        if (held != null) {
            held.close();
        }
    }

    private void endTunnel() {
        server.finishTunnel();
        if (attempt != null) {
            attemptEnded(Outcome.OK, "", lane.now());
        }
        over(status, 0, "");
    }

    private void giveBack(Outcome how, long now) {
        outcome = how;
        if (attempt != null) {
            attemptEnded(how, "", now);
        }
        if (state == State.ANSWERING || state == State.SENT && how != Outcome.CLIENT_LEFT) {
            lane.door.metrics().ended(server, state == State.ANSWERING ? status : 0, now - sentNanos);
        }
        server.finish(how, now);
        upstream.waitingRoom().placeFreed();
    }

    private void over(int endStatus, long payload, String why) {
        state = State.OVER;
        connection = null;
        recorded = null;
        request.drop();
        status = endStatus;
        bytes = payload;
        note = why;
    }

    /** The status that the client got, or 499 when it left before. */
    int status() {
        return status;
    }

    /** The bytes of the answer's content that came, once it is over. */
    long bytes() {
        return bytes;
    }

    /** What it says of who was asked, once it is over; {@link Outcome#CLIENT_LEFT} also when nobody was. */
    Outcome outcome() {
        return outcome;
    }

    /** Why it did not end as the server would have it; may be empty. */
    String note() {
        return note;
    }

    /** Who was asked last; "" when nobody was. */
    String serverName() {
        return server == null ? "" : server.name();
    }

    int tries() {
        return tries;
    }

    /** When the request was last sent to a server; 0 when it never was. */
    long sentNanos() {
        return sentNanos;
    }

    /** Whether there is nothing to answer. */
    boolean isOver() {
        return state == State.OVER;
    }

    boolean isTunnel() {
        return state == State.TUNNEL;
    }

    Lane lane() {
        return lane;
    }

    ClientSide client() {
        return client;
    }

    /** For the server to begin its answer. */
    long responseNanos() {
        return responseNanos;
    }

    /** Between two pieces of a body. */
    long bodyNanos() {
        return bodyNanos;
    }

    /** Without a byte on an upgraded connection. */
    long tunnelNanos() {
        return tunnelNanos;
    }

    boolean isHead() {
        return method == Method.HEAD;
    }

    boolean offersUpgrade() {
        return upgrade;
    }

    /**
     * Whether its server may have more to say after this answer, if it has one of the habits of servers: that would be the next client's answer.
     * One that has no use for a body leaves it unread, and takes it for the next request: that of a GET, that of a request which it refuses, and
     * that of one which it need not have been sent (Expect); who answers a form with "see there" (302, 303) has read it. Another sends content
     * where none may be. A third goes over to what it was offered, whatever it says.
     */
    boolean leavesDoubt(ResponseHead answer) {
        boolean bodyMayBeUnread = hasBody && (!method.readsContent() || expectsContinue || refuses(answer.status()));
        boolean contentMayFollow = isHead() ? answer.contentLength() != 0 : answer.bodiless() && (answer.contentLength() > 0 || answer.chunked());
        boolean doubtful = bodyMayBeUnread || contentMayFollow || upgrade;
        return doubtful && lane.door.introduction().isEmpty(); // another door of ours has none of these
    }

    private static boolean refuses(int status) {
        return status >= 300 && status != 302 && status != 303;
    }

    boolean mayBeSentTwice() {
        return method.idempotent();
    }

    /** Adds the cookies that the answer sets; none when the client has what it needs, so that the answer can go by as it is. */
    void addCookies(FieldEdits edits) {
        if (settings.stickyCookie.length > 0 && !server.name().equals(stickyServer)) {
            edits.add(cookie(new String(settings.stickyCookie, StandardCharsets.ISO_8859_1) + "=" + server.name() + STICKY_ATTRIBUTES));
        }
        long position = newPosition();
        if (position != 0) {
            edits.add(cookie(FreshnessCookie.value(position, peer.secure())));
        }
    }

    private static FieldLine cookie(String value) {
        return new FieldLine("Set-Cookie", value);
    }

    /** A position that has all this request may have written; 0 when nobody wrote anything meanwhile. */
    private long newPosition() {
        if (method.safe()) {
            return 0;
        }
        Freshness freshness = lane.door.freshness();
        long now = freshness == null ? 0 : freshness.position();
        return now == positionBefore ? 0 : now;
    }

    @Override
    public long hash() {
        return keyHash;
    }

    private final class QueueTimer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            leaveQueue();
            refuse(LocalAnswer.QUEUED_TOO_LONG);
        }
    }
}
