package dev.banyan.http.gateway.callers;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.Fields;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Signed tokens of issuers that are believed (RFC 6750, RFC 7519, and what RFC 8725 makes of them). One that was verified is remembered by its
 * hash until it expires or its issuer's keys change. Safe for any thread.
 */
final class Tokens implements Way {
    /** As many verified tokens are remembered; each is a caller's claims. */
    static final int REMEMBERED = 20_000;

    private static final byte[] BEARER = ascii("bearer");

    /** A token that was right, as long as its issuer's keys are still these and its time (wall, in milliseconds) is not over. */
    private record Verified(Caller caller, Issuer issuer, KeySet keys, long until) {}

    private final Map<String, Issuer> issuers;
    private final Optional<Cookies> cookie;
    private final Failures failures;
    private final Surroundings around;
    private final RecentMap<Digest, Verified> verified = new RecentMap<>(REMEMBERED);

    Tokens(List<Issuer> issuers, Optional<String> cookie, Failures failures, Surroundings around) {
        this.issuers = Issuer.byName(issuers);
        this.cookie = cookie.map(Cookies::new);
        this.failures = failures;
        this.around = around;
    }

    @Override
    public String name() {
        return "token";
    }

    @Override
    public Outcome ask(Call call, long nowNanos) {
        Fields fields = call.head().fields();
        int field = Shown.field(fields, Shown.AUTHORIZATION);
        if (field == Shown.SEVERAL) {
            return new Outcome.Refused(Reason.MALFORMED);
        }
        int from = field == Shown.NOWHERE ? Shown.NOWHERE : Shown.credentials(fields, field, BEARER);
        if (from != Shown.NOWHERE) {
            return ask(fields.bytes(), from, fields.valueEnd(field), call.client(), nowNanos);
        }
        String inCookie = cookie.isPresent() && field == Shown.NOWHERE ? cookie.get().find(fields) : null;
        if (inCookie == null) {
            return Outcome.ABSENT;
        }
        byte[] bytes = inCookie.getBytes(StandardCharsets.ISO_8859_1);
        return ask(bytes, 0, bytes.length, call.client(), nowNanos);
    }

    private Outcome ask(byte[] bytes, int from, int to, String client, long nowNanos) {
        if (to - from > Token.LONGEST) {
            return new Outcome.Refused(Reason.MALFORMED);
        }
        Digest digest = Digest.of(bytes, from, to);
        Verified before = verified.get(digest);
        long nowMillis = around.clock().now().toEpochMilli();
        if (before != null && before.keys == before.issuer.source().keys() && nowMillis < before.until) {
            return new Outcome.Known(before.caller);
        }
        int wait = failures.secondsToWait(client, nowNanos);
        return wait > 0 ? new Outcome.TooMany(wait) : verify(Shown.text(bytes, from, to), digest, nowMillis);
    }

    private Outcome verify(String compact, Digest digest, long nowMillis) {
        Token.Read read = Token.of(compact);
        if (read.token() == null) {
            return new Outcome.Refused(read.refused());
        }
        Issuer issuer = read.token().text("iss").map(issuers::get).orElse(null);
        if (issuer == null || !issuer.algorithms().contains(read.token().algorithm())) {
            return new Outcome.Refused(issuer == null ? Reason.ISSUER : Reason.ALGORITHM);
        }
        // What can be told without a signature comes first: it costs nothing, and asks nobody for keys.
        Optional<Reason> fault = issuer.fault(read.token(), nowMillis);
        return fault.isPresent() ? new Outcome.Refused(fault.get()) : verify(read.token(), issuer, digest, true);
    }

    /** @param mayWait whether newer keys may be asked for */
    private Outcome verify(Token token, Issuer issuer, Digest digest, boolean mayWait) {
        KeySet keys = issuer.source().keys();
        List<Key> fitting = keys == null ? List.of() : keys.fitting(token.keyId(), token.algorithm());
        if (fitting.isEmpty()) {
            Optional<CompletionStage<Void>> newer = mayWait ? issuer.source().refresh() : Optional.empty();
            return newer.<Outcome>map(asked -> new Outcome.Later(asked.thenApply(_ -> verify(token, issuer, digest, false))))
                    .orElseGet(() -> keys == null ? new Outcome.Unavailable(1) : new Outcome.Refused(Reason.KEY));
        }
        if (!Issuer.signed(token, fitting)) {
            return new Outcome.Refused(Reason.SIGNATURE);
        }
        Caller caller = issuer.caller(token);
        verified.put(digest, new Verified(caller, issuer, keys, issuer.until(token)));
        return new Outcome.Known(caller);
    }

    @Override
    public void strip(Call call) {
        call.request().remove("Authorization");
        cookie.ifPresent(in -> in.strip(call));
    }

    @Override
    public Optional<String> challenge(String realm, String error) {
        return Optional.of("Bearer realm=\"" + realm + "\"" + (error.isEmpty() ? "" : ", error=\"" + error + "\""));
    }
}
