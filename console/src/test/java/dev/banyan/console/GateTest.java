package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.topology.HostPort;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console that other machines reach. */
class GateTest {
    @TempDir
    private Path folder;

    @Test
    void whoeverGuessesOnThisMachineDoesNotKeepItsOwnerOut_whoeverGuessesFromAfarKeepsOutOnlyTheirAddress() {
        Token token = Token.in(folder.resolve("console.token"));
        Gate gate = new Gate(new HostPort("0.0.0.0", 9900), token, Optional.empty(), new WrongTokens(Clock.system()));
        for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
            for (String from : new String[] {"127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.1"}) {
                assertThat(gate.judge(shown(from, "guess-" + i))).isInstanceOf(Gate.Verdict.Refused.class);
            }
        }
        assertThat(gate.judge(shown("127.0.0.1", token.reveal()))).isEqualTo(new Gate.Verdict.Open("token", true));
        assertThat(gate.judge(shown("0:0:0:0:0:0:0:1", token.reveal()))).isEqualTo(new Gate.Verdict.Open("token", true));
        assertThat(gate.judge(shown("10.0.0.2", token.reveal()))).isEqualTo(new Gate.Verdict.Open("token", true));
        assertThat(gate.judge(shown("10.0.0.1", token.reveal()))).isInstanceOfSatisfying(Gate.Verdict.Refused.class, refused -> assertThat(refused.status()).isEqualTo(429));
    }

    private static Gate.Request shown(String from, String secret) {
        return new Gate.Request(from, "GET", false, "127.0.0.1:9900", Optional.empty(), Optional.empty(), Optional.of("Bearer " + secret), Optional.empty());
    }
}
