package dev.banyan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.drill.site.DrilledSite.Struck;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a console whose answers are planned: what a drill breaks is known to it and lifted, however it is broken off. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminSiteTest {
    private static final String FAULT = "{\"number\":7,\"kind\":\"stop\",\"target\":\"web-1\",\"setting\":\"\"}";
    private static final String OTHER = "{\"number\":3,\"kind\":\"kill\",\"target\":\"web-2\",\"setting\":\"\"}";

    @TempDir
    private Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer console;
    /** Closes the connection of an order instead of answering it. */
    private volatile boolean silent;
    /** Who asks, and presses Ctrl-C just then. */
    private volatile Thread interrupted;

    @BeforeEach
    void listen() throws IOException {
        console = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        console.createContext("/", this::answer);
        console.start();
    }

    @AfterEach
    void close() {
        console.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(what);
        exchange.getRequestBody().readAllBytes();
        if (what.equals("POST /api/faults")) {
            interrupted.interrupt();
            if (silent) {
                exchange.close();
                return;
            }
        }
        byte[] body = switch (what) {
            case "POST /api/faults", "POST /api/faults/7/lift" -> FAULT.getBytes(UTF_8);
            case "GET /api/faults" -> ("{\"active\":[" + OTHER + "," + FAULT + "]}").getBytes(UTF_8);
            default -> "{\"nodes\":[]}".getBytes(UTF_8);
        };
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private AdminSite site() {
        interrupted = Thread.currentThread();
        return new AdminSite(folder, AdminClient.at("http://127.0.0.1:" + console.getAddress().getPort(), ConsoleTrust.SYSTEM, new Secret("none")), Optional.empty());
    }

    @Test
    void whoIsInterruptedWhileAFaultBeginsKnowsIt_staysInterrupted_andCanLiftIt() {
        try (AdminSite site = site()) {
            Struck struck = site.strike(FaultKind.STOP, "web-1", Duration.ofSeconds(15));
            assertThat(struck.number()).isEqualTo(7);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            site.lift(struck);
            assertThat(Thread.interrupted()).as("still").isTrue();
        }
        assertThat(asked).last().isEqualTo("POST /api/faults/7/lift");
    }

    @Test
    void aFaultWhoseOrderWasNotAnsweredIsLifted_andNoOther() {
        silent = true;
        try (AdminSite site = site()) {
            assertThatThrownBy(() -> site.strike(FaultKind.STOP, "web-1", Duration.ofSeconds(15))).isInstanceOf(BanyanException.class).hasMessageContaining("does not answer any more");
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(asked).endsWith("GET /api/faults", "POST /api/faults/7/lift");
    }
}
