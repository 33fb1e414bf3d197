package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys at the gate: in the header, in the query, from the site file and from a file. */
class ApiKeysTest {
    private static final String SCANNER = "5f3c0e9a7b1d4c2e8f6a0b9c8d7e6f5a";
    private static final String ROBOT = "00112233445566778899aabbccddeeff";

    @TempDir
    Path folder;

    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        Path file = Gate.write(folder.resolve("keys.txt"), "# robots\n\nrobot " + sha256(ROBOT) + " expires=2026-11-22T13:00:00Z plan=free\n");
        gate = Gate.of("{keys: {query: api_key, known: {scanner: {sha256: " + sha256(SCANNER) + ", labels: {plan: gold}}}, file: '" + file + "'}, pass: [{claim: plan, header: X-Plan}], failures: 5}", "{}");
    }

    @AfterEach
    void close() {
        gate.close();
    }

    static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aKeyInTheHeaderIsLetIn_andStaysHere() {
        Gate.Answer answer = gate.ask("x-api-key: " + SCANNER, "X-Plan: platinum");
        assertThat(answer.caller()).isEqualTo("scanner");
        assertThat(answer.forwarded()).isEqualTo("Host: a\r\nX-Plan: gold\r\n");
    }

    @ParameterizedTest
    @CsvSource({"/x?api_key=KEY,/x", "/x?a=1&api_key=KEY,/x?a=1", "/x?api_key=KEY&b=2,/x?b=2", "/x?a=1&api_key=KEY&b=2,/x?a=1&b=2", "/?x_api_key=1&api_key=KEY,/?x_api_key=1", "/x?&api_key=KEY&,/x?"})
    void aKeyInTheQueryIsLetIn_andTakenOut(String target, String forwarded) {
        Gate.Answer answer = gate.askFrom("192.0.2.1", target.replace("KEY", SCANNER));
        assertThat(answer.caller()).isEqualTo("scanner");
        assertThat(answer.target()).isEqualTo(forwarded);
    }

    @ParameterizedTest
    @CsvSource({"/x", "/x?", "/x?api_key", "/x?API_KEY=KEY", "/x?xapi_key=KEY", "/x?a=api_key=KEY", "/api_key=KEY"})
    void whatIsNoSuchParameterIsNoKey(String target) {
        Gate.Answer answer = gate.askFrom("192.0.2.1", target.replace("KEY", SCANNER));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).isEqualTo("401 Unauthorized: this is for callers who show who they are\n");
    }

    @Test
    void aWrongKeyAnEmptyOneTwoAndALongOneAreRefused() {
        assertThat(gate.ask("X-API-Key: " + SCANNER.toUpperCase()).status()).isEqualTo(401);
        assertThat(gate.ask("X-API-Key:").status()).isEqualTo(401);
        assertThat(gate.ask("X-API-Key: " + SCANNER, "X-API-Key: " + SCANNER).status()).isEqualTo(401);
        assertThat(gate.askFrom("192.0.2.2", "/?api_key=" + SCANNER + "&api_key=" + SCANNER).status()).isEqualTo(401);
        assertThat(gate.askFrom("192.0.2.2", "/", "X-API-Key: " + "x".repeat(2000)).status()).isEqualTo(401);
        assertThat(gate.askFrom("192.0.2.2", "/", "X-API-Key: " + "x").field("WWW-Authenticate")).isEmpty();
    }

    @Test
    void aKeyOfTheFileCountsUntilItExpires() {
        assertThat(gate.ask("X-API-Key: " + ROBOT).forwarded()).contains("X-Plan: free");
        gate.clock.advance(Duration.ofHours(1));
        assertThat(gate.ask("X-API-Key: " + ROBOT).status()).isEqualTo(401);
        assertThat(gate.counted("key", "expired")).isEqualTo(1);
    }

    @Test
    void aKeyThatIsPutIntoTheFileCountsAtOnce_andABadFileIsSaidOnce() throws Exception {
        Gate.write(folder.resolve("keys.txt"), "new " + sha256("new-key") + "\n");
        Gate.await(() -> gate.askFrom("198.51.100." + (int) gate.clock.nanos() % 7, "/", "X-API-Key: new-key").status() == 200);
        assertThat(gate.askFrom("203.0.113.9", "/", "X-API-Key: " + ROBOT).status()).isEqualTo(401);
        Gate.write(folder.resolve("keys.txt"), "new new-key\n");
        Gate.await(() -> !gate.decisions.isEmpty());
        assertThat(gate.decisions.getFirst().why()).contains("line 1 is not NAME SHA256").doesNotContain("new-key");
        assertThat(gate.askFrom("203.0.113.10", "/", "X-API-Key: new-key").status()).isEqualTo(200);
        Files.delete(folder.resolve("keys.txt"));
        Gate.await(() -> gate.decisions.size() == 2);
        assertThat(gate.decisions.getLast().why()).endsWith("there is no such file");
    }

    @Test
    void afterSomeWrongKeysAnAddressIsNotHeard_butWhoIsKnownGoesOn() {
        for (int i = 0; i < 5; i++) {
            assertThat(gate.ask("X-API-Key: wrong-" + i).status()).isEqualTo(401);
        }
        Gate.Answer answer = gate.ask("X-API-Key: wrong");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.field("Retry-After")).isEqualTo("12");
        assertThat(gate.ask("X-API-Key: " + SCANNER).status()).isEqualTo(200);
        assertThat(gate.askFrom("192.0.2.77", "/", "X-API-Key: wrong").status()).isEqualTo(401);
        gate.clock.advance(Duration.ofSeconds(12));
        assertThat(gate.ask("X-API-Key: wrong").status()).isEqualTo(401);
        assertThat(gate.ask("X-API-Key: wrong").status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"x,line 1 is not NAME SHA256", "x abc,line 1 is not NAME SHA256", "x HASH expires=tomorrow,line 1 (x) expires at no day or time", "x HASH plan,line 1 (x) has something behind the hash"})
    void aBadFileIsRefusedWithoutShowingAKey(String content, String fault) throws Exception {
        Path file = Gate.write(folder.resolve("bad.txt"), content.replace("HASH", sha256("k")) + "\n");
        assertThatThrownBy(() -> gate.use("{keys: {file: '" + file + "'}}", "{}")).isInstanceOf(BanyanException.class).hasMessageContaining("gateway.callers.keys.file " + file + ": " + fault);
        assertThat(gate.ask("X-API-Key: " + SCANNER).status()).as("nothing has changed").isEqualTo(200);
    }

    @Test
    void routesThatAskNobodyStillTakeOutForgedClaims() {
        Gate.Answer answer = gate.ask(gate.open().orElseThrow(), "192.0.2.1", "/?api_key=1", "X-Plan: gold", "x_plan: gold", "X-Planet: 9", "X-API-Key: own");
        assertThat(answer.forwarded()).isEqualTo("Host: a\r\nX-Planet: 9\r\nX-API-Key: own\r\n");
        assertThat(answer.target()).isEqualTo("/?api_key=1");
    }
}
