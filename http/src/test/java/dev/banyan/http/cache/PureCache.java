package dev.banyan.http.cache;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole cache of nothing but decisions: a map in memory, a clock that the test turns, an origin that is a function. What it does in which order is what
 * an edge does.
 */
final class PureCache {
    /** Answers a request's head; empty when it cannot be reached. */
    interface Origin {
        Optional<Answer> ask(RequestHead request);
    }

    /** @param fields lines with their ends */
    record Answer(int status, String fields, String body) {
        static Answer of(int status, String body, String... fields) {
            return new Answer(status, Arrays.stream(fields).map(field -> field + "\r\n").reduce("", String::concat), body);
        }

        /** The value of the first field of this name, "" when there is none. */
        String field(String name) {
            return fields.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
        }
    }

    private record Entry(StoredHead head, byte[] content) {}

    private final CacheRules rules;
    private final Origin origin;
    private final Storing storing;
    private final Validation validation;
    private final SelectingFields selecting = new SelectingFields();
    private final RequestRules request = new RequestRules();
    private final Map<String, List<Entry>> stored = new HashMap<>();
    private final CacheStatus status = new CacheStatus("edge-1");
    long nowMillis = Messages.NOON;

    PureCache(CacheRules rules, Origin origin) {
        this.rules = rules;
        this.origin = origin;
        storing = new Storing(rules);
        validation = new Validation(storing);
    }

    /** Answers a request; {@link Messages#request} makes one. */
    Answer answer(RequestHead head) {
        request.read(head);
        status.clear();
        String url = url(head);
        List<Entry> entries = stored.getOrDefault(url, List.of());
        List<StoredHead> heads = entries.stream().map(Entry::head).toList();
        int chosen = request.lookedUp() ? selecting.choose(heads, request) : -1;
        Reuse reuse = chosen < 0 ? Reuse.missing(request, !heads.isEmpty()) : Reuse.decide(heads.get(chosen), request, nowMillis, rules);
        return switch (reuse.act()) {
            case SERVE -> fromStore(entries.get(chosen));
            case SERVE_AND_REVALIDATE -> {
                Answer stale = fromStore(entries.get(chosen));
                fetch(url, heads, chosen, true);
                yield stale;
            }
            case VALIDATE -> further(url, heads, chosen, reuse);
            case FETCH, PASS -> further(url, heads, reuse.act() == Reuse.Act.PASS ? -1 : chosen, reuse);
            case REFUSE -> Answer.of(504, reuse.words());
        };
    }

    private Answer further(String url, List<StoredHead> heads, int chosen, Reuse reuse) {
        status.forward(CacheStatus.Forward.of(reuse));
        boolean asks = reuse.act() == Reuse.Act.VALIDATE || reuse == Reuse.OTHER_VARIANTS;
        Optional<Answer> answer = fetch(url, heads, chosen, asks);
        boolean failed = answer.isEmpty() || Statuses.failure(answer.get().status());
        if (failed && chosen >= 0 && Reuse.onError(heads.get(chosen), request, nowMillis).act() == Reuse.Act.SERVE) {
            return fromStore(stored.get(url).get(chosen));
        }
        return answer.orElseGet(() -> Answer.of(504, "no answer"));
    }

    /** Asks the origin, stores or updates what comes of it, and gives what the client gets. */
    private Optional<Answer> fetch(String url, List<StoredHead> heads, int chosen, boolean asks) {
        boolean passes = !request.lookedUp();
        FieldEdits edits = new FieldEdits();
        boolean conditional = asks && validation.conditional(heads, chosen, edits);
        if (!conditional && !passes) {
            edits.clear();
            Validation.unconditional(edits, false);
        }
        Optional<Answer> came = origin.ask(edited(request.head(), edits));
        if (came.isEmpty()) {
            return came;
        }
        ResponseHead response = head(came.get());
        if (!request.head().method().safe()) {
            Invalidation.urls(url, request.head().method(), response).forEach(stored::remove);
        }
        if (conditional && response.status() == 304) {
            OptionalInt confirmed = Validation.confirmed(heads, chosen, response, nowMillis);
            return confirmed.isPresent() ? Optional.of(merged(url, confirmed.getAsInt(), response)) : fetch(url, heads, chosen, false);
        }
        if (request.head().method() == Method.HEAD && chosen >= 0) {
            Entry entry = stored.get(url).get(chosen);
            StoredHead fresh = validation.freshen(request, entry.head, entry.content.length, response, nowMillis, nowMillis).orElse(entry.head.stale(nowMillis));
            stored.get(url).set(chosen, new Entry(fresh, entry.content));
            return came;
        }
        boolean spares = chosen >= 0 && Statuses.failure(response.status()) && Reuse.onError(heads.get(chosen), request, nowMillis) == Reuse.STALE_IF_ERROR;
        return spares ? came : Optional.of(store(url, came.get(), response));
    }

