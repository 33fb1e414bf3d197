package dev.banyan.http;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.Content;
import dev.banyan.http.cache.NotStored;
import dev.banyan.http.cache.Reuse;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.cache.StoredResponse;
import dev.banyan.http.cache.Storing;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.telemetry.Span;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One request of the cache's own, on behalf of all who ask for the same: fetches a response, or has a stored one confirmed, and tells who
 * waits. It stores what may be stored, and goes on when nobody waits any more. Owned by one IO loop, but {@link #join}, which any may call.
 *
 * <p>What holds: whoever joins is told once, unless they leave; what may not be shared goes to who asked first and to nobody else.
 */
final class Fetch implements ClientSide {
    private enum State {
        /** No head has come. */
        ASKED,
        /** The content is arriving in a place where all can read it. */
        FILLING,
        /** What still comes is of no use. */
        DRAINING,
        OVER
    }

    /** Someone who waits. */
    record Waiter(CacheWay way, int turn) {
        void tell(Fetched what) {
            way.lane().loop.execute(() -> way.fetched(turn, what));
        }
    }

    /** More than this of what is of no use is not waited for: the connection ends. */
    private static final long MOST_DRAINED = 1 << 20;

    private final Lane lane;
    private final EdgeCache cache;
    private final CacheKey key;
    private final HeldRequest request;
    private final StoredResponse validated;
    private final boolean ranged;
    private final long requestedMillis;
    private final long epoch;
    private final Exchange exchange;
    /** Who asked first, and gets what may not be shared; null when it was nobody, or has left. */
    private Transaction first;

    // Guarded by this.
    private final List<Waiter> waiters = new ArrayList<>();
    private State state = State.ASKED;
    private StoredHead head;
    private Content content;
    private int status;
    private boolean ended;
    private long drained;

    /**
     * @param key taken
     * @param request what was asked, taken
     * @param validated what is stored and may still be right; its body retained for this; null when there is none
     * @param first who asked, or null
     * @param ranged whether only the part that is asked for is fetched
     */
    Fetch(Lane lane, EdgeCache cache, CacheKey key, HeldRequest request, StoredResponse validated, Transaction first, boolean ranged) {
        this.lane = lane;
        this.cache = cache;
        this.key = key;
        this.request = request;
        this.validated = validated;
        this.first = first;
        this.ranged = ranged;
        this.requestedMillis = lane.millis();
        this.epoch = cache.store().epoch();
        this.exchange = new Exchange(lane, this);
    }

    /** Asks. */
    void begin(RequestHead asked, Peer peer, long now) {
        FieldEdits edits = lane.cachePolicy.asksFor(validated, ranged);
        lane.findFreshness(asked);
        Span recorded = first == null ? null : first.name(asked);
        RequestId.Tracing before = lane.requestId.tracing();
        if (first == null) {
            unrecorded(before); // it goes by the name of the request that it is begun beside, but is no part of it
        }
        lane.requestWriter.write(asked, peer, lane.door.fallbackHost(), lane.requestId, edits, null);
        int length = lane.headBuffer.length();
        ByteBuf message = lane.alloc().directBuffer(length);
        lane.headBuffer.writeTo(message);
        lane.fetches.add(this);
        exchange.record(recorded, lane.requestId.asks(), lane.requestWriter.askingAt());
        lane.requestId.trace(before);
        exchange.begin(lane.door.application(), asked, peer, message, length, true, now);
    }

    private void unrecorded(RequestId.Tracing before) {
        lane.requestId.trace(before == RequestId.Tracing.OFF ? before : RequestId.Tracing.UNRECORDED);
        lane.requestId.asks(0);
    }

    CacheKey key() {
        return key;
    }

    /** Whether its URL was purged since it began: it is for those alone who asked before. */
    synchronized boolean outdated() {
        return cache.store().purgedSince(key, head == null ? List.of() : head.tags(), epoch);
    }

    /** Is not begun after all. */
    void drop() {
        if (validated != null) {
            validated.body().release();
        }
    }

    /** Waits for it, or is told at once; false when it is over. */
    synchronized boolean join(Waiter waiter) {
        switch (state) {
            case ASKED -> waiters.add(waiter);
            case FILLING -> {
                if (!content.retain()) {
                    return false;
                }
                waiter.tell(new Fetched.Response(head, content, status, content.storable(), false, epoch));
            }
            case DRAINING, OVER -> {
                return false;
            }
        }
        return true;
    }

    /** Who asked first has left. */
    void firstLeft() {
        first = null;
    }

    @Override
    public void begins(ResponseHead answer, long now) {
        long nowMillis = lane.millis();
        status = answer.status();
        if (status == 304 && validated != null) {
            confirmed(answer, nowMillis);
        } else if (Reuse.failure(status) && mayServeStale()) {
            tellStale();
        } else if (status == 416 && asksForRest()) {
            unfit();
        } else {
            switch (lane.cachePolicy.decide(request.readInto(lane.fetched), asksForRest(), answer, requestedMillis, nowMillis)) {
                case Storing.Store store -> store(store.head(), answer, now);
                case Storing.Pass _ when status == 206 && asksForRest() -> unfit();
                case Storing.Pass pass -> hand(pass, answer, now);
            }
        }
    }

    /** Whether it asks for less than its client does. */
    private boolean asksForRest() {
        return !ranged && validated != null && !validated.head().range().whole();
    }

    /** What came is not the rest of what is stored: nobody asked for it, so whoever waits asks for the whole. */
    private void unfit() {
        finish(State.DRAINING, Fetched.Unshared::new);
        lane.loop.execute(this::abandon);
    }

    /** One was asked about, and that one it is, whatever tag a 304 gives it; the stored tag stays (RFC 9111 section 3.2). */
    private void confirmed(ResponseHead answer, long nowMillis) {
        StoredHead merged = lane.cachePolicy.merged(request.readInto(lane.fetched), validated.head(), answer, requestedMillis, nowMillis);
        cache.store().refresh(key, validated, merged, epoch);
        finish(State.DRAINING, () -> held(merged, false));
    }

    private boolean mayServeStale() {
        return validated != null && lane.cachePolicy.mayServeStale(request.readInto(lane.fetched), validated, lane.millis());
    }

    private void tellStale() {
        finish(State.DRAINING, () -> held(CachePolicy.headOf(validated, lane.millis()), true));
    }

    /** What is stored, with this head; its content is held by this fetch, and so not gone. */
    private Fetched held(StoredHead with, boolean stale) {
        validated.body().retain();
        return new Fetched.Response(with, validated.body(), status, !stale, stale, epoch);
    }

    private void store(StoredHead fetched, ResponseHead answer, long now) {
        long length = bodiless(answer) ? 0 : answer.chunked() ? -1 : answer.contentLength();
        StoredHead.Part part = fetched.range();
        if (part.whole()) {
            fill(fetched, length, answer);
        } else if (asksForRest() && CachePolicy.completes(validated.head(), fetched) && length == part.end() - part.first()) {
            complete(fetched, answer);
        } else if (ranged && length >= 0 && length <= part.end() - part.first()) {
            // It holds what it holds, whatever it says; who asked for it is told what the origin says.
            if (first != null) {
                first.edits().set(new FieldLine("Content-Range", answer.fields().value(answer.fields().find(FieldName.CONTENT_RANGE))));
            }
            fill(fetched.with(new StoredHead.Part(false, part.first(), part.first() + length, part.length())), length, answer);
        } else if (asksForRest()) {
            unfit();
        } else {
            hand(new Storing.Pass(NotStored.NO_RANGE, 0), answer, now);
        }
    }

    /** What is stored and what comes are the whole (RFC 9111 section 3.4). */
    private void complete(StoredHead rest, ResponseHead answer) {
        ByteBuf beginning = validated.whole();
        fill(rest.with(StoredHead.Part.WHOLE), rest.range().length(), answer);
        content.add(beginning);
        beginning.release();
    }

    private void fill(StoredHead stored, long length, ResponseHead answer) {
        if (first != null && cache.rules().cookies() == CacheRules.Cookies.WITHOUT) {
            setCookies(answer, first);
        }
        content = cache.store().fill(length);
        content.onDemand(() -> lane.loop.execute(exchange::clientWritable));
        head = stored;
        tellAll(State.FILLING, () -> {
            content.retain();
            return new Fetched.Response(stored, content, status, content.storable(), false, epoch);
        });
    }

    /** RFC 9110 section 6.4.1; a fetch is never by HEAD. */
    private static boolean bodiless(ResponseHead answer) {
        return answer.status() == 204;
    }

    /** Cookies are not stored: they are for whoever the origin has answered. */
    private static void setCookies(ResponseHead answer, Transaction to) {
        Fields fields = answer.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.SET_COOKIE && !answer.endsHere(i)) {
                to.edits().add(new FieldLine("Set-Cookie", fields.value(i)));
            }
        }
    }

    /** Gives the answer to who asked first; from now on this has no part in it. */
    private void hand(Storing.Pass why, ResponseHead answer, long now) {
        if (why.hitForMiss() > 0) {
            cache.store().rememberUncacheable(key, lane.millis() + why.hitForMiss() * 1000);
        }
        Transaction to = first;
        if (to == null) {
            finish(State.DRAINING, Fetched.Unshared::new);
            lane.loop.execute(this::abandon);
            return;
        }
        first = null;
        synchronized (this) {
            waiters.removeIf(waiter -> waiter.way() == to.way());
        }
        finish(State.OVER, Fetched.Unshared::new);
        end(() -> { });
        to.takeOver(exchange, answer, now);
    }

    /** Nothing more can come of it: tells all, and makes room for another. */
    private void finish(State last, Supplier<Fetched> what) {
        cache.landed(this);
        tellAll(last, what);
    }

    private void tellAll(State next, Supplier<Fetched> what) {
        List<Waiter> told;
        synchronized (this) {
            state = next;
            told = List.copyOf(waiters);
            waiters.clear();
        }
        told.forEach(waiter -> waiter.tell(what.get()));
    }

    @Override
    public boolean takesWire() {
        return false;
    }

    /** For who asked first, as all that is said of this one answer; a hint to who does not take what is sent already is none. */
    @Override
    public void interim(ResponseHead interim, ByteBuf wire, int from, int to) {
        if (first != null && first.writable()) {
            first.interim(interim, wire, from, to);
        }
    }

    @Override
    public void answer(ResponseHead answer, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        // all was done when it began
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        if (state == State.FILLING && content.add(wire.slice(index, length)) == Content.Demand.STOP) {
            lane.loop.execute(this::stop);
        } else if (state == State.DRAINING && (drained += length) > MOST_DRAINED) {
            lane.loop.execute(this::abandon);
        }
    }

    /** Nobody can come any more once this has looked whether somebody has come. */
    private void stop() {
        synchronized (this) {
            if (state != State.FILLING || content.demand() != Content.Demand.STOP) {
                return;
            }
            state = State.DRAINING;
        }
        abandon();
    }

    /** Nobody wants it any more. */
    void abandon() {
        exchange.clientGone();
        end(() -> {
            if (content != null) {
                content.fail();
            }
        });
    }

    @Override
    public void answered(long now) {
        switch (state) {
            case FILLING -> end(() -> {
                if (content.complete() && content.storable()) {
                    cache.store().put(key, head, content, epoch);
                }
            });
            case ASKED, DRAINING, OVER -> end(() -> { });
        }
    }

    @Override
    public void answer(LocalAnswer refusal) {
        if (mayServeStale()) {
            tellStale();
        } else {
            finish(State.OVER, () -> new Fetched.Refused(refusal));
        }
        end(() -> { });
    }

    @Override
    public void cut() {
        if (state == State.FILLING) {
            end(content::fail);
        } else {
            end(() -> { });
        }
    }

    /** The exchange is over. */
    private void end(Runnable last) {
        if (ended) {
            return;
        }
        ended = true;
        last.run();
        lane.fetches.remove(this);
        cache.landed(this);
        tellAll(State.OVER, () -> new Fetched.Refused(LocalAnswer.BAD_ANSWER)); // who has heard nothing yet, as at a fault of our own
        if (content != null) {
            content.release();
            content = null;
        }
        if (validated != null) {
            validated.body().release();
        }
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        throw new IllegalStateException("a fetch takes content, not chunks");
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        bytes.release();
        throw new IllegalStateException("no upgrade is offered by a fetch");
    }

    @Override
    public void flush() {
        // what is added can be read at once
    }

    @Override
    public boolean writable() {
        return state != State.FILLING || content.demand() != Content.Demand.PAUSE;
    }

    @Override
    public void reading(boolean on) {
        // a fetch has no body
    }
}
