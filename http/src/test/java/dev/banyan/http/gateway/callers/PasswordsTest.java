package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Users with passwords at the gate. */
class PasswordsTest {
    @TempDir
    Path folder;

    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        users("alice:" + hash("open sesame") + "\nbob:" + hash("p\u00e4ss:word") + "\n");
        gate = Gate.of("{users: {file: '" + folder.resolve("users") + "', remember: 1m}, realm: 'the \"shop\"', failures: 5}", "{}");
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private static String hash(String password) {
        return BCrypt.hashpw(password, BCrypt.gensalt(4)).replace("$2a$", "$2y$"); // as htpasswd writes it
    }

    private void users(String lines) throws Exception {
        Gate.write(folder.resolve("users"), lines);
    }

    private Gate.Answer login(String client, String userAndPassword) {
        return gate.askFrom(client, "/", "Authorization: Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRightPasswordIsLetIn_andStaysHere() {
        Gate.Answer answer = login("192.0.2.1", "alice:open sesame");
        assertThat(answer.caller()).isEqualTo("alice");
        assertThat(answer.forwarded()).isEqualTo("Host: a\r\n");
        assertThat(login("192.0.2.1", "bob:p\u00e4ss:word").caller()).isEqualTo("bob");
    }

    @ParameterizedTest
    @CsvSource({"alice:open sesame!", "alice:", ":open sesame", "Alice:open sesame", "carol:open sesame", "alice", "bob:open sesame"})
    void aWrongOneIsRefusedInTheSameWords(String userAndPassword) {
        Gate.Answer answer = login("192.0.2.1", userAndPassword);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).isEqualTo("401 Unauthorized: what was shown is not right\n");
        assertThat(answer.field("WWW-Authenticate")).isEqualTo("Basic realm=\"the \\\"shop\\\"\", charset=\"UTF-8\"");
    }

    @Test
    void whatIsNoLoginIsRefused() {
        for (String bad : new String[] {"Basic", "Basic ", "Basic !!!!", "Basic YWxpY2U", "Basic " + "QUFB".repeat(400), "Basic " + Base64.getEncoder().encodeToString("alice:open\u0000sesame".getBytes())}) {
            assertThat(gate.askFrom("192.0.2." + bad.length() % 250, "/", "Authorization: " + bad).status()).as(bad).isEqualTo(401);
        }
    }

    @Test
    void aPasswordIsCheckedAgainAfterAWhile_andAtOnceWhenTheFileSaysAnother() throws Exception {
        login("192.0.2.1", "alice:open sesame");
        for (int i = 0; i < 5; i++) {
            login("192.0.2.1", "alice:wrong" + i);
        }
        assertThat(login("192.0.2.1", "alice:open sesame").status()).as("remembered, though its address is not heard").isEqualTo(200);
        assertThat(login("192.0.2.1", "bob:p\u00e4ss:word").status()).isEqualTo(429);
        gate.clock.advance(Duration.ofMinutes(2));
        assertThat(login("192.0.2.1", "alice:open sesame").status()).isEqualTo(200);

        users("alice:" + hash("another") + "\n");
        Gate.await(() -> login("192.0.2.9", "alice:another").status() != 401 && login("192.0.2.8", "alice:another").status() == 200 || nextAddress());
        assertThat(login("192.0.2.7", "alice:open sesame").status()).isEqualTo(401);
        assertThat(login("192.0.2.6", "bob:p\u00e4ss:word").status()).isEqualTo(401);
    }

    /** So that waiting for the file is not refused as guessing. */
    private boolean nextAddress() {
        gate.clock.advance(Duration.ofMinutes(1));
        return false;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "alice:$apr1$abc$xxxxxxxxxxxxxxxxxxxxxx; line 1 (alice) has no hash by bcrypt", "alice:{SHA}abc; line 1 (alice) has no hash by bcrypt", "alice:plain; line 1 (alice) has no hash by bcrypt",
        "alice; line 1 is not NAME:HASH", "# nobody; it names no user", "alice:$2y$31$" + "............................................" + "........." + "; line 1 (alice) has a cost of 31"})
    void aBadFileIsRefusedWithTheNextStep(String content, String fault) throws Exception {
        Path file = Gate.write(folder.resolve("bad"), content + "\n");
        assertThatThrownBy(() -> gate.use("{users: {file: '" + file + "'}}", "{}")).isInstanceOf(BanyanException.class).hasMessageContaining(fault).hasMessageNotContaining("plain");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> gate.use("{users: {file: '" + folder.resolve("none") + "'}}", "{}")).hasMessage("gateway.callers.users.file " + folder.resolve("none") + ": there is no such file");
    }

    @Test
    void keysTokensAndPasswordsStandSideBySide() throws Exception {
        gate.use("{keys: {known: {robot: {sha256: " + ApiKeysTest.sha256("k") + "}}}, users: {file: '" + folder.resolve("users") + "'}, tokens: {issuers: [{issuer: a, secret: 0123456789abcdef0123456789abcdef}]}}", "{}");
        assertThat(gate.ask().field("WWW-Authenticate")).isEqualTo("Bearer realm=\"site\" | Basic realm=\"site\", charset=\"UTF-8\"");
        assertThat(login("192.0.2.1", "alice:open sesame").caller()).isEqualTo("alice");
        Gate.Answer both = gate.ask("X-API-Key: k", "Authorization: Basic YTpi");
        assertThat(both.caller()).isEqualTo("robot");
        assertThat(both.forwarded()).as("what was not looked at goes no further either").isEqualTo("Host: a\r\n");
        assertThat(gate.ask("X-API-Key: wrong", "Authorization: Basic " + Base64.getEncoder().encodeToString("alice:open sesame".getBytes())).status()).isEqualTo(401);
    }
}
