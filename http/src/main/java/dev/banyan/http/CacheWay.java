package dev.banyan.http;

import dev.banyan.http.cache.Body;
import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.Reuse;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.cache.StoredResponse;
import dev.banyan.http.cache.Storing;
import dev.banyan.http.cache.Variants;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The way of one request through an edge's cache: looks, answers from what is stored, or waits for a {@link Fetch}. Reused by its transaction
 * for one request after the other. Owned by one IO loop.
 */
final class CacheWay {
    /** A response that is gone between its finding and its reading is looked for again so often, then asked for. */
    private static final int MOST_LOOKS = 3;

    private final Lane lane;
    private final EdgeCache cache;
    private final Transaction transaction;
    private final CachedAnswer answer;
    private HeldRequest held = new HeldRequest();
    private boolean waiting;
    /** Tells news for this request from news for an earlier one. */
    private int turn;
    private Peer peer;
    /** The fetch that it began, and that may give it what is for nobody else. */
    private Fetch leading;
    private boolean joined;
    private Reuse reuse;
    private int looks;
    /** The number of the last purge when this looked: what was purged by then is no answer, wherever it comes from. */
    private long epoch;
    /** The URL of a request that went on, where its answer matters; else null. */
    private CacheKey watched;
    private Method watchedMethod;
    private long watchedMillis;
    private long watchedEpoch;
    /** Of an answer that goes by; mostly null. */
    private PassingCopy copy;

    CacheWay(Lane lane, EdgeCache cache, Transaction transaction) {
        this.lane = lane;
        this.cache = cache;
        this.transaction = transaction;
        this.answer = new CachedAnswer(lane, transaction);
    }

    Lane lane() {
        return lane;
    }

    /**
     * Begins with a request that has no body.
     *
     * @param head read only during this call
     * @return whether it is answered here, now or later; otherwise it is to be forwarded
     */
    boolean begin(RequestHead head, Peer from, long now) {
        peer = from;
        turn++;
        watched = null;
        looks = 0;
        joined = false;
        reuse = null;
        return look(head, true, now);
    }

    /** @param mayRecall whether what lies on disk may be waited for */
    private boolean look(RequestHead head, boolean mayRecall, long now) {
        looks++;
        epoch = cache.store().epoch();
        CachePolicy policy = lane.cachePolicy;
        CacheKey probe = policy.read(head, peer);
        Variants variants = cache.store().lookup(probe);
        StoredResponse stored = policy.choose(variants);
        if (stored == null && variants.onDisk() && mayRecall) {
            recall(head, probe);
            return true;
        }
        long nowMillis = lane.millis(now);
        reuse = policy.decide(stored, variants, nowMillis);
        return switch (reuse.act()) {
            case SERVE -> serve(head, stored, now);
            case SERVE_AND_REVALIDATE -> {
                revalidate(head, probe, stored, now);
                policy.read(head, peer);
                yield serve(head, stored, now);
            }
            case VALIDATE, FETCH -> {
                boolean unshared = variants.uncacheableUntilMillis() > nowMillis;
                if (policy.isHead() || unshared) {
                    yield pass(policy.forwarded(reuse, unshared));
                }
                if (!transaction.refusesToAsk(now)) {
                    fetch(head, probe, stored, now);
                }
                yield true;
            }
            case PASS -> pass(policy.forwarded(reuse, false));
            case REFUSE -> {
                transaction.refuse(EdgeCache.ONLY_IF_CACHED);
                yield true;
            }
        };
    }

    private boolean pass(FieldLine status) {
        transaction.cacheStatus(status);
        return false;
    }

    private boolean serve(RequestHead head, StoredResponse stored, long now) {
        StoredHead current = CachePolicy.headOf(stored, lane.millis(now));
        lane.cachePolicy.hit(current, lane.millis(now));
        if (send(current, stored.body(), now)) {
            return true;
        }
        if (looks < MOST_LOOKS) {
            return look(head, false, now); // evicted this very moment
        }
        return pass(lane.cachePolicy.forwarded(Reuse.NOTHING_STORED, false));
    }

