package dev.banyan.http.gateway.callers;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.Fields;
import dev.banyan.net.Loops;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Users with passwords (HTTP Basic, RFC 7617). A password that was right is remembered for a while by a salted hash, as long as the file says
 * the same of its user. Who is no user takes as long to tell as a wrong password: some user's hash is tried. Safe for any thread.
 */
final class Passwords implements Way {
    private static final int LONGEST = 1024;
    private static final int REMEMBERED = 20_000;
    private static final byte[] BASIC = ascii("basic");

    /** A password that was right for a user's hash, until then (monotonic nanoseconds). */
    private record Right(Caller caller, String hash, long until) {}

    /** What a request shows. */
    private record Login(String user, String password, Digest digest) {}

    private final Supplier<Map<String, String>> users;
    private final long rememberNanos;
    private final PasswordHashing hashing;
    private final Failures failures;
    private final Surroundings around;
    private final byte[] salt = new byte[32];
    private final RecentMap<Digest, Right> right = new RecentMap<>(REMEMBERED);

    /** @param users a hash by bcrypt for each name, as they are now; never empty */
    Passwords(Supplier<Map<String, String>> users, Duration remember, PasswordHashing hashing, Failures failures, Surroundings around) {
        this.users = users;
        this.rememberNanos = remember.toNanos();
        this.hashing = hashing;
        this.failures = failures;
        this.around = around;
        Loops.secrets().nextBytes(salt);
    }

    @Override
    public String name() {
        return "password";
    }

    @Override
    public Outcome ask(Call call, long nowNanos) {
        Fields fields = call.head().fields();
        int field = Shown.field(fields, Shown.AUTHORIZATION);
        if (field == Shown.SEVERAL) {
            return new Outcome.Refused(Reason.MALFORMED);
        }
        int from = field == Shown.NOWHERE ? Shown.NOWHERE : Shown.credentials(fields, field, BASIC);
        if (from == Shown.NOWHERE) {
            return Outcome.ABSENT;
        }
        Optional<Login> login = fields.valueEnd(field) - from > LONGEST ? Optional.empty() : login(Shown.text(fields.bytes(), from, fields.valueEnd(field)));
        return login.<Outcome>map(shown -> ask(shown, call.client(), nowNanos)).orElseGet(() -> new Outcome.Refused(Reason.MALFORMED));
    }

    private Optional<Login> login(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException not) {
            return Optional.empty();
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        boolean plain = text.chars().noneMatch(Character::isISOControl); // RFC 7617 section 2
        return colon < 0 || !plain ? Optional.empty() : Optional.of(new Login(text.substring(0, colon), text.substring(colon + 1), Digest.salted(salt, bytes)));
    }

    private Outcome ask(Login login, String client, long nowNanos) {
        Map<String, String> now = users.get();
        String hash = now.get(login.user);
        Right before = right.get(login.digest);
        if (before != null && before.hash.equals(hash) && nowNanos - before.until < 0) {
            return new Outcome.Known(before.caller);
        }
        int wait = failures.secondsToWait(client, nowNanos);
        if (wait > 0) {
            return new Outcome.TooMany(wait);
        }
        CompletionStage<Boolean> answer = hashing.matches(login.digest, login.password, hash == null ? now.values().iterator().next() : hash);
        return answer == null ? new Outcome.Unavailable(1) : new Outcome.Later(answer.thenApply(is -> is && hash != null ? known(login, hash) : new Outcome.Refused(Reason.WRONG)));
    }

    private Outcome known(Login login, String hash) {
        Caller caller = Caller.of(login.user, Map.of());
        if (rememberNanos > 0) {
            right.put(login.digest, new Right(caller, hash, around.clock().nanos() + rememberNanos));
        }
        return new Outcome.Known(caller);
    }

    @Override
    public void strip(Call call) {
        call.request().remove("Authorization");
    }

    @Override
    public Optional<String> challenge(String realm, String error) {
        return Optional.of("Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
    }
}
