package dev.banyan.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Loops;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTest {
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final byte[] END_POINT = {1, 2, 3};

    private static Verifier.Scram verifier(String password, byte[] salt) {
        var keys = ScramSha256.keys(password, salt, 4096);
        return new Verifier.Scram(4096, salt, ScramSha256.hash(keys.clientKey()), keys.serverKey());
    }

    /** RFC 7677 section 3. */
    @Test
    void comesToTheSumsOfTheRfc() throws Exception {
        ScramServer server = new ScramServer(verifier("pencil", SALT), Optional.empty(), SERVER_NONCE);
        assertThat(server.first(ScramServer.PLAIN, "n,,n=user,r=" + CLIENT_NONCE)).isEqualTo("r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        var outcome = server.last("c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(outcome).isInstanceOfSatisfying(ScramServer.Outcome.Proved.class, proved -> {
            assertThat(proved.serverFinal()).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
            assertThat(proved.keys().clientKey()).isEqualTo(ScramSha256.keys("pencil", SALT, 4096).clientKey());
        });
    }

    private static ScramServer.Outcome exchange(String known, String given, Optional<byte[]> offered, Optional<byte[]> seen, boolean couldBind) throws Exception {
        var secrets = Loops.secrets();
        ScramServer server = new ScramServer(verifier(known, SALT), offered, ScramSha256.nonce(secrets));
        ScramClient client = new ScramClient(seen, couldBind, ScramSha256.nonce(secrets));
        var challenge = client.challenged(server.first(client.mechanism(), client.first()));
        var outcome = server.last(client.last(ScramSha256.keys(given, challenge.salt(), challenge.iterations())));
        if (outcome instanceof ScramServer.Outcome.Proved proved) {
            assertThat(client.proves(proved.serverFinal())).isTrue();
            assertThat(client.proves("v=" + "A".repeat(43) + "=")).isFalse();
            assertThat(client.proves("e=other-error")).isFalse();
        }
        return outcome;
    }

    @ParameterizedTest
    @CsvSource({"secret, secret, true", "secret, Secret, false", "pässword, pässword, true", "I\u00adX, IX, true", "\u2168, IX, true", "a\u00a0b, 'a b', true", "\u0007bell, \u0007bell, true", "'', '', true", "'', x, false"})
    void knowsThePassword_asSaslprepLeavesIt(String known, String given, boolean right) throws Exception {
        assertThat(exchange(known, given, Optional.empty(), Optional.empty(), false) instanceof ScramServer.Outcome.Proved).isEqualTo(right);
    }

    @Test
    void bindsToTheChannel() throws Exception {
        assertThat(exchange("x", "x", Optional.of(END_POINT), Optional.of(END_POINT), true)).isInstanceOf(ScramServer.Outcome.Proved.class);
        assertThat(exchange("x", "x", Optional.of(END_POINT), Optional.empty(), false)).isInstanceOf(ScramServer.Outcome.Proved.class);
        assertThatThrownBy(() -> exchange("x", "x", Optional.of(END_POINT), Optional.of(new byte[] {1, 2, 4}), true)).hasMessageContaining("the client sees another TLS certificate");
        assertThatThrownBy(() -> exchange("x", "x", Optional.of(END_POINT), Optional.empty(), true)).hasMessageContaining("thinks the server does not");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ",", "n", "n,", "n,,", "n,,n=", "n,,n=,r=", "n,,n=x", "x,,n=,r=abc", "n,,m=1,n=,r=abc", "n,,n=,r=a b", "n,,n=,r=ab,", "n,,n=,r=ab,m=x", "n,,n=,r=ab,xy", "p=,,n=,r=ab", "p=a b,,n=,r=ab", "n,,r=ab,n=", "N,,n=,r=ab"
    })
    void refusesAFirstMessageThatIsNone(String message) {
        ScramServer server = new ScramServer(verifier("x", SALT), Optional.empty(), SERVER_NONCE);
        assertThatThrownBy(() -> server.first(ScramServer.PLAIN, message)).isInstanceOf(Refused.class).hasMessage("malformed SCRAM message: this is no client-first-message");
    }

    @Test
    void refusesWhatTheFirstMessageMayNotAsk() {
        ScramServer server = new ScramServer(verifier("x", SALT), Optional.of(END_POINT), SERVER_NONCE);
        assertThatThrownBy(() -> server.first(ScramServer.PLAIN, "n,a=admin,n=,r=ab")).hasMessageContaining("authorization identity");
        assertThatThrownBy(() -> server.first(ScramServer.PLAIN, "p=tls-server-end-point,,n=,r=ab")).hasMessageContaining("SCRAM-SHA-256 was chosen with channel binding data");
        assertThatThrownBy(() -> server.first(ScramServer.PLUS, "n,,n=,r=ab")).hasMessageContaining("was chosen without");
        assertThatThrownBy(() -> server.first(ScramServer.PLUS, "p=tls-unique,,n=,r=ab")).hasMessageContaining("\"tls-unique\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "c=biws", "c=biws,r=ab", "c=biws,r=abX,p=", "c=biws,r=abX,p=AAAA", "c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "r=abX,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=ab,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=eSws,r=abX,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=biws,r=abX,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=,x=1",
        "c=b,r=abX,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=biws,r=abX,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndV=="
    })
    void refusesALastMessageThatIsNone(String message) throws Exception {
        ScramServer server = new ScramServer(verifier("x", SALT), Optional.empty(), "X");
        server.first(ScramServer.PLAIN, "n,,n=,r=ab");
        assertThatThrownBy(() -> server.last(message)).isInstanceOf(Refused.class).hasMessageStartingWith("malformed SCRAM message: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r=abc,s=AAAA,i=0", "r=abc,s=AAAA,i=-1", "r=abc,s=AAAA,i=9999999999", "r=abc,s=,i=1", "r=ab,s=AAAA,i=1", "r=xbc,s=AAAA,i=1", "r=abc,s=A,i=1", "s=AAAA,r=abc,i=1", "e=no", "m=1,r=abc,s=AAAA,i=1"})
    void refusesAServersFirstMessageThatIsNone(String message) {
        assertThatThrownBy(() -> new ScramClient(Optional.empty(), false, "ab").challenged(message)).isInstanceOf(Refused.class);
    }

    @Test
    void strangersAreAskedTheSameEachTime_andNoPasswordFits() throws Exception {
        Strangers strangers = new Strangers(new byte[16]);
        Verifier.Scram one = strangers.verifier("eve");
        assertThat(one).usingRecursiveComparison().isEqualTo(new Strangers(new byte[16]).verifier("eve"));
        assertThat(one.salt()).hasSize(16).isNotEqualTo(strangers.verifier("eva").salt());
        ScramServer server = new ScramServer(one, Optional.empty(), "X");
        ScramClient client = new ScramClient(Optional.empty(), false, "ab");
        var challenge = client.challenged(server.first(client.mechanism(), client.first()));
        assertThat(server.last(client.last(ScramSha256.keys("", challenge.salt(), challenge.iterations())))).isEqualTo(new ScramServer.Outcome.Wrong());
    }

    @Test
    void secretsAreNotPrinted() {
        var keys = ScramSha256.keys("x", SALT, 1);
        assertThat(keys).hasToString("Keys[***]");
        assertThat(verifier("x", SALT)).hasToString("Scram[***]");
        assertThat(new Verifier.Plain(new dev.banyan.topology.Secret("hidden"), verifier("x", SALT)).toString()).doesNotContain("hidden");
    }
}
