package dev.banyan.http.cache;

import dev.banyan.http.cache.StoredHead.Lifetime;
import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.cache.StoredHead.Source;
import dev.banyan.http.wire.CacheControl;
import dev.banyan.http.wire.ContentRange;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.ResponseHead;
import java.util.Optional;

/**
 * Whether a response is stored, as what, and for how long (RFC 9111 sections 3 and 4.2), for a cache that many share. Pure but for what it reuses; one for
 * each loop. Owned by one IO loop.
 */
public final class Storing {
    /** What is chosen for an error that says nothing of itself, in seconds: long enough against a flood, too short to be missed by who creates the thing. */
    private static final long NEGATIVE = 10;
    private static final byte[] CONTENT_TYPE = HeadBuffer.ascii("content-type");
    private static final String MULTIPART = "multipart/byteranges";

    private final CacheRules rules;
    private final ResponseRules response = new ResponseRules();
    private final SelectingFields selecting = new SelectingFields();
    private final StoredFields kept = new StoredFields();

    public Storing(CacheRules rules) {
        this.rules = rules;
    }

    /** What becomes of a response. */
    public sealed interface Outcome {}

    /** It is stored with this head. */
    public record Store(StoredHead head) implements Outcome {}

    /**
     * It is passed on only.
     *
     * @param hitForMiss for how long requests of its URL are not to wait for each other's answers, in seconds; 0 when this says nothing of the next
     */
    public record Pass(NotStored why, long hitForMiss) implements Outcome {}

    /**
     * Decides on a final response's head.
     *
     * @param requestedMillis when the request was sent, in milliseconds since 1970
     * @param receivedMillis when the head had come
     */
    public Outcome decide(RequestRules request, ResponseHead head, long requestedMillis, long receivedMillis) {
        return decide(request, request.ranged(), head, requestedMillis, receivedMillis);
    }

    /**
     * The same where the origin was asked otherwise than by the client.
     *
     * @param ranged whether the origin was asked for a part
     */
    public Outcome decide(RequestRules request, boolean ranged, ResponseHead head, long requestedMillis, long receivedMillis) {
        Fields fields = head.fields();
        response.read(fields, receivedMillis);
        Optional<NotStored> refusal = refusal(request, head, receivedMillis);
        if (refusal.isPresent()) {
            return pass(refusal.get(), head.status());
        }
        Optional<StoredHead.Vary> vary = selecting.of(fields, request.head().fields());
        if (vary.isEmpty()) {
            return pass(NotStored.VARIES_BY_EVERYTHING, head.status());
        }
        Part part = Part.WHOLE;
        if (head.status() == 206) {
            Optional<Part> held = ranged ? part(head) : Optional.empty();
            if (held.isEmpty()) {
                return pass(several(fields) ? NotStored.SEVERAL_RANGES : NotStored.NO_RANGE, head.status());
            }
            part = held.get();
        }
        byte[] lines = kept.of(head, response, rules.cookies(), receivedMillis);
        StoredHead stored = build(head.status() == 206 ? 200 : head.status(), lines, fields, vary.get(), part, requestedMillis, receivedMillis, false);
        if (!useful(stored)) {
            return pass(stored.lifetime().source() == Source.NOTHING ? NotStored.NO_LIFETIME : NotStored.USELESS, head.status());
        }
        return guess(stored) ? forOneKind(request, stored) : new Store(stored);
    }

    /** Whether the origin has not said that it may be stored at all. */
    private boolean guess(StoredHead stored) {
        Source source = stored.lifetime().source();
        return source == Source.NEGATIVE || source == Source.HEURISTIC && !response.control().isPublic();
    }

    /**
     * What is not there for one visitor may be there for another, and a page may be that visitor's own, whatever its address looks like ("web cache deception"): what says nothing of
     * itself is kept for those alone who show no cookie.
     */
    private Outcome forOneKind(RequestRules request, StoredHead stored) {
        return request.head().fields().find(FieldName.COOKIE) >= 0 ? pass(NotStored.ONE_VISITORS, stored.status()) : new Store(stored.with(SelectingFields.withoutCookie(stored.vary())));
    }

