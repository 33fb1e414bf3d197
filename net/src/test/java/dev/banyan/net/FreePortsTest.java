package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which ports programs are given. */
class FreePortsTest {
    @Test
    void noOutgoingConnectionIsGivenOneOfThem_andNoneIsGivenTwice() {
        FreePorts ports = new FreePorts();
        assertThat(IntStream.range(0, 200).map(_ -> ports.next()).boxed().toList()).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_768);
    }

    /** Why: nothing listens at it, and for a minute nothing can. */
    @Test
    void thePortOfAConnectionThatEndedIsNotFree() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); Socket client = new Socket()) {
            client.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client.connect(server.getLocalSocketAddress());
            port = client.getLocalPort();
            assertThat(FreePorts.isFree(port)).isFalse();
        }
        assertThat(port).isPositive();
    }
}
