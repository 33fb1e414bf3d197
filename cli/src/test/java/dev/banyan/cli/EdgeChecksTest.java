package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.EdgePass;
import dev.banyan.http.Introduction;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether an edge answers, and what is done when it does not. */
class EdgeChecksTest {
    private static final Topology SITE = SiteFile.read("{site: a, application: {command: x}, front-door: {access-log: false, health: {rise: 2, fall: 3}}}", _ -> Optional.empty()).orThrow("test");

    @TempDir
    private Path folder;

    private final Deque<Runnable> due = new ArrayDeque<>();
    private final List<String> decided = new ArrayList<>();
    private String failure = "";

    private void pass(int checks) {
        for (int i = 0; i < checks; i++) {
            due.pop().run();
        }
    }

    @Test
    void anEdgeThatFailsItsChecksInARowIsPassedBy_andGetsConnectionsAgainWhenItPassesThem() throws Exception {
        try (Loops loops = Loops.open(); RunningEdge edge = open(loops)) {
            new EdgeChecks((_, task) -> due.add(task), (what, why, _) -> decided.add(what + ": " + why), (_, _) -> failure).watch(edge, SITE.frontDoor().health());
            pass(2);
            failure = "no answer";
            pass(2);
            assertThat(edge.answers()).isTrue();
            pass(1);
            assertThat(edge.answers()).isFalse();
            failure = "";
            pass(1);
            assertThat(edge.answers()).isFalse();
            pass(1);
            assertThat(edge.answers()).isTrue();
            assertThat(decided).containsExactly("pass by edge-1: it failed 3 checks in a row: no answer", "give new connections to edge-1 again: it passed 2 checks in a row");
            edge.retire();
            pass(1);
            assertThat(due).as("nobody looks at an edge that leaves").isEmpty();
        }
    }

    @Test
    void aLookFindsAnEdgeThatAnswers_oneThatIsSilent_oneThatSaysSomethingElse_andOneThatIsNotThere() throws Exception {
        try (Loops loops = Loops.open(); RunningEdge edge = open(loops)) {
            assertThat(EdgeProbe.look(edge.address(), Duration.ofSeconds(5))).isEmpty();
            assertThat(edge.figures().traffic().total()).as("a look is no request").isZero();
        }
        HostPort gone;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = new HostPort("127.0.0.1", silent.getLocalPort());
            assertThat(EdgeProbe.look(gone, Duration.ofMillis(50))).contains("timed out");
        }
        assertThat(EdgeProbe.look(gone, Duration.ofSeconds(1))).contains("refused");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = other.accept()) {
                    socket.getOutputStream().write("220 mail.example ESMTP\r\n".getBytes());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(EdgeProbe.look(new HostPort("127.0.0.1", other.getLocalPort()), Duration.ofSeconds(5))).isNotEmpty();
        }
    }

    private RunningEdge open(Loops loops) throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        EdgeSettings settings = new EdgeSettings(SITE.frontDoor(), SITE.edge(), "/", Optional.empty());
        return RunningEdge.beside("edge-1", "edge-1", settings, new HostPort("127.0.0.1", 1), Introduction.plain(new EdgePass(new Secret("s"))),
                new RunningEdge.Surroundings(loops, Clock.system(), folder, _ -> {}));
    }
}
