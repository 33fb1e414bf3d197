package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.Identity;
import dev.banyan.net.IoKind;
import dev.banyan.net.LocalCertificate;
import dev.banyan.net.Loops;
import dev.banyan.topology.Console;
import dev.banyan.topology.Decision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console's certificate as its clients see it, while its files are renewed. */
@Timeout(120)
class ConsoleTlsTest {
    private static final int SECONDS = 60;

    private final Clock clock = Clock.system();
    private final LinkedBlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> renewed = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    private Loops loops;
    private FileWatch files;
    private ConsoleTls tls;
    private HttpsServer server;

    @BeforeEach
    void open() throws Exception {
        loops = Loops.open(IoKind.NIO, 1);
        files = FileWatch.start(loops.blocking(), clock, Duration.ofMillis(10));
        renew(LocalCertificate.make(clock.now()));
        Console.Tls at = new Console.Tls(Optional.of(certificate()), Optional.of(key()));
        tls = ConsoleTls.of(at, folder, files, clock, decisions::add);
        tls.onRenewal(() -> renewed.add(tls.fingerprint()));
        AdminServer.limit(); // read once a process: an earlier server without them would leave all later ones without
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(tls.configurator());
        server.setExecutor(loops.blocking());
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        tls.close();
        files.close();
        loops.close();
    }

    private Path certificate() {
        return folder.resolve("site.pem");
    }

    private Path key() {
        return folder.resolve("site.key");
    }

    /** The key comes first: for a moment, or for many looks, the two are no pair. */
    private void renew(LocalCertificate.Made made) throws Exception {
        replace(key(), made.keyPem());
        replace(certificate(), made.certificatePem());
    }

    private void replace(Path file, String text) throws Exception {
        Files.move(Files.writeString(folder.resolve("fresh"), text), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Decision decided(String what) throws InterruptedException {
        while (true) {
            Decision next = decisions.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("'%s' within %d s", what, SECONDS).isNotNull();
            if (next.what().equals(what)) {
                return next;
            }
        }
    }

    /** What a client that connects now is shown. */
    private String shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.setSoTimeout(SECONDS * 1000);
            socket.startHandshake();
            return Identity.fingerprint((X509Certificate) socket.getSession().getPeerCertificates()[0]);
        }
    }

    @Test
    void renewedFilesAreShownToTheNextClients_andWhoWantsToKnowIsTold() throws Exception {
        String before = tls.fingerprint();
        assertThat(shown()).isEqualTo(before);
        LocalCertificate.Made made = LocalCertificate.make(clock.now());
        renew(made);
        Decision decision = decided("use the console's certificate");
        assertThat(decision.why()).isEqualTo("its files have changed");
        assertThat(decision.seen()).isEqualTo("it ends at " + made.identity().ends());
        assertThat(shown()).isEqualTo(made.identity().fingerprint()).isEqualTo(tls.fingerprint()).isNotEqualTo(before);
        assertThat(renewed.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo(made.identity().fingerprint());
    }

    @Test
    void filesThatAreNoPairChangeNothing_untilTheyAreOne() throws Exception {
        String before = tls.fingerprint();
        LocalCertificate.Made made = LocalCertificate.make(clock.now());
        replace(key(), made.keyPem());
        assertThat(decided("keep the console's certificate").why()).contains("cannot be used", "it is not the key of the first certificate in");
        assertThat(shown()).isEqualTo(before);
        Files.delete(certificate());
        assertThat(decided("keep the console's certificate").why()).contains("there is no such file");
        assertThat(shown()).isEqualTo(before);
        assertThat(renewed).isEmpty();
        replace(certificate(), made.certificatePem());
        decided("use the console's certificate");
        assertThat(shown()).isEqualTo(made.identity().fingerprint());
    }

    /** Who looks at the certificate only. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
