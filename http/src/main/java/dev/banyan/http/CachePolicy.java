package dev.banyan.http;

import dev.banyan.http.cache.Body;
import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.CacheStatus;
import dev.banyan.http.cache.Conditions;
import dev.banyan.http.cache.ContentReader;
import dev.banyan.http.cache.Multipart;
import dev.banyan.http.cache.Parts;
import dev.banyan.http.cache.RequestRules;
import dev.banyan.http.cache.Reuse;
import dev.banyan.http.cache.SelectingFields;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.cache.StoredResponse;
import dev.banyan.http.cache.Storing;
import dev.banyan.http.cache.Validation;
import dev.banyan.http.cache.Variants;
import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.http.wire.TargetedCacheControl;
import dev.banyan.topology.Edge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One loop's consultation of the rules of {@code dev.banyan.http.cache}: what it needs for that is made once. Owned by one IO loop. */
final class CachePolicy {
    private static final int STATUS_NAME = "Cache-Status: ".length();
    private static final List<String> CONDITIONS = List.of("If-None-Match", "If-Modified-Since");
    /** Several ranges of more bytes than this are answered with the whole. */
    private static final long MOST_MULTIPART = 1 << 20;

    private final Lane lane;
    private final EdgeCache cache;
    private Edge.Key keyRules;
    private KeyWriter keys;
    private final RequestRules request = new RequestRules();
    private final RequestRules fetched = new RequestRules();
    private final SelectingFields selecting = new SelectingFields();
    private final List<StoredHead> heads = new ArrayList<>();
    private final FieldEdits fetchEdits = new FieldEdits();
    private final HeadBuffer text = new HeadBuffer();
    private final CacheStatus status;
    private final CachedHead head;
    private CacheRules rules;
    private Storing storing;
    private Validation validation;

    CachePolicy(Lane lane, EdgeCache cache) {
        this.lane = lane;
        this.cache = cache;
        this.status = new CacheStatus(cache.name());
        this.head = new CachedHead(lane.headBuffer);
    }

    private CacheRules rules() {
        if (rules != cache.rules()) {
            rules = cache.rules();
            storing = new Storing(rules);
            validation = new Validation(storing);
        }
        return rules;
    }

    /** Reads a request, which what follows is about; its key, until the next is read. */
    CacheKey read(RequestHead newHead, Peer peer) {
        request.read(newHead);
        return keys().of(newHead, ClientAddress.secure(newHead.fields(), peer), lane.door.fallbackHost());
    }

    private KeyWriter keys() {
        Edge.Key now = cache.settings().key();
        if (keyRules != now) {
            keyRules = now;
            keys = new KeyWriter(now);
        }
        return keys;
    }

    /** What of a key's responses answers the request, or null. */
    StoredResponse choose(Variants variants) {
        List<StoredResponse> all = variants.all();
        if (all.isEmpty()) {
            return null;
        }
        heads.clear();
        for (int i = 0; i < all.size(); i++) {
            heads.add(all.get(i).head());
        }
        int chosen = selecting.choose(heads, request);
        return chosen < 0 ? null : all.get(chosen);
    }

    Reuse decide(StoredResponse stored, Variants variants, long nowMillis) {
        return stored == null ? Reuse.missing(request, !variants.isEmpty()) : Reuse.decide(headOf(stored, nowMillis), request, nowMillis, rules());
    }

    /** One that was purged softly is stale, whatever its own head says. */
    static StoredHead headOf(StoredResponse stored, long nowMillis) {
        return stored.isInvalidated() ? stored.head().stale(nowMillis) : stored.head();
    }

    boolean isHead() {
        return request.head().method() == Method.HEAD;
    }

    /** Whether nobody else should wait for the answer to this request. */
    boolean alone() {
        return request.authorized() || request.ranged() || request.noStore();
    }

    boolean ranged() {
        return request.ranged();
    }

    /** Whether a response that another request has fetched, or stale one in its place, answers this one. */
    boolean fits(StoredHead other, boolean stale) {
        return selecting.match(other.vary(), request.head().fields()) && Reuse.collapses(other, stale, request, lane.millis());
    }

    /** {@link Reuse#onError} for a fetch's own request. */
    boolean mayServeStale(RequestHead asked, StoredResponse stored, long nowMillis) {
        fetched.read(asked);
        return Reuse.onError(headOf(stored, nowMillis), fetched, nowMillis) == Reuse.STALE_IF_ERROR;
    }

