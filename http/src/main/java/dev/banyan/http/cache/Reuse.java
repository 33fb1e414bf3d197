package dev.banyan.http.cache;

import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.CacheControl;

/** What is done for a request about the response that is stored for it, and why (RFC 9111 section 4). Deciding is pure and allocates nothing. */
public enum Reuse {
    FRESH(Act.SERVE, "it is within its lifetime", "RFC 9111 section 4.2"),
    CLIENT_TAKES_STALE(Act.SERVE, "the client takes one that is this stale (max-stale)", "RFC 9111 section 5.2.1.2"),
    STALE_WHILE_REVALIDATE(Act.SERVE_AND_REVALIDATE, "it is stale, and may be used while a new one is fetched", "RFC 5861 section 3"),
    STALE(Act.VALIDATE, "it is past its lifetime", "RFC 9111 section 4.2"),
    MUST_REVALIDATE(Act.VALIDATE, "it is past its lifetime and must not be used stale", "RFC 9111 section 5.2.2.2"),
    NO_CACHE(Act.VALIDATE, "it must be validated before each use (no-cache)", "RFC 9111 section 5.2.2.4"),
    CLIENT_RELOADS(Act.VALIDATE, "the client wants it validated (no-cache)", "RFC 9111 section 5.2.1.4"),
    CLIENT_WANTS_YOUNGER(Act.VALIDATE, "it is older than the client takes (max-age)", "RFC 9111 section 5.2.1.1"),
    CLIENT_WANTS_FRESHER(Act.VALIDATE, "it is not fresh for as long as the client wants (min-fresh)", "RFC 9111 section 5.2.1.3"),
    NOTHING_STORED(Act.FETCH, "nothing is stored", "RFC 9111 section 4"),
    OTHER_VARIANTS(Act.FETCH, "what is stored answers other requests (Vary)", "RFC 9111 section 4.1"),
    OTHER_BYTES(Act.FETCH, "what is stored does not hold the bytes that are asked for", "RFC 9111 section 3.3"),
    OTHER_METHOD(Act.PASS, "stored responses answer GET and HEAD only", "RFC 9111 section 4"),
    WITH_BODY(Act.PASS, "what stands in its body would not be part of what it is stored under", "RFC 9110 section 9.3.1"),
    REWRITTEN(Act.PASS, "a field names another URL or method, which would not be part of what it is stored under (X-Original-URL, X-HTTP-Method-Override and the like)", "RFC 9111 section 2"),
    UPGRADE(Act.PASS, "it asks for another protocol", "RFC 9110 section 7.8"),
    ORIGINS_CONDITION(Act.PASS, "its condition is for the origin alone (If-Match, If-Unmodified-Since)", "RFC 9111 section 4.3.2"),
    ONLY_IF_CACHED(Act.REFUSE, "the client wants no answer from further away, and none that is stored fits", "RFC 9111 section 5.2.1.7"),
    STALE_IF_ERROR(Act.SERVE, "no new one can be had, and it may be used stale for a while then", "RFC 5861 section 4"),
    TOO_STALE(Act.REFUSE, "no new one can be had, and it is too stale to be used", "RFC 9111 section 4.2.4"),
    NEVER_STALE(Act.REFUSE, "no new one can be had, and it must not be used without validation", "RFC 9111 section 4.2.4");

    /** What is done. */
    public enum Act {
        /** Answer from what is stored. */
        SERVE,
        /** Answer from what is stored, and validate it beside that. */
        SERVE_AND_REVALIDATE,
        /** Ask the origin whether what is stored still holds. */
        VALIDATE,
        /** Ask the origin for the response. */
        FETCH,
        /** Send it on; the cache has no part in it but for what it invalidates. */
        PASS,
        /** Answer 504, or with the origin's own failure. */
        REFUSE
    }

    private final Act act;
    private final String words;
    private final String section;

    Reuse(Act act, String words, String section) {
        this.act = act;
        this.words = words;
        this.section = section;
    }

    public Act act() {
        return act;
    }

    /** A sentence without its full stop; "it" is what is stored. */
    public String words() {
        return words;
    }

    /** What decided. */
    public String section() {
        return section;
    }

    /**
     * What is done when there is something stored whose {@code Vary} the request matches.
     *
     * @param nowMillis in milliseconds since 1970
     */
    public static Reuse decide(StoredHead stored, RequestRules request, long nowMillis, CacheRules rules) {
        if (!request.lookedUp()) {
            return passing(request);
        }
        Reuse reuse = holds(stored.range(), request) ? decideWhole(stored, request, nowMillis, rules) : OTHER_BYTES;
        return further(reuse, request);
    }

