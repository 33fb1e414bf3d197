package dev.banyan.http.gateway.callers;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.RequestHead;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** API keys, in a header or, where that is wanted, a parameter of the query. Safe for any thread. */
final class ApiKeys implements Way {
    private static final int LONGEST = 1024;

    /**
     * A key that is known.
     *
     * @param until the wall time in milliseconds at which it ends; {@link Long#MAX_VALUE} is never
     */
    record Key(Caller caller, long until) {}

    private final String header;
    private final byte[] headerName;
    private final Optional<QueryParameter> query;
    private final Map<Digest, Key> known;
    private final Supplier<Map<Digest, Key>> more;
    private final Failures failures;
    private final Surroundings around;

    /** @param more those of a file, as they are now */
    ApiKeys(String header, Optional<String> query, Map<Digest, Key> known, Supplier<Map<Digest, Key>> more, Failures failures, Surroundings around) {
        this.header = header;
        this.headerName = ascii(header.toLowerCase(Locale.ROOT));
        this.query = query.map(QueryParameter::new);
        this.known = Map.copyOf(known);
        this.more = more;
        this.failures = failures;
        this.around = around;
    }

    @Override
    public String name() {
        return "key";
    }

    @Override
    public Outcome ask(Call call, long nowNanos) {
        RequestHead head = call.head();
        Fields fields = head.fields();
        int field = Shown.field(fields, headerName);
        if (field >= 0) {
            return ask(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), call.client(), nowNanos);
        }
        if (field == Shown.SEVERAL) {
            return new Outcome.Refused(Reason.MALFORMED);
        }
        if (query.isEmpty()) {
            return Outcome.ABSENT;
        }
        QueryParameter.Found found = query.get().find(head.bytes(), head.pathStart(), head.targetEnd());
        if (found.times() != 1) {
            return found.times() == 0 ? Outcome.ABSENT : new Outcome.Refused(Reason.MALFORMED);
        }
        return ask(head.bytes(), found.from(), found.to(), call.client(), nowNanos);
    }

    private Outcome ask(byte[] bytes, int from, int to, String client, long nowNanos) {
        Key key = to - from > LONGEST ? null : key(Digest.of(bytes, from, to));
        if (key != null && around.clock().now().toEpochMilli() < key.until) {
            return new Outcome.Known(key.caller);
        }
        int wait = failures.secondsToWait(client, nowNanos);
        return wait > 0 ? new Outcome.TooMany(wait) : new Outcome.Refused(key == null ? Reason.WRONG : Reason.EXPIRED);
    }

    private Key key(Digest digest) {
        Key key = known.get(digest);
        return key != null ? key : more.get().get(digest);
    }

    @Override
    public void strip(Call call) {
        call.request().remove(header);
        query.ifPresent(parameter -> parameter.strip(call));
    }

    /** Keys have no scheme of HTTP. */
    @Override
    public Optional<String> challenge(String realm, String error) {
        return Optional.empty();
    }
}