    /**
     * What a fetch changes in the request it was begun by: the client's conditions are answered here, and what is stored is asked about.
     *
     * @param stored what may still be right, or whose rest may make it whole; or null
     */
    FieldEdits asksFor(StoredResponse stored, boolean ranged) {
        asksFor(stored, ranged, validation(), fetchEdits);
        fetchEdits.set(TargetedCacheControl.CAPABILITY);
        return fetchEdits;
    }

    static void asksFor(StoredResponse stored, boolean ranged, Validation by, FieldEdits edits) {
        edits.clear();
        if (ranged) {
            // If-Range goes on with Range: it is the origin's to say whether its part fits what the client has.
            CONDITIONS.forEach(edits::remove);
        } else if (stored == null || !(stored.head().range().whole() ? by.conditional(List.of(stored.head()), 0, edits) : Parts.askForRest(stored.head(), edits))) {
            edits.clear();
            Validation.unconditional(edits, true);
        }
    }

    /** Whether what has come is the rest of what is stored. */
    static boolean completes(StoredHead stored, StoredHead rest) {
        return !stored.range().whole() && !rest.range().whole() && Parts.alike(stored, rest) && rest.range().first() == stored.range().end() && rest.range().end() == rest.range().length();
    }

    private Validation validation() {
        rules();
        return validation;
    }

    /**
     * What becomes of a response that was fetched.
     *
     * @param rest whether the origin was asked for the rest of what is stored, whatever the client asked for
     */
    Storing.Outcome decide(RequestHead asked, boolean rest, ResponseHead answer, long requestedMillis, long nowMillis) {
        rules();
        fetched.read(asked);
        return storing.decide(fetched, rest || fetched.ranged(), answer, requestedMillis, nowMillis);
    }

    StoredHead merged(RequestHead asked, StoredHead stored, ResponseHead notModified, long requestedMillis, long nowMillis) {
        fetched.read(asked);
        return validation().merge(fetched, stored, notModified, requestedMillis, nowMillis);
    }

    /** Brings what is stored up to date with the answer to a HEAD, or has it validated before it is used again. */
    void freshen(CacheKey key, RequestHead asked, ResponseHead answer, long requestedMillis, long epoch) {
        fetched.read(asked);
        for (StoredResponse stored : cache.store().lookup(key).all()) {
            boolean answers = answer.status() == 200 && stored.head().range().whole() && selecting.match(stored.head().vary(), asked.fields());
            if (answers) {
                validation().freshen(fetched, stored.head(), stored.length(), answer, requestedMillis, lane.millis())
                        .ifPresentOrElse(newer -> cache.store().refresh(key, stored, newer, epoch), () -> cache.store().outdate(key));
            }
        }
    }

    /** Says a hit. */
    void hit(StoredHead stored, long nowMillis) {
        status.clear().ttl(stored.left(nowMillis));
    }

    /** Says what was fetched, and why. */
    void fetched(Reuse why, Fetched.Response response, boolean collapsed, long nowMillis) {
        status.clear().forward(CacheStatus.Forward.of(why)).ttl(response.head().left(nowMillis));
        if (response.fetchStatus() != response.head().status()) {
            status.forwardStatus(response.fetchStatus());
        }
        if (response.stored()) {
            status.stored();
        }
        if (collapsed) {
            status.collapsed();
        }
        if (response.stale()) {
            status.detail(Reuse.STALE_IF_ERROR.words());
        }
    }

    /**
     * A line that says why a request goes on, past the cache.
     *
     * @param unshared whether its answer is known to be for one client alone
     */
    FieldLine forwarded(Reuse why, boolean unshared) {
        status.clear().forward(unshared ? CacheStatus.Forward.BYPASS : CacheStatus.Forward.of(why));
        status.write(text.clear());
        return new FieldLine("Cache-Status", new String(text.bytes(), STATUS_NAME, text.length() - STATUS_NAME - 2, StandardCharsets.US_ASCII));
    }

