package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens at the gate: which are let in, and which are not whatever they look like. */
class TokensTest {
    private static final long NOW = Gate.NOW.getEpochSecond();
    private static final String GOOD = "{\"iss\":\"login\",\"sub\":\"alice\",\"aud\":\"shop\",\"exp\":" + (NOW + 600) + ",\"scope\":\"read write\",\"level\":5,\"roles\":[\"super admin\",\"dev\"]}";
    private static final Signer RSA = Signer.of("RSA", "r1");
    private static final Signer P256 = Signer.of("P-256", "e1");
    private static final Signer ED25519 = Signer.of("Ed25519", "d1");

    @TempDir
    Path folder;

    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        Path keys = Gate.write(folder.resolve("keys.json"), Signer.jwks(RSA, P256, Signer.of("P-384", "e2"), Signer.of("P-521", "e3"), ED25519));
        gate = Gate.of("""
                {tokens: {cookie: session, issuers: [
                  {issuer: login, audiences: [shop, other], keys-file: '%s', algorithms: [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA]},
                  {issuer: narrow, keys-file: '%s', require: [tenant], name: client},
                  {issuer: shared, secret: 0123456789abcdef0123456789abcdef}]},
                  pass: [{claim: scope, header: X-Scope}, {claim: roles, header: X-Roles}], failures: 100000}""".formatted(keys, keys), "{}");
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private Gate.Answer bearer(String token) {
        return gate.ask("Authorization: Bearer " + token);
    }

