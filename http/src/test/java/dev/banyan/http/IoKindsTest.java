package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.FrontDoor.Io;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The front door on each of the system's ways to wait for sockets. */
class IoKindsTest {
    @ParameterizedTest
    @EnumSource
    void forwardsBodiesBothWays(IoKind kind) throws Exception {
        assumeTrue(kind.available(), () -> "this system has no " + kind);
        Origin.Script echo = (request, out) -> {
            byte[] body = request.body().readNBytes(Integer.parseInt(request.header("content-length")));
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            out.write(body);
            out.flush();
        };
        try (Origin origin = new Origin(echo); Site site = Site.on(kind, "", origin); Socket client = site.connect()) {
            for (int length : new int[] {1, 1_000, 100_000, 1_000_000}) {
                String body = "x".repeat(length);
                Thread sender = Thread.ofVirtual().start(() -> send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n" + body));
                String head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
                assertThat(FrontDoorTest.read(client.getInputStream(), head.length() + length)).isEqualTo(head + body);
                sender.join();
            }
        }
    }

    @Test
    void oneThatIsNotThereIsNamedWithTheNextStep() {
        Io missing = IoKind.KQUEUE.available() ? Io.EPOLL : Io.KQUEUE;
        assertThatThrownBy(() -> Loops.open(missing, 1)).isInstanceOf(BanyanException.class).hasMessageContaining("set front-door.io to 'auto'");
    }

    private static void send(Socket client, String text) {
        try {
            Origin.write(client.getOutputStream(), text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
