package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * One request's way through the gateway: which route takes it, whether it may pass, where it goes and what is changed. Reused for each
 * request; where nothing special applies nothing is made. Owned by one IO loop.
 *
 * <p>The order is: maintenance; an ambiguous path; what the route answers by itself (a fixed answer, a redirect, a preflight); the route's
 * checks (who calls, how often); the service; the service's checks; what is changed in the request.
 */
public final class Passage {
    private static final LocalAnswer AMBIGUOUS = new LocalAnswer(400, "the path could be read in more than one way: write slashes, dots and percent signs plainly", 0);
    private static final FieldLine NOT_AT_AN_EDGE = new FieldLine("CDN-Cache-Control", "no-store");

    private final RandomGenerator random;
    private final RouteSearch search = new RouteSearch();
    private final Facts facts = new Facts(search);
    private HeadBuffer target;
    private RouteTable table;
    private RouteRule rule;
    private Call call;
    private boolean rewritten;
    private int service;
    private String mirror = "";
    private CompletionStage<Check> awaited;
    /** How many checks passed, the route's and then the service's. */
    private int passed;

    /** @param random the loop's */
    public Passage(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Begins.
     *
     * @param of the request; it stays as it is until {@link #ended}, its head until this is done or {@link #resume} is
     * @param requestId 32 hexadecimal digits, copied
     * @return what the client is answered at once. When null, {@link #awaited()} says whether it waits; otherwise it may go on to where
     *     {@link #file()} or {@link #service()} says
     */
    public LocalAnswer pass(RouteTable with, Call of, byte[] requestId, long nowNanos) {
        LocalAnswer answer = begin(with, of, requestId);
        return answer != null ? answer : ask(0, nowNanos);
    }

    /** The same without asking a check. */
    LocalAnswer unasked(RouteTable with, Call of, byte[] requestId) {
        LocalAnswer answer = begin(with, of, requestId);
        if (answer == null) {
            choose();
            goOn();
        }
        return answer;
    }

    private LocalAnswer begin(RouteTable with, Call of, byte[] requestId) {
        table = with;
        call = of;
        rule = with.usual();
        rewritten = false;
        service = -1;
        mirror = "";
        awaited = null;
        passed = 0;
        facts.begin(of, requestId);
        return first();
    }

    /** What needs no check: everything that depends on the head alone. */
    private LocalAnswer first() {
        LocalAnswer closed = table.maintenance() == null ? null : table.maintenance().answer(call.client());
        if (closed != null) {
            return closed;
        }
        Fields fields = call.head().fields();
        table.disown(fields, call.request());
        if (table.rules().length == 0) {
            return null;
        }
        if (!search.begin(call.head())) {
            return table.dress(AMBIGUOUS);
        }
        LocalAnswer preflight = preflight(fields);
        if (preflight != null) {
            return preflight;
        }
        RouteRule found = search.in(table);
        if (found != null) {
            rule = found;
        }
        search.vary(call.response());
        if (rule.cors() != null) {
            rule.cors().apply(fields, call.response());
        }
        writeTarget();
        return atOnce();
    }

    /** A preflight is for the route of the request that it announces, if that says anything of other origins. */
    private LocalAnswer preflight(Fields fields) {
        if (!search.preflights()) {
            return null;
        }
        int asked = fields.find(CorsRule.REQUEST_METHOD);
        search.method(Method.of(fields.bytes(), fields.valueStart(asked), fields.valueEnd(asked)), fields.bytes(), fields.valueStart(asked), fields.valueEnd(asked));
        RouteRule found = search.in(table);
        RequestHead head = call.head();
        search.method(head.method(), head.bytes(), head.start(), head.methodEnd());
        if (found == null || found.cors() == null) {
            return null;
        }
        rule = found;
        return finish(found.cors().preflight(fields));
    }

    private LocalAnswer atOnce() {
        if (rule.answer() != null) {
            return finish(rule.answer());
        }
        return rule.redirect() == null ? null : finish(rule.redirect().answer(facts, search.queryFrom() < call.head().targetEnd()));
    }

    private void writeTarget() {
        rewritten = rule.rewrite() != null || !search.path.normal();
        if (!rewritten) {
            return;
        }
        if (target == null) {
            target = new HeadBuffer();
        }
        target.clear();
        if (rule.rewrite() != null) {
            rule.rewrite().write(facts, search.path, target);
        } else {
            search.path.write(target);
        }
        RequestHead head = call.head();
        if (search.queryFrom() < head.targetEnd()) {
            target.put('?').put(head.bytes(), search.queryFrom(), head.targetEnd());
        }
    }

    /**
     * What a check awaits, or null; given once. The caller asks {@link #resume} with what it is completed with, on the request's loop, or gives
     * up with {@link Check#KEPT_WAITING}.
     */
    public CompletionStage<Check> awaited() {
        CompletionStage<Check> rest = awaited;
        awaited = null;
        return rest;
    }

    /** Goes on with the rest of the check that was awaited; the same as {@link #pass}. The call has the same head, which may lie elsewhere by now. */
    public LocalAnswer resume(Check rest, long nowNanos) {
        if (table.rules().length > 0) {
            search.begin(call.head());
        }
        LocalAnswer refusal = ask(rest, nowNanos);
        return refusal != null || awaited != null ? refusal : ask(passed, nowNanos);
    }

    /** Asks the checks from that one on. */
    private LocalAnswer ask(int from, long nowNanos) {
        int ofRoute = rule.checks().length;
        for (int i = from; i < ofRoute; i++) {
            LocalAnswer refusal = ask(rule.checks()[i], nowNanos);
            if (refusal != null || awaited != null) {
                return refusal;
            }
        }
        choose();
        Check[] ofService = rule.serviceChecks()[service];
        for (int i = passed - ofRoute; i < ofService.length; i++) {
            LocalAnswer refusal = ask(ofService[i], nowNanos);
            if (refusal != null || awaited != null) {
                return refusal;
            }
        }
        goOn();
        return null;
    }

    private void choose() {
        if (service < 0) {
            service = rule.folder() == null ? rule.services().choose(call, random) : 0;
        }
    }

    private LocalAnswer ask(Check check, long nowNanos) {
        LocalAnswer refusal = check.check(call, nowNanos);
        if (refusal != null) {
            if (asksWhoCalls()) {
                call.response().set(NOT_AT_AN_EDGE);
            }
            return finish(table.dress(refusal));
        }
        awaited = call.takeAwaited();
        passed += awaited == null ? 1 : 0;
        return null;
    }

    /** The request has passed: what the service gets is changed. */
    private void goOn() {
        mirror = rule.services().mirror(random);
        if (rule.folder() != null && asksWhoCalls()) {
            call.response().set(NOT_AT_AN_EDGE);
        }
        if (call.identity().isPresent()) {
            call.request().set(new FieldLine(table.identityHeader(), Facts.headerValue(call.identity().get().name())));
        }
        if (rule.requestFields() != null) {
            rule.requestFields().applyTo(call.head().fields(), call.request(), facts);
        }
        if (call.request().removesParameters()) {
            leaveOutParameters();
        }
        finish(null);
    }

    /** Only for requests that showed who calls in their query. */
    private void leaveOutParameters() {
        HeadBuffer shorter = new HeadBuffer();
        RequestHead head = call.head();
        if (rewritten) {
            call.request().writeTarget(target.bytes(), 0, target.length(), shorter);
        } else {
            if (head.bytes()[head.pathStart()] == '?') {
                shorter.put('/'); // the absolute form may leave the path out
            }
            call.request().writeTarget(head.bytes(), head.pathStart(), head.targetEnd(), shorter);
        }
        target = shorter;
        rewritten = true;
    }

    private LocalAnswer finish(LocalAnswer answer) {
        if (rule.responseFields() != null) {
            rule.responseFields().apply(call.response(), facts);
        }
        return answer;
    }

    private boolean asksWhoCalls() {
        return rule.route().isPresent() && rule.route().get().callers().isPresent();
    }

    /**
     * The service has answered; asked once, before the head goes on to the client. Notes in {@link Call#response()} what depends on that head.
     *
     * @return what the client gets instead of it, or null
     */
    public LocalAnswer answered(ResponseHead head) {
        if (asksWhoCalls()) {
            call.response().set(NOT_AT_AN_EDGE); // whatever the service says: what edges store they give to everybody
        }
        return table.instead(head.status());
    }

    /** The request has ended, however; to be called once for each that {@link #pass} was asked for. As {@link Check#ended}. */
    public void ended(int status, long nanos, long nowNanos) {
        int ofRoute = rule.checks().length;
        for (int i = 0; i < passed; i++) {
            Check check = i < ofRoute ? rule.checks()[i] : rule.serviceChecks()[service][i - ofRoute];
            check.ended(call, status, nanos, nowNanos);
        }
        passed = 0;
        awaited = null;
    }

    /** An answer of the front door's own, as the site has it; for all but those that come from here. */
    public LocalAnswer dress(LocalAnswer answer) {
        return table.dress(answer);
    }

    RouteRule rule() {
        return rule;
    }

    /** The chosen service's index among the route's. */
    int chosen() {
        return service;
    }

    /** The route's name, for logs and metrics; "" when none takes the request. */
    public String route() {
        return rule.name();
    }

    /** The file that is the answer, once the request has passed; null when a service answers. Asked once, before the head goes. */
    public FileRequest file() {
        return rule.folder() == null ? null : new FileRequest(rule.folder(), table, search, rule.depth());
    }

    /** The service that answers where {@link #file()} does not. */
    public String service() {
        return rule.services().service(service);
    }

    /** The service that gets a copy; "" for none. */
    public String mirror() {
        return mirror;
    }

    /** Whether the service gets another target than the client's: that of {@link #target()}. */
    public boolean rewritten() {
        return rewritten;
    }

    /** Path and query for the service, once {@link #rewritten()}; valid until the next request. */
    public HeadBuffer target() {
        return target;
    }

    /** Whether the answer may be compressed on its way to the client. */
    public boolean compresses() {
        return rule.route().isEmpty() || rule.route().get().compress();
    }

    /** The path of the route that takes it as the site file has it; empty when none does. */
    public String template() {
        return rule.template();
    }

    /** How much it matters when its service has enough to do. */
    public Route.Priority priority() {
        return rule.route().isEmpty() ? Route.Priority.NORMAL : rule.route().get().priority();
    }

    /** How often it may be tried again. */
    public int retries(int usual) {
        return rule.route().isEmpty() ? usual : rule.route().get().retries().orElse(usual);
    }

    /** For the service to begin its answer. */
    public long responseNanos(long usual) {
        return rule.route().isEmpty() ? usual : nanos(rule.route().get().timeouts().response(), usual);
    }

    /** Between two pieces of a body. */
    public long bodyNanos(long usual) {
        return rule.route().isEmpty() ? usual : nanos(rule.route().get().timeouts().body(), usual);
    }

    /** Without a byte on an upgraded connection. */
    public long tunnelNanos(long usual) {
        return rule.route().isEmpty() ? usual : nanos(rule.route().get().timeouts().tunnel(), usual);
    }

    private static long nanos(Optional<Duration> own, long usual) {
        return own.isPresent() ? own.get().toNanos() : usual;
    }
}
