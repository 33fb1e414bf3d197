package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a console that begins its answer to a move and never ends it. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminClientTest {
    @Test
    void closingDoesNotWaitForAMoveThatHangs() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer console = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        console.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"state\":\"running\"}\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        console.start();
        try {
            AdminClient client = AdminClient.at("http://127.0.0.1:" + console.getAddress().getPort(), ConsoleTrust.SYSTEM, new Secret("none"));
            CompletableFuture<String> begun = new CompletableFuture<>();
            CompletableFuture<Void> move = CompletableFuture.runAsync(() -> client.move("/api/grow", "{}", report -> begun.complete(report.path("state").asString())));
            assertThat(begun.get(60, TimeUnit.SECONDS)).isEqualTo("running");
            client.close();
            assertThatThrownBy(() -> move.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(BanyanException.class);
        } finally {
            over.countDown();
            console.stop(0);
        }
    }
}
