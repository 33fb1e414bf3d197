package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.TokenRate;
import dev.banyan.http.gateway.limits.RedisCounters;
import dev.banyan.http.gateway.limits.SharedCounters;
import dev.banyan.http.gateway.limits.SharedCounters.Answer;
import dev.banyan.net.Loops;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SiteCountersTest {
    private static final SharedCounters.Charge ONE = new SharedCounters.Charge("banyan:limit:a/b:1", 1, TokenRate.of(1, Duration.ofSeconds(1), 1));

    private static Answer charged(SiteCounters counters) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        counters.charge(List.of(ONE), answer::complete);
        return answer.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aDoorLimitsAloneWithoutACache_andTurnsToTheNodeAndItsNextPlaceAsSoonAsItRuns() throws Exception {
        AtomicReference<Optional<SiteCounters.Node>> node = new AtomicReference<>(Optional.empty());
        try (Loops loops = Loops.open(); ServerSocket first = listener(); ServerSocket second = listener(); SiteCounters counters = new SiteCounters(loops.transport(), "one", node::get)) {
            counters.look();
            assertThat(charged(counters)).isEqualTo(new Answer.Away("the site runs no cache now, see 'banyan grow --to 5'"));
            assertThat(counters.doors()).isEqualTo(1);
            for (ServerSocket at : List.of(first, second)) {
                node.set(Optional.of(new SiteCounters.Node(new HostPort("127.0.0.1", at.getLocalPort()), new RedisCounters.Login(Optional.empty(), new Secret("s")))));
                counters.look();
                counters.look();
                try (var connection = at.accept()) {
                    assertThat(connection.getInputStream().readNBytes(4)).asString().startsWith("*2\r\n");
                }
            }
            node.set(Optional.empty());
            counters.look();
            assertThat(charged(counters)).isInstanceOf(Answer.Away.class);
        }
    }

    private static ServerSocket listener() throws Exception {
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }
}
