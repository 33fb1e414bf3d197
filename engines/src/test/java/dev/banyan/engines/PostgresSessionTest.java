package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that do not keep to the protocol. The one that does is every other test's. */
class PostgresSessionTest {
    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        loops.close();
    }

    @Test
    void takesNoMessageLongerThanAServersEver() {
        says(out -> {
            out.writeByte('R');
            out.writeInt(Integer.MAX_VALUE);
        });
        assertThatThrownBy(this::connect).hasMessage("a message 'R' of 2147483643 bytes came; the longest that is read has 1048576");
    }

    @Test
    void takesNoMessageOfNegativeLength() {
        says(out -> {
            out.writeByte('R');
            out.writeInt(-1);
        });
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class).hasMessageContaining("of -5 bytes");
    }

    @Test
    void givesUpAtAnEndInTheMiddle() {
        says(out -> {
            out.writeByte('R');
            out.writeInt(8);
        });
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void sendsItsPasswordToNobodyWhoAsksForItPlainly() {
        says(out -> message(out, 'R', new byte[] {0, 0, 0, 3}));
        assertThatThrownBy(this::connect).hasMessageContaining("it asks for authentication of kind 3");
    }

    @Test
    void doesNotTrustAServerThatDoesNotKnowThePassword() {
        says(out -> message(out, 'R', "\0\0\0\14v=AAAA".getBytes(StandardCharsets.ISO_8859_1)));
        assertThatThrownBy(this::connect).hasMessageContaining("it is not the server it should be");
    }

    @Test
    void takesNoChallengeThatIsNotForIt() throws Exception {
        ScramLogin login = new ScramLogin("secret");
        String nonce = login.first().substring(login.first().indexOf("r=") + 2);
        assertThatThrownBy(() -> login.answer("r=another,s=AAAA,i=4096")).hasMessageContaining("malformed");
        assertThatThrownBy(() -> login.answer("r=" + nonce + "more,s=AAAA,i=9999999")).hasMessageContaining("9999999 SCRAM iterations");
        assertThat(login.answer("r=" + nonce + "more,s=AAAA,i=4096")).startsWith("c=biws,r=" + nonce + "more,p=");
    }

    @Test
    void waitsNoLongerThanItMay() {
        assertThatThrownBy(() -> PostgresSession.open(at(), Map.of(), Duration.ofMillis(50))).isInstanceOf(SocketTimeoutException.class);
    }

    private PostgresSession connect() throws IOException {
        return PostgresSession.open(at(), Map.of(), Duration.ofSeconds(10));
    }

    private DatabaseEndpoint at() {
        return new DatabaseEndpoint(new HostPort("127.0.0.1", server.getLocalPort()), "someone", new Secret("secret"), "any", Map.of());
    }

    private interface Words {
        void write(DataOutputStream out) throws IOException;
    }

    private void says(Words words) {
        loops.blocking().execute(() -> {
            try (Socket client = server.accept()) {
                // The start-up message first: an end with something unread would be a reset.
                byte[] length = client.getInputStream().readNBytes(4);
                client.getInputStream().readNBytes((length[2] & 0xFF) * 256 + (length[3] & 0xFF) - 4);
                words.write(new DataOutputStream(client.getOutputStream()));
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            } catch (IOException ended) {
                // The test tells.
            }
        });
    }

    private static void message(DataOutputStream out, char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(4 + body.length);
        out.write(body);
    }
}