    private Answer merged(String url, int variant, ResponseHead notModified) {
        Entry entry = stored.get(url).get(variant);
        Entry fresh = new Entry(validation.merge(request, entry.head, notModified, nowMillis, nowMillis), entry.content);
        stored.get(url).set(variant, fresh);
        return fromStore(fresh);
    }

    private Answer store(String url, Answer answer, ResponseHead response) {
        if (!(storing.decide(request, response, nowMillis, nowMillis) instanceof Storing.Store(StoredHead head))) {
            return answer;
        }
        Entry entry = new Entry(head, answer.body().getBytes(StandardCharsets.ISO_8859_1));
        List<Entry> entries = stored.computeIfAbsent(url, _ -> new ArrayList<>());
        entries.removeIf(other -> other.head.vary().equals(head.vary()));
        entries.add(entry);
        boolean conditional = request.conditional() && request.lookedUp();
        return conditional ? fromStore(entry) : answer;
    }

    private Answer fromStore(Entry entry) {
        StoredHead head = entry.head;
        long length = entry.content.length;
        HeadBuffer out = new HeadBuffer();
        Conditions.Answer answer = Conditions.of(request, head, length, nowMillis);
        status.ttl(head.left(nowMillis));
        if (answer == Conditions.Answer.PARTIAL) {
            ContentRangeOf.write(request, head, length, out);
        }
        status.write(out);
        Ages.write(head, nowMillis, out);
        String fields = new String(head.fields(), StandardCharsets.ISO_8859_1) + new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
        return switch (answer) {
            case WHOLE -> new Answer(head.status(), fields, body(entry, 0, length));
            case PARTIAL -> new Answer(206, fields, parts(entry));
            case NOT_MODIFIED -> new Answer(304, fields, "");
            case PRECONDITION_FAILED -> new Answer(412, "", "");
            case NOT_SATISFIABLE -> new Answer(416, "", "");
        };
    }

    private String parts(Entry entry) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < request.ranges().count(); i++) {
            body.append(body(entry, request.ranges().first(i) - entry.head.range().first(), request.ranges().end(i) - entry.head.range().first()));
        }
        return body.toString();
    }

    private static String body(Entry entry, long from, long end) {
        return new String(entry.content, (int) from, (int) (Math.min(end, entry.content.length) - from), StandardCharsets.ISO_8859_1);
    }

    /** The single-range field; several are {@link Multipart}'s matter. */
    private static final class ContentRangeOf {
        static void write(RequestRules request, StoredHead head, long length, HeadBuffer out) {
            if (request.ranges().count() == 1) {
                long whole = head.range().whole() ? length : head.range().length();
                dev.banyan.http.wire.ContentRange.write(request.ranges().first(0), request.ranges().end(0) - 1, whole, out);
            }
        }
    }

    private static String url(RequestHead head) {
        return "http://shop.example" + new String(head.bytes(), head.pathStart(), head.targetEnd() - head.pathStart(), StandardCharsets.ISO_8859_1);
    }

    private static RequestHead edited(RequestHead head, FieldEdits edits) {
        HeadBuffer out = new HeadBuffer();
        out.put(head.bytes(), head.start(), head.fields().nameStart(0));
        for (int i = 0; i < head.fields().count(); i++) {
            if (!edits.removes(head.fields(), i)) {
                out.put(head.bytes(), head.fields().nameStart(i), head.fields().valueEnd(i)).text("\r\n");
            }
        }
        edits.write(out);
        out.text("\r\n");
        RequestHead written = new RequestHead();
        byte[] bytes = Arrays.copyOf(out.bytes(), out.length());
        if (written.read(bytes, 0, bytes.length, 100).fault()) {
            throw new IllegalStateException("the request for the origin is none: " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return written;
    }

    private static ResponseHead head(Answer answer) {
        byte[] bytes = ("HTTP/1.1 " + answer.status + " Said\r\n" + answer.fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ResponseHead head = new ResponseHead();
        if (head.read(bytes, 0, bytes.length, 100).fault()) {
            throw new IllegalStateException("the origin's answer is none: " + answer);
        }
        return head;
    }
}