    /** Answers with a stored head and content, or a part of it, or with what the request's own conditions make of it; false when the content is gone. */
    private boolean send(StoredHead head, Body body, long now) {
        return lane.cachePolicy.answer(head, body, answer, lane.millis(now), now);
    }

    /** Has a response that is served stale confirmed or fetched anew behind the client's back. */
    private void revalidate(RequestHead head, CacheKey probe, StoredResponse stored, long now) {
        if (cache.fetching(probe) != null || !stored.body().retain()) {
            return;
        }
        HeldRequest own = new HeldRequest();
        own.hold(head, Unpooled.EMPTY_BUFFER, 0, 0, true);
        Fetch fetch = new Fetch(lane, cache, probe.copy(), own, stored, null, false);
        if (cache.takesOff(fetch)) {
            fetch.begin(head, peer, now);
        } else {
            fetch.drop();
        }
    }

    private void fetch(RequestHead head, CacheKey probe, StoredResponse stored, long now) {
        hold(head);
        CachePolicy policy = lane.cachePolicy;
        boolean alone = policy.alone() || stored != null && !stored.head().lifetime().shareable(); // nobody else could use the answer
        Fetch.Waiter me = new Fetch.Waiter(this, turn);
        Fetch other = alone || joined ? null : cache.fetching(probe);
        if (other != null && other.join(me)) {
            joined = true;
            return;
        }
        StoredResponse base = stored;
        StoredResponse validated = base != null && worthAsking(base, policy.ranged()) && base.body().retain() ? base : null;
        HeldRequest own = new HeldRequest();
        own.hold(head, Unpooled.EMPTY_BUFFER, 0, 0, true);
        Fetch fetch = new Fetch(lane, cache, probe.copy(), own, validated, transaction, policy.ranged());
        if (!alone && !joined) {
            cache.takesOff(fetch); // when another was quicker this one flies alone
        }
        leading = fetch;
        fetch.join(me);
        fetch.begin(head, peer, now);
    }

    /** A part is asked about only for its rest, and only when it lies in memory in one piece, to be put before that. */
    static boolean worthAsking(StoredResponse stored, boolean ranged) {
        if (stored.head().range().whole()) {
            return !ranged;
        }
        ByteBuf here = ranged ? null : stored.whole();
        if (here != null) {
            here.release();
        }
        return here != null;
    }

    /** What was waited for is there; on this way's loop. */
    void fetched(int asked, Fetched what) {
        if (!waiting || asked != turn) {
            drop(what);
            return;
        }
        boolean mine = leading != null;
        long now = lane.now();
        switch (what) {
            case Fetched.Response response -> fetched(response, mine, now);
            case Fetched.Unshared _ -> {
                release();
                RequestHead head = held.readInto(lane.request);
                transaction.cacheStatus(lane.cachePolicy.forwarded(reuse, false));
                transaction.forwardHeld(head, now);
            }
            case Fetched.Refused refused -> {
                release();
                transaction.refuse(refused.answer());
            }
        }
    }

    private void fetched(Fetched.Response response, boolean mine, long now) {
        release();
        RequestHead head = held.readInto(lane.request);
        CachePolicy policy = lane.cachePolicy;
        CacheKey key = policy.read(head, peer);
        boolean purged = response.epoch() < epoch && cache.store().purgedSince(key, response.head().tags(), response.epoch());
        boolean fits = mine || !purged && policy.fits(response.head(), response.stale());
        joined &= !purged;
        try {
            policy.fetched(reuse, response, !mine, lane.millis());
            boolean asItCame = mine && !response.head().range().whole() && !response.stale();
            if (asItCame ? policy.part(response.head(), response.body(), answer, lane.millis(now), now) : fits && send(response.head(), response.body(), now)) {
                return;
            }
        } finally {
            response.body().release();
        }
        again(head, now); // another variant was fetched, or it went before it could be read
    }

    private void again(RequestHead head, long now) {
        transaction.rename(head);
        if (looks >= MOST_LOOKS) {
            transaction.cacheStatus(lane.cachePolicy.forwarded(reuse, false));
            transaction.forwardHeld(head, now);
        } else if (!look(head, false, now)) {
            transaction.forwardHeld(held.readInto(lane.request), now);
        }
    }

