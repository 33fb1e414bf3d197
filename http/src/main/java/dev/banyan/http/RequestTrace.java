package dev.banyan.http;

import dev.banyan.balance.Outcome;
import dev.banyan.balance.Server;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * What is recorded of a request, where it is: names and attributes by OpenTelemetry's conventions for HTTP. Nothing here is called for one that
 * is not, but {@link #begin}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">semantic conventions for HTTP spans</a>
 */
final class RequestTrace {
    private RequestTrace() {}

    /**
     * Begins.
     *
     * @param id of the request; told what is done about its trace
     * @return null when it is not recorded
     */
    static Span begin(Tracer tracer, RequestId id, RequestHead head, Peer peer, RandomGenerator random, long now) {
        boolean recorded = id.traceparent() < 0 ? tracer.begins(id.low(), now) : id.context().sampled() && (peer.edge() ? tracer.told(now) : tracer.asked(now));
        id.trace(recorded ? RequestId.Tracing.RECORDED : RequestId.Tracing.UNRECORDED);
        if (!recorded) {
            return null;
        }
        String method = method(head.method());
        Span span = tracer.begin(id.high(), id.low(), random.nextLong() | 1, id.traceparent() < 0 ? 0 : id.context().parent(), Span.Kind.SERVER, name(method), now);
        if (id.stateful()) {
            span.traceState(state(head.fields()));
        }
        return span.say("http.request.method", method)
                .say("url.scheme", peer.secure() ? "https" : "http")
                .say("url.path", text(head.bytes(), head.pathStart(), path(head)))
                .say("server.address", head.hostStart() < 0 ? "" : text(head.bytes(), head.hostStart(), head.hostEnd()))
                .say("client.address", peer.ip());
    }

    /** Of a request that has ended. @param route the template of the route that took it, or empty */
    static void end(Tracer tracer, Span span, Method method, String route, int status, long bytes, String note, String cache, long now) {
        if (!route.isEmpty()) {
            span.rename(name(method(method)) + " " + route);
        }
        span.say("http.route", route).say("http.response.status_code", status).say("http.response.body.size", bytes).say("banyan.note", note).say("banyan.cache", cache);
        if (status >= 500) {
            span.fail(note).say("error.type", Integer.toString(status));
        }
        tracer.end(span, now);
    }

    /** A server is asked. @param tries how often it was, with this one */
    static Span ask(Tracer tracer, Span request, long id, Method method, Server server, int tries, long now) {
        String name = method(method);
        Span span = tracer.below(request, id, Span.Kind.CLIENT, name(name), now)
                .say("http.request.method", name).say("server.address", server.address().host()).say("server.port", server.address().port()).say("banyan.server", server.name());
        return tries > 1 ? span.say("http.request.resend_count", tries - 1) : span;
    }

    /** It has answered, or failed. @param status 0 when no answer began */
    static void answered(Tracer tracer, Span span, int status, Outcome outcome, String failure, long now) {
        if (status != 0) {
            span.say("http.response.status_code", status);
        }
        if (!failure.isEmpty()) {
            span.fail(failure).say("error.type", failure);
        } else if (status >= 400) {
            span.fail("").say("error.type", Integer.toString(status));
        } else if (outcome == Outcome.CLIENT_LEFT) {
            span.say("banyan.note", "the client left");
        }
        tracer.end(span, now);
    }

    private static String method(Method method) {
        return method == Method.OTHER ? "_OTHER" : method.name();
    }

    private static String name(String method) {
        return method.equals("_OTHER") ? "HTTP" : method;
    }

    /** Without the query, which may hold secrets. */
    private static int path(RequestHead head) {
        int end = head.pathStart();
        while (end < head.targetEnd() && head.bytes()[end] != '?') {
            end++;
        }
        return end;
    }

    private static String state(Fields fields) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.TRACESTATE) {
                all.append(all.isEmpty() ? "" : ",").append(text(fields.bytes(), fields.valueStart(i), fields.valueEnd(i)));
            }
        }
        return all.toString();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