    /**
     * Answers the request that was read with a response, a part of it, or what its conditions make of it; {@link #hit} or {@link #fetched} was said before.
     *
     * @return false when nothing was sent: its content is gone, or does not hold what is asked for
     */
    boolean answer(StoredHead stored, Body body, CachedAnswer to, long nowMillis, long now) {
        StoredHead.Part part = stored.range();
        long length = part.whole() ? body.length() : part.length();
        return switch (Conditions.of(request, stored, length, nowMillis)) {
            case WHOLE -> part.whole() && whole(stored, body, length, to, nowMillis, now);
            case PARTIAL -> request.ranges().count() == 1 ? range(stored, body, length, to, nowMillis, now) : ranges(stored, body, length, to, nowMillis, now);
            case NOT_MODIFIED -> {
                head.begin(304, stored, nowMillis, status).nothing();
                yield to.headOnly(now);
            }
            case PRECONDITION_FAILED -> {
                head.begin(412, stored, nowMillis, status).content(0);
                yield to.headOnly(now);
            }
            case NOT_SATISFIABLE -> {
                head.begin(416, stored, nowMillis, status).unsatisfied(length).content(0);
                yield to.headOnly(now);
            }
        };
    }

    private boolean whole(StoredHead stored, Body body, long length, CachedAnswer to, long nowMillis, long now) {
        head.begin(stored.status(), stored, nowMillis, status);
        if (stored.status() == 204) {
            head.nothing();
            return to.headOnly(now);
        }
        if (isHead()) {
            if (length >= 0) {
                head.content(length);
            } else {
                head.nothing();
            }
            return to.headOnly(now);
        }
        ByteBuf content = body.whole();
        if (content != null) {
            if (to.takes(content.readableBytes())) {
                head.content(content.readableBytes());
                return to.whole(content, now);
            }
            content.release();
        }
        head.content(length);
        return stream(body.open(0, Long.MAX_VALUE), length, to, now);
    }

    private static boolean stream(ContentReader reader, long length, CachedAnswer to, long now) {
        return reader != null && to.stream(reader, length, now);
    }

    /** Answers with a part just as the origin sent it, which may be another than was asked for (RFC 9110 section 14.2). */
    boolean part(StoredHead stored, Body body, CachedAnswer to, long nowMillis, long now) {
        StoredHead.Part part = stored.range();
        head.begin(206, stored, nowMillis, status).range(part.first(), part.end(), part.length()).content(part.end() - part.first());
        return stream(body.open(0, Long.MAX_VALUE), part.end() - part.first(), to, now);
    }

    private boolean range(StoredHead stored, Body body, long length, CachedAnswer to, long nowMillis, long now) {
        long from = request.ranges().first(0);
        long end = request.ranges().end(0);
        long base = stored.range().first();
        head.begin(206, stored, nowMillis, status).range(from, end, length).content(end - from);
        return stream(body.open(from - base, end - base), end - from, to, now);
    }

    /** Several ranges are put together from what is here; what must be waited for is sent whole, as every server may (RFC 9110 section 14.2). */
    private boolean ranges(StoredHead stored, Body body, long length, CachedAnswer to, long nowMillis, long now) {
        ByteRanges ranges = request.ranges();
        ByteBuf content = ranges.total() <= MOST_MULTIPART && to.takes((int) ranges.total()) && stored.range().whole() ? body.whole() : null;
        if (content == null) {
            return stored.range().whole() && whole(stored, body, length, to, nowMillis, now);
        }
        Multipart multipart = new Multipart(Long.toUnsignedString(lane.random.nextLong(), 36) + Long.toUnsignedString(lane.random.nextLong(), 36), type(stored), length);
        ByteBuf parts = lane.alloc().directBuffer((int) multipart.bodyLength(ranges));
        for (int i = 0; i < ranges.count(); i++) {
            multipart.head(ranges, i, text.clear());
            text.writeTo(parts);
            parts.writeBytes(content, content.readerIndex() + (int) ranges.first(i), (int) (ranges.end(i) - ranges.first(i)));
        }
        multipart.end(text.clear());
        text.writeTo(parts);
        content.release();
        head.beginMultipart(stored, multipart.contentType(), nowMillis, status).content(parts.readableBytes());
        return to.whole(parts, now);
    }

    private static String type(StoredHead stored) {
        for (String line : new String(stored.fields(), StandardCharsets.ISO_8859_1).split("\r\n")) {
            if (line.regionMatches(true, 0, "content-type:", 0, 13)) {
                return line.substring(13).strip();
            }
        }
        return "";
    }
}
