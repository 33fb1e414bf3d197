package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.HostPort;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
    private static final HostPort FROM = new HostPort("10.0.0.7", 7000);

    @ParameterizedTest
    @CsvSource({
        "MOVED 3999 127.0.0.1:6381, MOVED, 3999, 127.0.0.1, 6381",
        "ASK 0 cache-2.internal:6379, ASK, 0, cache-2.internal, 6379",
        "MOVED 16383 :7001, MOVED, 16383, 10.0.0.7, 7001",
        "MOVED 1 ?:7001, MOVED, 1, 10.0.0.7, 7001",
        "MOVED 1 fe80::12:7001, MOVED, 1, fe80::12, 7001"
    })
    void whatANodeSaysIsRead(String text, Redirect.Kind kind, int slot, String host, int port) {
        assertThat(Redirect.parse(text, FROM)).contains(new Redirect(kind, slot, new HostPort(host, port)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "MOVED", "MOVED 1", "MOVED x 127.0.0.1:1", "MOVED 16384 127.0.0.1:1", "MOVED -1 127.0.0.1:1", "MOVED 1 127.0.0.1", "MOVED 1 127.0.0.1:0", "MOVED 1 127.0.0.1:65536",
        "moved 1 127.0.0.1:1", "MOVED 1 a b:1", "ERR unknown command 'MOVED'", "CROSSSLOT Keys in request don't hash to the same slot", "TRYAGAIN Multiple keys request during rehashing of slot",
        "CLUSTERDOWN Hash slot not served"
    })
    void otherErrorsAreNone(String text) {
        assertThat(Redirect.parse(text, FROM)).isEmpty();
    }

    @Property
    void noTextIsAnError(@ForAll String rest) {
        Optional<Redirect> read = Redirect.parse("MOVED " + rest, FROM);
        read.ifPresent(redirect -> assertThat(redirect.slot()).isBetween(0, 16_383));
    }
}
