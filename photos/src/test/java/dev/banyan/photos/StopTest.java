package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How an instance starts without its database and how it stops with requests in flight. */
final class StopTest {
    @Test
    void aRequestInFlightEnds_whileHealthIs503AndThePortCloses() throws Exception {
        WebServer web = WebServer.start(TestPostgres.settings(TestPostgres.newDatabase(), "stopping"));
        int port = web.port();
        Client.of(web).joined("ann");
        byte[] body = "{\"name\":\"ann\",\"password\":\"correct horse\"}".getBytes(StandardCharsets.UTF_8);
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), web.port());
                Socket prober = new Socket(InetAddress.getLoopbackAddress(), web.port());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            OutputStream out = slow.getOutputStream();
            out.write(("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, 10);
            out.flush();
            assertThat(ask(prober)).startsWith("HTTP/1.1 200");
            Future<?> stopped = threads.submit(() -> {
                web.stop();
                return null;
            });
            String health = ask(prober);
            while (health.startsWith("HTTP/1.1 200")) {
                health = ask(prober);
            }
            assertThat(health).startsWith("HTTP/1.1 503").contains("\"stopping\"").contains("Connection: close");
            out.write(body, 10, body.length - 10);
            out.flush();
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 201").contains("\"token\"");
            long start = System.nanoTime();
            stopped.get();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close()).isInstanceOf(ConnectException.class);
    }

    /** One GET /health on a connection that stays open. */
    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("}") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + answer);
            }
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Test
    void aDatabaseThatDoesNotComeIsNamed() {
        Settings nowhere = Settings.from(Map.of("PORT", "0", "HOST", "127.0.0.1", "DATABASE_URL", "postgres://ann:secret@127.0.0.1:1/photos", "DB_WAIT_SECONDS", "0"));
        assertThatThrownBy(() -> WebServer.start(nowhere)).isInstanceOf(IOException.class)
                .hasMessageContaining("no database after 0 s").hasMessageNotContaining("secret");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        String url = TestPostgres.newDatabase();
        WebServer first = WebServer.start(TestPostgres.settings(url, "first"));
        try {
            Settings same = Settings.from(Map.of("PORT", Integer.toString(first.port()), "HOST", "127.0.0.1", "JDBC_DATABASE_URL", url));
            assertThatThrownBy(() -> WebServer.start(same)).isInstanceOf(IOException.class).hasMessageContaining("port " + first.port());
        } finally {
            first.stop();
        }
    }
}
