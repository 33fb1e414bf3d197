package dev.banyan.http.gateway.callers;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever a stranger shows: no exception, and nobody is let in. Holds because no key, token or secret of the gate can be in the bytes but
 * by guessing 128 bits.
 */
class CredentialsFuzzTest {
    private static final String SECRET = "d0c5a8f1e27b4c6f9a3e5b7d1f2c4e6a";
    private static Gate gate;

    @BeforeAll
    static void open() throws Exception {
        gate = Gate.of("{keys: {query: k, known: {robot: {sha256: " + ApiKeysTest.sha256(SECRET) + "}}}, tokens: {cookie: c, issuers: [{issuer: a, secret: " + SECRET + "}]}, failures: 100000}", "{}");
    }

    @AfterAll
    static void close() {
        gate.close();
    }

    /** A whole head of the fuzzer's making, then its bytes where keys and tokens stand. */
    @FuzzTest(maxDuration = "2m")
    void credentials(byte[] bytes) {
        ask(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\\r\\n\\x00]", " ");
        ask(("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        ask(("GET / HTTP/1.1\r\nHost: a\r\nCookie: c=" + text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        ask(("GET /?k=" + text.replace(' ', '+') + " HTTP/1.1\r\nHost: a\r\nX-API-Key: " + text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void ask(byte[] head) {
        RequestHead read = new RequestHead();
        if (read.read(head, 0, head.length, 100) != HeadVerdict.WHOLE) {
            return;
        }
        Call call = new Call();
        call.begin(read, "192.0.2.1", true);
        LocalAnswer answer = gate.check().check(call, gate.clock.nanos());
        require(answer != null && (answer.status() == 401 || answer.status() == 429), "let in");
        require(call.identity().isEmpty() && call.takeAwaited() == null, "known");
    }

    /** A header and claims of the fuzzer's making, rightly signed: who is let in is so for what was signed, in a name that fits a header. */
    @FuzzTest(maxDuration = "2m")
    void signedToken(byte[] bytes) {
        int middle = bytes.length == 0 ? 0 : 1 + (bytes[0] & 0xff) % bytes.length;
        String header = new String(bytes, 0, Math.min(middle, bytes.length), StandardCharsets.UTF_8);
        String claims = new String(bytes, Math.min(middle, bytes.length), bytes.length - Math.min(middle, bytes.length), StandardCharsets.UTF_8);
        for (String each : new String[] {header, "{\"alg\":\"HS256\"}"}) {
            Gate.Answer answer = gate.ask("Authorization: Bearer " + Signer.secret(SECRET).sign(each, claims, "HS256"));
            require(answer.status() == 200 || answer.status() == 401 || answer.status() == 429, "another answer");
            require(answer.status() != 200 || !answer.caller().isBlank(), "let in without a name");
        }
        gate.clock.advance(java.time.Duration.ofMinutes(1));
    }

    /** A key set is read or refused; what is read is of the kinds that count. */
    @FuzzTest(maxDuration = "2m")
    void keySet(byte[] bytes) {
        try {
            for (KeySet.Entry entry : KeySetReader.read(bytes).entries()) {
                require(entry.kind() != KeyKind.SECRET && KeyKind.of(entry.key()).equals(Optional.of(entry.kind())), "a key of no kind");
            }
        } catch (Unusable refused) {
            require(!refused.getMessage().isEmpty(), "no reason");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
