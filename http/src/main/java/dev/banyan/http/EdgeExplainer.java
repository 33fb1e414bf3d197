package dev.banyan.http;

import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.Conditions;
import dev.banyan.http.cache.RequestRules;
import dev.banyan.http.cache.Reuse;
import dev.banyan.http.cache.SelectingFields;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.cache.StoredResponse;
import dev.banyan.http.cache.Storing;
import dev.banyan.http.cache.Validation;
import dev.banyan.http.cache.Variants;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Decides about one request what {@link CacheWay} would, and says what that is instead of doing it. */
final class EdgeExplainer {
    private final String edge;
    private final CacheRules rules;
    private final Inquiry inquiry;
    private final long nowMillis;
    private final RequestRules request = new RequestRules();

    /** @param edge its name */
    EdgeExplainer(String edge, CacheRules rules, Inquiry inquiry, long nowMillis) {
        this.edge = edge;
        this.rules = rules;
        this.inquiry = inquiry;
        this.nowMillis = nowMillis;
        request.read(inquiry.head());
    }

    /** @param fetching whether a fetch of that key is under way */
    EdgeExplanation explain(String key, Variants variants, boolean fetching) {
        List<StoredHead> heads = variants.all().stream().map(StoredResponse::head).toList();
        int place = heads.isEmpty() ? -1 : new SelectingFields().choose(heads, request);
        StoredResponse chosen = place < 0 ? null : variants.all().get(place);
        Reuse reuse = chosen == null ? Reuse.missing(request, !variants.isEmpty()) : Reuse.decide(CachePolicy.headOf(chosen, nowMillis), request, nowMillis, rules);
        long unshared = Math.max(0, variants.uncacheableUntilMillis() - nowMillis);
        boolean joins = fetching && !alone(chosen);
        boolean past = passes(reuse, unshared);
        boolean asks = !past && !joins && (reuse.act() == Reuse.Act.VALIDATE || reuse.act() == Reuse.Act.FETCH)
                || reuse.act() == Reuse.Act.SERVE_AND_REVALIDATE && !fetching;
        return new EdgeExplanation(edge, inquiry.discretion().in(key), IntStream.range(0, heads.size()).mapToObj(i -> stored(variants.all().get(i), i == place)).toList(),
                variants.onDisk(), unshared, fetching, reuse, past && unshared > 0 && reuse.act() != Reuse.Act.PASS ? unshared(unshared) : does(reuse, chosen, joins, fetching),
                past || asks, asks ? sends(reuse, chosen) : List.of());
    }

    /** Whether it goes past the cache. */
    private boolean passes(Reuse reuse, long unshared) {
        return switch (reuse.act()) {
            case PASS -> true;
            case VALIDATE, FETCH -> unshared > 0 || request.head().method() == Method.HEAD;
            case SERVE, SERVE_AND_REVALIDATE, REFUSE -> false;
        };
    }

    /** As {@link CacheWay} says it. */
    private boolean alone(StoredResponse chosen) {
        return request.authorized() || request.ranged() || request.noStore() || chosen != null && !chosen.head().lifetime().shareable();
    }

    private static String unshared(long millis) {
        return String.format(Locale.ROOT, "sends it on, past the cache: its answer was not to be stored when it was asked for last, so for %.0f s more nobody waits for another's (hit-for-miss)", Math.ceil(millis / 1000.0));
    }

    private String does(Reuse reuse, StoredResponse chosen, boolean joins, boolean fetching) {
        return switch (reuse.act()) {
            case SERVE -> answers(chosen);
            case SERVE_AND_REVALIDATE -> answers(chosen) + (fetching ? ", while a fetch is under way" : ", and has it validated behind that");
            case VALIDATE, FETCH -> {
                if (request.head().method() == Method.HEAD) {
                    yield "sends it on, past the cache: a HEAD's answer has no content to store";
                }
                if (joins) {
                    yield "waits for the fetch that is under way, and asks nothing itself";
                }
                String what = reuse.act() == Reuse.Act.VALIDATE && CacheWay.worthAsking(chosen, request.ranged()) ? "asks whether it still holds" : "asks for it";
                yield what + (alone(chosen) ? ", for this client alone" : ", for all who wait");
            }
            case PASS -> "sends it on, past the cache";
            case REFUSE -> "answers 504: " + EdgeCache.ONLY_IF_CACHED.reason();
        };
    }

    private String answers(StoredResponse chosen) {
        StoredHead head = chosen.head();
        return switch (Conditions.of(request, head, head.range().whole() ? chosen.length() : head.range().length(), nowMillis)) {
            case WHOLE -> "answers " + head.status() + " from what is stored";
            case PARTIAL -> "answers 206 from what is stored, the bytes that are asked for";
            case NOT_MODIFIED -> "answers 304: the client has it (RFC 9110 section 13.2.2)";
            case PRECONDITION_FAILED -> "answers 412: the client wants it only if it were another (RFC 9110 section 13.2.2)";
            case NOT_SATISFIABLE -> "answers 416: there are no such bytes (RFC 9110 section 14.2)";
        };
    }

    private List<String> sends(Reuse reuse, StoredResponse chosen) {
        boolean ranged = request.ranged() && reuse.act() != Reuse.Act.SERVE_AND_REVALIDATE;
        StoredResponse asked = chosen != null && CacheWay.worthAsking(chosen, ranged) ? chosen : null;
        FieldEdits edits = new FieldEdits();
        CachePolicy.asksFor(asked, ranged, new Validation(new Storing(rules)), edits);
        Stream<String> gone = IntStream.range(0, request.head().fields().count()).filter(i -> edits.removes(request.head().fields(), i)).mapToObj(i -> "without " + name(i));
        return Stream.concat(edits.added().stream().map(line -> line.name() + ": " + line.value()), gone).distinct().toList();
    }

    private String name(int field) {
        var fields = request.head().fields();
        return new String(fields.bytes(), fields.nameStart(field), fields.nameEnd(field) - fields.nameStart(field), StandardCharsets.ISO_8859_1);
    }

    private EdgeExplanation.Stored stored(StoredResponse one, boolean chosen) {
        StoredHead head = CachePolicy.headOf(one, nowMillis);
        StoredHead.Part part = head.range();
        String bytes = part.whole() ? "" : part.first() + "-" + (part.end() - 1) + " of " + (part.length() < 0 ? "?" : part.length());
        return new EdgeExplanation.Stored(chosen, head.status(), head.age(nowMillis), head.left(nowMillis), source(head), head.etag(), vary(head.vary()), one.length(), bytes, head.tags(), one.isInvalidated());
    }

    private static String source(StoredHead head) {
        return switch (head.lifetime().source()) {
            case CDN_CACHE_CONTROL -> "CDN-Cache-Control";
            case SURROGATE_CONTROL -> "Surrogate-Control";
            case S_MAXAGE -> "s-maxage";
            case MAX_AGE -> "max-age";
            case EXPIRES -> "Expires";
            case HEURISTIC -> "Last-Modified, by heuristic";
            case NEGATIVE -> "the site, for errors";
            case NOTHING -> "nothing";
        };
    }

    /** The values are another client's: what opens doors for that one is not said. */
    private List<String> vary(StoredHead.Vary vary) {
        return IntStream.range(0, vary.names().size()).mapToObj(i -> {
            String name = vary.names().get(i);
            String value = vary.values().get(i);
            return value.isEmpty() ? "no " + name : name + ": " + (inquiry.discretion().hides(name) ? Discretion.HIDDEN : value.strip());
        }).toList();
    }
}