    @ParameterizedTest
    @CsvSource({"RS256,RSA,r1", "RS384,RSA,r1", "RS512,RSA,r1", "PS256,RSA,r1", "PS384,RSA,r1", "PS512,RSA,r1", "ES256,P-256,e1", "ES384,P-384,e2", "ES512,P-521,e3", "EdDSA,Ed25519,d1"})
    void aTokenByEachAlgorithmIsLetIn(String algorithm, String kind, String keyId) {
        Gate.Answer answer = bearer(Signer.of(kind, keyId).token(algorithm, GOOD));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.caller()).isEqualTo("alice");
    }

    @Test
    void theServiceGetsTheClaims_butNotTheTokenNorForgedClaims() {
        Gate.Answer answer = gate.ask("Authorization: bearer  " + RSA.token("RS256", GOOD), "X-Scope: everything", "x_roles: root", "Accept: */*");
        assertThat(answer.forwarded()).isEqualTo("Host: a\r\nAccept: */*\r\nX-Scope: read write\r\nX-Roles: super admin,dev\r\n");
        assertThat(answer.field("CDN-Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aTokenInTheCookieIsLetIn_andOnlyTheOtherCookiesGoOn() {
        Gate.Answer answer = gate.ask("Cookie: a=1; session=" + RSA.token("RS256", GOOD) + "; b=2", "Cookie: c=3");
        assertThat(answer.caller()).isEqualTo("alice");
        assertThat(answer.forwarded()).isEqualTo("Host: a\r\nX-Scope: read write\r\nX-Roles: super admin,dev\r\nCookie: a=1; b=2; c=3\r\n");
        assertThat(gate.ask("Cookie: session=" + RSA.token("RS256", GOOD) + "; session=x").status()).isEqualTo(401);
        assertThat(gate.ask("Cookie: session=").status()).isEqualTo(401);
    }

    @Test
    void whoShowsNothingIsToldWhatToShow() {
        Gate.Answer answer = gate.ask();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"site\"");
        assertThat(gate.ask("Authorization: Basic YTpi").status()).isEqualTo(401);
    }

    @TestFactory
    Stream<DynamicTest> aBadTokenIsRefusedInTheSameWords() {
        return bad().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            Gate.Answer answer = bearer(each.getValue());
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text()).isEqualTo("401 Unauthorized: what was shown is not right\n");
            assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"site\", error=\"invalid_token\"");
        }));
    }

    private static Map<String, String> bad() {
        Map<String, String> bad = new LinkedHashMap<>();
        String good = RSA.token("RS256", GOOD);
        String[] parts = good.split("\\.");
        Signer publicAsSecret = Signer.secret(RSA.publicKey().getEncoded());
        Signer pemAsSecret = Signer.secret(RSA.pem());
        bad.put("nothing", "");
        bad.put("two parts", parts[0] + "." + parts[1]);
        bad.put("no signature", parts[0] + "." + parts[1] + ".");
        bad.put("none", Signer.base64("{\"alg\":\"none\"}".getBytes()) + "." + parts[1] + ".");
        bad.put("none with a signature", Signer.base64("{\"alg\":\"none\"}".getBytes()) + "." + parts[1] + "." + parts[2]);
        bad.put("None", Signer.base64("{\"alg\":\"nOnE\"}".getBytes()) + "." + parts[1] + "." + parts[2]);
        bad.put("no alg", RSA.sign("{\"kid\":\"r1\"}", GOOD, "RS256"));
        bad.put("alg as a list", RSA.sign("{\"alg\":[\"RS256\"],\"kid\":\"r1\"}", GOOD, "RS256"));
        bad.put("alg twice", RSA.sign("{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"r1\"}", GOOD, "RS256"));
        bad.put("HS256 by the public key (confusion)", publicAsSecret.sign("{\"alg\":\"HS256\",\"kid\":\"r1\"}", GOOD, "HS256"));
        bad.put("HS256 by the public key's PEM (confusion)", pemAsSecret.sign("{\"alg\":\"HS256\"}", GOOD, "HS256"));
        bad.put("HS256 of the issuer with a secret by another", Signer.secret("x".repeat(32)).token("HS256", GOOD.replace("login", "shared")));
        bad.put("RS256 of the issuer with a secret", RSA.token("RS256", GOOD.replace("login", "shared")));
        bad.put("HS512 of the issuer with HS256 alone", Signer.secret("0123456789abcdef0123456789abcdef").token("HS512", GOOD.replace("login", "shared")));
        bad.put("ES384's header, ES256's key", P256.sign("{\"alg\":\"ES384\",\"kid\":\"e1\"}", GOOD, "ES256"));
        bad.put("ES256's header, P-384's key", Signer.of("P-384", "e2").sign("{\"alg\":\"ES256\",\"kid\":\"e2\"}", GOOD, "ES384"));
        bad.put("RS256's header, EC's key", P256.sign("{\"alg\":\"RS256\",\"kid\":\"e1\"}", GOOD, "ES256"));
        bad.put("PS256 signed as RS256", RSA.sign("{\"alg\":\"PS256\",\"kid\":\"r1\"}", GOOD, "RS256"));
        bad.put("an algorithm that this issuer has not", RSA.token("RS512", GOOD.replace("login", "narrow")));
        bad.put("ES256K", P256.sign("{\"alg\":\"ES256K\",\"kid\":\"e1\"}", GOOD, "ES256"));
        bad.put("a signature of zeros (CVE-2022-21449)", P256.token("ES256", GOOD).replaceAll("[^.]*$", Signer.base64(new byte[64])));
        bad.put("a DER signature", P256.token("ES256", GOOD).replaceAll("[^.]*$", Signer.base64(new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1})));
        bad.put("another key's", Signer.of("RSA", "stranger").sign("{\"alg\":\"RS256\",\"kid\":\"r1\"}", GOOD, "RS256"));
        bad.put("an unknown kid", Signer.of("RSA", "stranger").token("RS256", GOOD));
        bad.put("kid as a path", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"../../../dev/null\"}", GOOD, "RS256"));
        bad.put("kid as SQL", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"x' UNION SELECT 'k\"}", GOOD, "RS256"));
        bad.put("kid as a number", RSA.sign("{\"alg\":\"RS256\",\"kid\":1}", GOOD, "RS256"));
        bad.put("a key of its own (jwk)", Signer.of("RSA", "stranger").sign("{\"alg\":\"RS256\",\"jwk\":" + Signer.of("RSA", "stranger").jwk() + "}", GOOD, "RS256"));
        bad.put("keys of its own (jku)", Signer.of("RSA", "stranger").sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"jku\":\"https://evil.example/keys\"}", GOOD, "RS256"));
        bad.put("crit", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[\"exp\"]}", GOOD, "RS256"));
        bad.put("crit, empty", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[]}", GOOD, "RS256"));
        bad.put("b64=false", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"b64\":false,\"crit\":[\"b64\"]}", GOOD, "RS256"));
        bad.put("b64=false without crit", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"b64\":false}", GOOD, "RS256"));
        bad.put("zip", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"zip\":\"DEF\"}", GOOD, "RS256"));
        bad.put("an encrypted one (JWE)", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.aa.aa.aa.aa");
        bad.put("made for another purpose", RSA.sign("{\"alg\":\"RS256\",\"kid\":\"r1\",\"typ\":\"logout+jwt\"}", GOOD, "RS256"));
        bad.put("JSON serialization", "{\"payload\":\"" + parts[1] + "\"}");
        bad.put("padding", parts[0] + "=." + parts[1] + "." + parts[2]);
        bad.put("a character between", parts[0] + "." + parts[1] + "*." + parts[2]);
        bad.put("cut off", good.substring(0, good.length() - 10));
        bad.put("a byte of the claims changed", parts[0] + "." + Signer.base64(GOOD.replace("alice", "clara").getBytes()) + "." + parts[2]);
        bad.put("too large", RSA.token("RS256", GOOD.replace("alice", "a".repeat(Token.LONGEST))));
        bad.put("expired", RSA.token("RS256", GOOD.replace("" + (NOW + 600), "" + (NOW - 31))));
        bad.put("without expiry", RSA.token("RS256", "{\"iss\":\"login\",\"sub\":\"alice\",\"aud\":\"shop\"}"));
        bad.put("expiry as a text", RSA.token("RS256", GOOD.replace("" + (NOW + 600), "\"" + (NOW + 600) + "\"")));
        bad.put("expiry beyond all numbers", RSA.token("RS256", GOOD.replace("" + (NOW + 600), "1e400")));
        bad.put("expiry without end", RSA.token("RS256", GOOD.replace("" + (NOW + 600), "99999999999999999999")));
        bad.put("expiry null", RSA.token("RS256", GOOD.replace("" + (NOW + 600), "null")));
        bad.put("not yet", RSA.token("RS256", GOOD.replace("{", "{\"nbf\":" + (NOW + 31) + ",")));
        bad.put("issued in the future", RSA.token("RS256", GOOD.replace("{", "{\"iat\":" + (NOW + 31) + ",")));
        bad.put("for someone else", RSA.token("RS256", GOOD.replace("shop", "shops")));
        bad.put("for nobody", RSA.token("RS256", GOOD.replace("\"aud\":\"shop\",", "")));
        bad.put("for a list with something else in it", RSA.token("RS256", GOOD.replace("\"shop\"", "[\"shop\",1]")));
        bad.put("of another issuer", RSA.token("RS256", GOOD.replace("login", "login2")));
        bad.put("of an issuer in other letters", RSA.token("RS256", GOOD.replace("login", "Login")));
        bad.put("of no issuer", RSA.token("RS256", GOOD.replace("\"iss\":\"login\",", "")));
        bad.put("issuers as a list", RSA.token("RS256", GOOD.replace("\"login\"", "[\"login\"]")));
        bad.put("a claim twice", RSA.token("RS256", GOOD.replace("{", "{\"sub\":\"bob\",")));
        bad.put("without a name", RSA.token("RS256", GOOD.replace("\"sub\":\"alice\",", "")));
        bad.put("with a name that is none", RSA.token("RS256", GOOD.replace("\"alice\"", "\"  \"")));
        bad.put("without a claim that must be there", RSA.token("RS256", GOOD.replace("login", "narrow").replace("sub", "client")));
        bad.put("claims that are a list", RSA.token("RS256", "[" + GOOD + "]"));
        bad.put("claims that are no JSON", RSA.token("RS256", "alice"));
        bad.put("claims deeper than any", RSA.token("RS256", "{\"a\":" + "[".repeat(3000)));
        bad.put("claims deeper than any, whole", RSA.token("RS256", "{\"a\":" + "[".repeat(1500) + "]".repeat(1500) + "}"));
        return bad;
    }

    @Test
    void twoAuthorizationsAreRefused() {
        assertThat(gate.ask("Authorization: Bearer " + RSA.token("RS256", GOOD), "authorization: Basic YTpi").status()).isEqualTo(401);
    }

    @Test
    void clocksMayDifferByTheLeeway() {
        assertThat(bearer(RSA.token("RS256", GOOD.replace("" + (NOW + 600), "" + (NOW - 29)))).status()).isEqualTo(200);
        assertThat(bearer(RSA.token("RS256", GOOD.replace("{", "{\"nbf\":" + (NOW + 29) + ",\"iat\":" + (NOW + 29) + ","))).status()).isEqualTo(200);
    }

    @Test
    void aTokenThatWasVerifiedIsNotCheckedAgain_untilItExpires() {
        String token = RSA.token("RS256", GOOD);
        bearer(token);
        String signatureBroken = token.substring(0, token.length() - 2) + (token.endsWith("AA") ? "BB" : "AA");
        assertThat(bearer(signatureBroken).status()).isEqualTo(401);
        assertThat(bearer(token).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(629));
        assertThat(bearer(token).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(bearer(token).status()).isEqualTo(401);
        assertThat(gate.counted("token", "expired")).isEqualTo(1);
    }

    @Test
    void aSharedSecretCountsForItsIssuer_andAnIssuerNamesItsCallersAsItSays() {
        assertThat(bearer(Signer.secret("0123456789abcdef0123456789abcdef").token("HS256", GOOD.replace("login", "shared"))).caller()).isEqualTo("alice");
        assertThat(bearer(RSA.token("RS256", GOOD.replace("login", "narrow").replace("sub", "client").replace("{", "{\"tenant\":1,"))).caller()).isEqualTo("alice");
    }

    @Test
    void aClaimThatCouldBreakALineIsWrittenInCodes() {
        assertThat(bearer(RSA.token("RS256", GOOD.replace("read write", "a\\r\\nX-Admin: 1\\u00e9%"))).forwarded()).contains("X-Scope: a%0D%0AX-Admin: 1%C3%A9%25\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{claims: [{claim: scope, contains: write}]}; 200", "{claims: [{claim: scope, contains: rite}]}; 403", "{claims: [{claim: scope, is: write}]}; 403",
        "{claims: [{claim: scope, is: read write}]}; 200", "{claims: [{claim: level, is: 5}]}; 200", "{claims: [{claim: level, is: 6}]}; 403",
        "{claims: [{claim: roles, contains: super admin}]}; 200", "{claims: [{claim: roles, contains: admin}]}; 403", "{claims: [{claim: none, is: 1}]}; 403",
        "{claims: [{claim: level, is: 5}, {claim: roles, contains: x}]}; 403", "{names: [bob]}; 403", "{names: [bob, alice]}; 200", "{claims: [{claim: iss, is: login}]}; 200"})
    void aRouteLetsInWhoseClaimsAreAsItSays(String route, int status) {
        gate.use(callersOfOne(), route);
        Gate.Answer answer = bearer(RSA.token("RS256", GOOD));
        assertThat(answer.status()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"site\", error=\"insufficient_scope\"");
        }
    }

    private String callersOfOne() {
        return "{tokens: {issuers: [{issuer: login, keys-file: '" + folder.resolve("keys.json") + "'}]}}";
    }

    @Test
    void aRouteMayLetInWhoShowsNothing_andLetTheServiceSeeTheToken() {
        gate.use(callersOfOne(), "{optional: true, forward: true}");
        assertThat(gate.ask().status()).isEqualTo(200);
        assertThat(gate.ask("Authorization: Bearer x.y.z").status()).isEqualTo(401);
        assertThat(bearer(RSA.token("RS256", GOOD)).forwarded()).contains("Authorization: Bearer ");
    }

    @Test
    void keysOfAChangedFileCountAtOnce_andABadFileChangesNothing() throws Exception {
        String before = RSA.token("RS256", GOOD);
        String after = Signer.of("RSA", "r2").token("RS256", GOOD);
        assertThat(bearer(before).status()).isEqualTo(200);
        Gate.write(folder.resolve("keys.json"), Signer.jwks(Signer.of("RSA", "r2")));
        Gate.await(() -> bearer(after).status() == 200);
        assertThat(bearer(before).status()).isEqualTo(401);

        Gate.write(folder.resolve("keys.json"), "{");
        Gate.await(() -> !gate.decisions.isEmpty());
        assertThat(gate.decisions.getFirst().what()).isEqualTo("keep gateway.callers.tokens.issuers.keys-file");
        assertThat(bearer(after).status()).isEqualTo(200);
    }

    @Test
    void manyLoopsAtOnceLetInTheSame() throws Exception {
        List<String> tokens = Stream.of(RSA.token("RS256", GOOD), P256.token("ES256", GOOD), ED25519.token("EdDSA", GOOD), RSA.token("RS256", GOOD.replace("shop", "x"))).toList();
        CountDownLatch done = new CountDownLatch(4);
        int[] wrong = new int[4];
        for (int t = 0; t < 4; t++) {
            int mine = t;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    int which = (i + mine) % tokens.size();
                    wrong[mine] += bearer(tokens.get(which)).status() == (which == 3 ? 401 : 200) ? 0 : 1;
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(wrong).containsOnly(0);
    }
}