    /** Whether it can ever be used again: for a while without validation, or with it. */
    private static boolean useful(StoredHead stored) {
        Lifetime lifetime = stored.lifetime();
        long left = stored.left(stored.receivedMillis()) + Math.max(lifetime.whileRevalidate(), lifetime.ifError());
        return left > 0 && !lifetime.noCache() || !stored.etag().isEmpty() || stored.lastModifiedMillis() >= 0;
    }

    /** An error tells nothing of the URL's other answers: whoever asks oddly enough to get one must not be able to keep the URL out of the cache for everybody. */
    private Pass pass(NotStored why, int status) {
        return new Pass(why, why.lasting() && !Statuses.error(status) ? rules.hitForMiss() : 0);
    }

    private Optional<NotStored> refusal(RequestRules request, ResponseHead head, long receivedMillis) {
        boolean explicit = response.lifetime(receivedMillis) >= 0;
        return byKind(request, head, explicit).or(() -> byDirectives(request, head.status(), explicit)).or(() -> byLifetime(head.status(), explicit));
    }

    private static Optional<NotStored> byKind(RequestRules request, ResponseHead head, boolean explicit) {
        NotStored why = head.interim() ? NotStored.INTERIM
                : head.status() == 304 ? NotStored.UPDATES_ONLY
                : Statuses.ofOneRequest(head.status()) ? NotStored.REQUESTS_OWN
                : request.reads() && request.head().hasBody() ? NotStored.WITH_BODY
                : stores(request, head, explicit) ? null : NotStored.METHOD;
        return Optional.ofNullable(why);
    }

    private Optional<NotStored> byDirectives(RequestRules request, int status, boolean explicit) {
        CacheControl control = response.control();
        boolean understood = Statuses.understood(status);
        NotStored why = request.noStore() ? NotStored.CLIENT_FORBIDS
                : control.noStore() && !(control.mustUnderstand() && understood) ? NotStored.NO_STORE
                : control.isPrivate() ? NotStored.PRIVATE
                : control.mustUnderstand() && !understood ? NotStored.NOT_UNDERSTOOD
                : request.authorized() && !forOthers(control) ? NotStored.AUTHORIZED
                : refusesCookie(explicit) ? NotStored.SETS_COOKIE : null;
        return Optional.ofNullable(why);
    }

    private Optional<NotStored> byLifetime(int status, boolean explicit) {
        boolean told = explicit || response.control().isPublic() || Statuses.heuristic(status);
        return told ? Optional.empty() : Optional.of(status >= 500 ? NotStored.FAILURE : NotStored.NO_LIFETIME);
    }

    /** GET; and POST where its answer says how long it is fresh and that it is what a GET would get (RFC 9110 section 9.3.3). */
    private static boolean stores(RequestRules request, ResponseHead head, boolean explicit) {
        Method method = request.head().method();
        return method == Method.GET || method == Method.POST && explicit && head.status() == 200 && !request.rewritten() && Targets.namesItself(request.head(), head.fields());
    }

    private static boolean forOthers(CacheControl control) {
        return control.isPublic() || control.sMaxAge() != CacheControl.NONE || control.mustRevalidate();
    }

    private boolean refusesCookie(boolean explicit) {
        return response.setsCookie() && switch (rules.cookies()) {
            case REFUSE -> true;
            case WITHOUT -> !explicit && !response.control().isPublic();
            case KEEP -> false;
        };
    }

    /** What the content is by Content-Range; less where it is shorter than that says, none where it is longer. */
    private Optional<Part> part(ResponseHead head) {
        int field = response.contentRange();
        if (field < 0) {
            return Optional.empty();
        }
        Fields fields = head.fields();
        return ContentRange.read(fields.bytes(), fields.valueStart(field), fields.valueEnd(field)).flatMap(range -> {
            long said = range.last() + 1 - range.first();
            long there = head.contentLength() < 0 ? said : head.contentLength();
            boolean whole = range.first() == 0 && there == range.length();
            Part part = whole ? Part.WHOLE : new Part(false, range.first(), range.first() + there, range.length());
            return there > said || there == 0 ? Optional.empty() : Optional.of(part);
        });
    }