    /**
     * What is done when nothing fits.
     *
     * @param otherVariants whether something is stored for the URL that other requests are answered with
     */
    public static Reuse missing(RequestRules request, boolean otherVariants) {
        if (!request.lookedUp()) {
            return passing(request);
        }
        return further(otherVariants ? OTHER_VARIANTS : NOTHING_STORED, request);
    }

    /**
     * Whether a response that was fetched for another request answers this one as well, which waited for it meanwhile (RFC 9111 section 4: requests may be
     * collapsed where a stored response could be reused). One that must be validated before each use may not: it can be the other one's own page.
     *
     * @param fetched whose {@code Vary} the request matches
     * @param instead whether it is a stale one in place of the origin's failure
     */
    public static boolean collapses(StoredHead fetched, boolean instead, RequestRules request, long nowMillis) {
        if (!request.lookedUp() || !holds(fetched.range(), request)) {
            return false;
        }
        boolean fresh = fetched.lifetime().shareable() && fetched.left(nowMillis) > 0;
        return fresh || instead && onError(fetched, request, nowMillis) == STALE_IF_ERROR;
    }

    /** What is done with a stored response when the origin cannot be asked, or answers 500, 502, 503 or 504 (RFC 9111 sections 4.2.4 and 4.3.3). */
    public static Reuse onError(StoredHead stored, RequestRules request, long nowMillis) {
        StoredHead.Lifetime lifetime = stored.lifetime();
        long beyond = -stored.left(nowMillis);
        if (lifetime.noCache() || lifetime.mustRevalidate() && beyond >= 0) {
            return NEVER_STALE;
        }
        long grace = Math.max(lifetime.ifError(), request.control().staleIfError());
        boolean near = beyond < 0 || grace > 0 && beyond <= grace;
        return near && holds(stored.range(), request) ? STALE_IF_ERROR : TOO_STALE;
    }

    /** Whether a status is the origin's failure, in whose place a stored response may be used as {@link #onError} says (RFC 5861 section 4). */
    public static boolean failure(int status) {
        return Statuses.failure(status);
    }

    private static Reuse passing(RequestRules request) {
        if (!request.reads()) {
            return OTHER_METHOD;
        }
        if (request.head().hasBody()) {
            return WITH_BODY;
        }
        if (request.rewritten()) {
            return REWRITTEN;
        }
        return request.head().upgrade() >= 0 ? UPGRADE : ORIGINS_CONDITION;
    }

    private static Reuse decideWhole(StoredHead stored, RequestRules request, long nowMillis, CacheRules rules) {
        long left = stored.left(nowMillis);
        if (stored.lifetime().noCache()) {
            return NO_CACHE;
        }
        Reuse wish = rules.reload() ? wish(stored, request, left, nowMillis) : FRESH;
        if (wish != FRESH || left > 0) {
            return wish;
        }
        if (stored.lifetime().mustRevalidate()) {
            return MUST_REVALIDATE;
        }
        if (request.control().maxStale() >= -left) {
            return CLIENT_TAKES_STALE;
        }
        return stored.lifetime().whileRevalidate() >= -left && stored.lifetime().whileRevalidate() > 0 ? STALE_WHILE_REVALIDATE : STALE;
    }

    /** What the client asks for beyond what it is owed; {@link #FRESH} when it asks for nothing more. */
    private static Reuse wish(StoredHead stored, RequestRules request, long left, long nowMillis) {
        CacheControl control = request.control();
        if (request.noCache()) {
            return CLIENT_RELOADS;
        }
        if (control.maxAge() != CacheControl.NONE && stored.age(nowMillis) > control.maxAge()) {
            return CLIENT_WANTS_YOUNGER;
        }
        return control.minFresh() != CacheControl.NONE && control.minFresh() > left ? CLIENT_WANTS_FRESHER : FRESH;
    }

    private static Reuse further(Reuse reuse, RequestRules request) {
        boolean further = reuse.act == Act.VALIDATE || reuse.act == Act.FETCH;
        return further && request.onlyIfCached() ? ONLY_IF_CACHED : reuse;
    }

    /** Whether a part has all bytes that are asked for (RFC 9111 section 3.3). */
    static boolean holds(StoredHead.Part part, RequestRules request) {
        ByteRanges ranges = request.ranges();
        if (part.whole()) {
            return true;
        }
        if (ranges.asked() != 1) {
            return false;
        }
        if (part.length() >= 0) {
            return ranges.resolve(part.length()) == 1 && ranges.first(0) >= part.first() && ranges.end(0) <= part.end();
        }
        return ranges.askedFirst() >= part.first() && ranges.askedLast() >= 0 && ranges.askedLast() < part.end();
    }
}
