package dev.banyan.postgres;

import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.TraceParent;
import dev.banyan.telemetry.Tracer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * What is recorded of a session's statement whose text says for what request it is, by a comment as
 * <code>&#47;*traceparent='00-..-01'*&#47;</code> at its end. Of those that say nothing, nobody can know it. Owned by one session.
 *
 * @see <a href="https://google.github.io/sqlcommenter/spec/">sqlcommenter</a>
 */
final class StatementTrace {
    /** A comment is looked for in so much of a text's end. */
    private static final int LONGEST_COMMENT = 1_024;
    private static final byte[] KEY = "traceparent='".getBytes(StandardCharsets.US_ASCII);
    private static final int PARENT_AT = 36;

    private final TraceParent context = new TraceParent();
    private final byte[] value = new byte[TraceParent.LENGTH];
    private Span span;

    /**
     * Begins where the text at {@code in[from, to)} says that its request is recorded; nothing more while a statement is under way that has.
     *
     * @param rewrite whether the server gets this very text: then its comment names the statement's own span in the place of the application's
     */
    void begin(Tracer tracer, ByteBuf in, int from, int to, boolean rewrite, RandomGenerator random, long nowNanos) {
        int at = span != null ? -1 : find(in, from, to);
        if (at < 0) {
            return;
        }
        in.getBytes(at, value);
        if (context.read(value, 0, value.length) && context.sampled()) {
            long id = random.nextLong() | 1;
            span = tracer.begin(context.traceHigh(), context.traceLow(), id, context.parent(), Span.Kind.CLIENT, "postgresql", nowNanos);
            for (int i = 0; rewrite && i < 16; i++) {
                in.setByte(at + PARENT_AT + i, Character.forDigit((int) (id >>> 60 - 4 * i) & 15, 16));
            }
        }
    }

    /** Whether a statement under way is recorded. */
    boolean records() {
        return span != null;
    }

    /** It was answered. @param failure empty when it was done */
    void end(Tracer tracer, Operation operation, String text, Login login, Member server, boolean atReplica, long rows, boolean failed, long nowNanos) {
        Span ended = span;
        span = null;
        ended.rename(operation.word());
        ended.say("db.system.name", "postgresql").say("db.operation.name", operation.word()).say("db.namespace", login.database()).say("db.query.text", text)
                .say("server.address", server.address().host()).say("server.port", server.address().port()).say("banyan.server", server.name())
                .say("banyan.place", atReplica ? "replica" : "primary").say("db.response.returned_rows", rows);
        if (failed) {
            ended.fail("").say("error.type", "_OTHER");
        }
        tracer.end(ended, nowNanos);
    }

    /**
     * It was not, and nobody hears any more what became of it.
     *
     * @param server where it was last; null when it is nowhere
     * @param type as {@code error.type}
     * @param why in words
     */
    void unanswered(Tracer tracer, Member server, String type, String why, long nowNanos) {
        Span ended = span;
        span = null;
        ended.say("db.system.name", "postgresql").fail(why).say("error.type", type);
        if (server != null) {
            ended.say("banyan.server", server.name());
        }
        tracer.end(ended, nowNanos);
    }

    /** Where the value of a traceparent begins in the comment that ends a text, or -1. What only looks like one inside another comment is none. */
    static int find(ByteBuf in, int from, int to) {
        int end = to;
        while (end > from && (in.getByte(end - 1) == ';' || in.getByte(end - 1) <= ' ' && in.getByte(end - 1) > 0)) {
            end--;
        }
        if (end - from < KEY.length + TraceParent.LENGTH + 5 || in.getByte(end - 1) != '/' || in.getByte(end - 2) != '*') {
            return -1;
        }
        int least = Math.max(from, end - LONGEST_COMMENT);
        for (int i = end - 4; i >= least; i--) {
            if (in.getByte(i) == '*' && in.getByte(i + 1) == '/') {
                return -1; // it is a comment in a comment
            }
            if (in.getByte(i) == '/' && in.getByte(i + 1) == '*') {
                return value(in, i + 2, end - 2);
            }
        }
        return -1;
    }

    private static int value(ByteBuf in, int from, int to) {
        int last = to - TraceParent.LENGTH - 1;
        for (int i = from; i + KEY.length <= last; i++) {
            boolean begins = i == from || in.getByte(i - 1) == ',' || in.getByte(i - 1) == ' ';
            if (begins && isKey(in, i) && in.getByte(i + KEY.length + TraceParent.LENGTH) == '\'') {
                return i + KEY.length;
            }
        }
        return -1;
    }

    private static boolean isKey(ByteBuf in, int at) {
        for (int i = 0; i < KEY.length; i++) {
            if (in.getByte(at + i) != KEY[i]) {
                return false;
            }
        }
        return true;
    }
}