    private static void drop(Fetched what) {
        if (what instanceof Fetched.Response response) {
            response.body().release();
        }
    }

    /** Waits for what lies on disk, then looks again. */
    private void recall(RequestHead head, CacheKey probe) {
        hold(head);
        int asked = turn;
        cache.store().recall(probe.copy()).whenComplete((_, _) -> lane.loop.execute(() -> recalled(asked)));
    }

    private void recalled(int asked) {
        if (waiting && asked == turn) {
            release();
            again(held.readInto(lane.request), lane.now());
        }
    }

    private void hold(RequestHead head) {
        waiting = true;
        held.hold(head, Unpooled.EMPTY_BUFFER, 0, 0, true);
    }

    private void release() {
        waiting = false;
        leading = null;
    }

    /** The fetch that this began is for its client alone, and has become the transaction's own exchange. */
    void tookOver() {
        transaction.cacheStatus(lane.cachePolicy.forwarded(reuse, false));
        release();
    }

    /** A request that is nothing for the cache. */
    void bypassed() {
        reuse = null;
    }

    /** A request goes on to the origin: its answer may say something of what is stored. */
    void watch(RequestHead head, Peer from) {
        watched = null;
        if (!head.method().safe() || head.method() == Method.HEAD) {
            watched = lane.cachePolicy.read(head, from).copy();
            watchedMethod = head.method();
            watchedMillis = lane.millis();
            watchedEpoch = cache.store().epoch();
            if (watchedMethod == Method.HEAD || watchedMethod == Method.POST) {
                held.hold(head, Unpooled.EMPTY_BUFFER, 0, 0, true);
            }
        }
    }

    /** The answer to a request that went on. */
    void passed(ResponseHead answer) {
        if (watched == null) {
            return;
        }
        CacheKey key = watched;
        watched = null;
        if (watchedMethod == Method.HEAD) {
            lane.cachePolicy.freshen(key, held.readInto(lane.fetched), answer, watchedMillis, watchedEpoch);
            return;
        }
        StoredHead asOfGet = watchedMethod == Method.POST ? asOfGet(key, answer) : null;
        long number = cache.answered(key, watchedMethod, answer);
        if (asOfGet != null && number >= 0) {
            copy = new PassingCopy(cache.store(), key, asOfGet, answer.contentLength(), number);
        }
    }

    /** What is stored of a POST's answer that is a GET's as well; null when it is not, or was purged before it came. */
    private StoredHead asOfGet(CacheKey key, ResponseHead answer) {
        boolean measured = answer.contentLength() >= 0 && !answer.chunked();
        return measured && lane.cachePolicy.decide(held.readInto(lane.fetched), false, answer, watchedMillis, lane.millis()) instanceof Storing.Store(StoredHead head)
                && !cache.store().purgedSince(key, head.tags(), watchedEpoch) ? head : null;
    }

    /** Bytes of an answer to a request that went on have gone by, at {@code wire[from, to)}. */
    void passing(ByteBuf wire, int from, int to) {
        if (copy != null && !copy.add(wire, from, to)) {
            dropCopy();
        }
    }

    /** All of it has. */
    void passedWhole() {
        if (copy != null) {
            copy.store();
            copy = null;
        }
    }

    /** It has ended before its end, or what it says is nobody else's. */
    void dropCopy() {
        if (copy != null) {
            copy.drop();
            copy = null;
        }
    }

    /** The client takes more again. */
    void resume() {
        answer.resume();
    }

    /** The client has gone, or what was waited for does not matter any more. */
    void leave() {
        turn++;
        if (leading != null) {
            leading.firstLeft();
        }
        release();
        answer.end();
    }

    /** What became of the request here, in one word; once it is over. */
    String verdict() {
        if (reuse == null) {
            return "bypass";
        }
        return switch (reuse.act()) {
            case SERVE -> "hit";
            case SERVE_AND_REVALIDATE -> "stale";
            case VALIDATE -> joined ? "collapsed" : "validated";
            case FETCH -> joined ? "collapsed" : "miss";
            case PASS -> "pass";
            case REFUSE -> "refused";
        };
    }

    /** What of the answer's content was sent. */
    long sent() {
        return answer.sent();
    }
}