    private static boolean several(Fields fields) {
        int type = fields.find(CONTENT_TYPE);
        return type >= 0 && fields.value(type).regionMatches(true, 0, MULTIPART, 0, MULTIPART.length());
    }

    /**
     * A stored head of fields that were kept before, with the age and the directives of {@link #response}.
     *
     * @param source where etag and dates are read
     * @param forbidden whether it may not be reused without validation, whatever its directives say
     */
    private StoredHead build(
            int status, byte[] lines, Fields source, StoredHead.Vary vary, Part part, long requestedMillis, long receivedMillis, boolean forbidden) {
        long date = response.date() == HttpDate.NONE ? receivedMillis : response.date();
        int etag = source.find(FieldName.ETAG);
        long age = Ages.initialMillis(date, response.age(), requestedMillis, receivedMillis);
        return new StoredHead(status, lines, requestedMillis, receivedMillis, date, age, lifetime(status, date, receivedMillis, forbidden),
                etag < 0 ? "" : source.value(etag), response.lastModified(), vary, part, Tags.of(source));
    }

    private Lifetime lifetime(int status, long dateMillis, long receivedMillis, boolean forbidden) {
        CacheControl control = response.control();
        long said = response.lifetime(receivedMillis);
        Source source = said >= 0 ? response.saidBy() : guessed(status);
        long fresh = switch (source) {
            case HEURISTIC -> Math.clamp((dateMillis - response.lastModified()) / 1000 * rules.heuristicPercent() / 100, 0, rules.heuristicMost());
            case NEGATIVE -> NEGATIVE;
            case NOTHING -> 0;
            default -> said;
        };
        long capped = Statuses.error(status) ? Math.min(fresh, rules.negativeMost()) : fresh;
        boolean mustRevalidate = control.mustRevalidate() || control.proxyRevalidate() || control.sMaxAge() != CacheControl.NONE;
        // What was never fresh may be one visitor's page: it is used stale only where it says so itself.
        long whileRevalidate = said(control.staleWhileRevalidate(), capped > 0 ? rules.whileRevalidate() : 0);
        long ifError = said(control.staleIfError(), capped > 0 ? rules.ifError() : 0);
        boolean noCache = control.noCache() || control.noStore() && !control.mustUnderstand() || control.isPrivate() || forbidden;
        return new Lifetime(response.badAge() ? 0 : capped, whileRevalidate, ifError, noCache, mustRevalidate, source);
    }

    /** What can be guessed where nothing is said (RFC 9111 section 4.2.2). */
    private Source guessed(int status) {
        boolean guessable = Statuses.heuristic(status) || response.control().isPublic();
        if (guessable && response.lastModified() >= 0) {
            return Source.HEURISTIC;
        }
        return Statuses.heuristic(status) && Statuses.error(status) && response.targeted() == Source.NOTHING ? Source.NEGATIVE : Source.NOTHING;
    }

    private static long said(long seconds, long otherwise) {
        return seconds == CacheControl.NONE ? otherwise : seconds;
    }

    /**
     * A stored head with the fields of a newer response in place of its own (RFC 9111 section 3.2).
     *
     * @param request that was answered by it, whose values count where the newer one varies by other fields
     * @param newer a 304, or a 200 to HEAD
     */
    StoredHead update(RequestRules request, StoredHead stored, ResponseHead newer, long requestedMillis, long receivedMillis) {
        response.read(newer.fields(), receivedMillis);
        byte[] lines = kept.merged(stored, newer, response, rules.cookies(), receivedMillis);
        Fields merged = kept.read(lines);
        response.read(merged, receivedMillis);
        response.readAges(newer.fields());
        Optional<StoredHead.Vary> vary = selecting.of(merged, request.head().fields());
        StoredHead updated = build(stored.status(), lines, merged, vary.orElse(stored.vary()), stored.range(), requestedMillis, receivedMillis, vary.isEmpty());
        return guess(updated) ? updated.with(SelectingFields.withoutCookie(updated.vary())) : updated;
    }
}
