package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.IoKind;
import dev.banyan.net.LocalCertificate;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several certificates at one door, chosen by name and renewed on disk, with real handshakes. */
class SniTest {
    @TempDir
    Path folder;

    private final List<LocalCertificate.Made> made = new ArrayList<>();

    /** Files of a new certificate, as {@code certificate: .., key: ..}. */
    private String files(String name) throws Exception {
        LocalCertificate.Made fresh = LocalCertificate.make(Instant.now());
        made.add(fresh);
        return "certificate: " + put(name + ".crt", fresh.certificatePem()) + ", key: " + put(name + ".key", fresh.keyPem());
    }

    private Path put(String name, String content) throws Exception {
        Path fresh = Files.writeString(folder.resolve(name + ".new"), content);
        return Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private String threeCertificates() throws Exception {
        return "  tls:\n    listen: 127.0.0.1:0\n    " + files("usual").replace(", ", "\n    ") + "\n    certificates:\n      - { hosts: [a.example, www.a.example], " + files("a") + " }\n      - { hosts: ['*.b.example'], "
                + files("b") + " }\n";
    }

    private Certificate at(int index) {
        return made.get(index).identity().chain().getFirst();
    }

    private static SSLSocket connect(Site site, String name, String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) TlsTest.trustingAnyone().getSocketFactory().createSocket("127.0.0.1", site.door.addresses().getLast().port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static Certificate shown(Site site, String name, String protocol) throws Exception {
        try (SSLSocket socket = connect(site, name, protocol)) {
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void theNameThatIsAskedForChoosesTheCertificate(String protocol) throws Exception {
        try (Site site = Site.of(threeCertificates())) {
            assertThat(shown(site, "a.example", protocol)).isEqualTo(at(1));
            assertThat(shown(site, "WWW.A.example", protocol)).isEqualTo(at(1));
            assertThat(shown(site, "x.b.example", protocol)).isEqualTo(at(2));
            assertThat(shown(site, "y.x.b.example", protocol)).isEqualTo(at(2));
            for (String other : new String[] {"b.example", "x.a.example", "c.example", "example", ""}) {
                assertThat(shown(site, other, protocol)).as(other).isEqualTo(at(0));
            }
        }
    }

    @Test
    void withoutAUsualCertificateTheFirstOfTheListIsIt() throws Exception {
        try (Site site = Site.of("  tls:\n    listen: 127.0.0.1:0\n    certificates:\n      - { hosts: [a.example], " + files("a") + " }\n      - { hosts: [b.example], " + files("b") + " }\n")) {
            assertThat(shown(site, "b.example", "TLSv1.3")).isEqualTo(at(1));
            assertThat(shown(site, "c.example", "TLSv1.3")).isEqualTo(at(0));
        }
    }

    @Test
    void aRenewedCertificateIsUsedForNewConnections_andFormerOnesLiveOn() throws Exception {
        List<Decision> decisions = new CopyOnWriteArrayList<>();
        try (Origin origin = Origin.saying("here"); Site site = Site.of(threeCertificates(), origin); Loops loops = Loops.open(IoKind.best(), 1);
                FileWatch watch = FileWatch.start(loops.blocking(), Clock.system(), Duration.ofMillis(10)); SSLSocket former = connect(site, "x.b.example", "TLSv1.3")) {
            site.door.keepCertificatesFresh(watch, decisions::add);
            files("b");
            await(() -> decisions.stream().anyMatch(decision -> decision.what().equals("use certificates")));
            assertThat(shown(site, "x.b.example", "TLSv1.3")).isEqualTo(at(3));
            assertThat(shown(site, "a.example", "TLSv1.3")).isEqualTo(at(1));
            assertThat(get(former)).startsWith("HTTP/1.1 200");

            decisions.clear();
            put("a.crt", "no certificate");
            await(() -> !decisions.isEmpty());
            assertThat(decisions.getFirst().what()).isEqualTo("keep certificates");
            assertThat(decisions.getFirst().why()).contains("front-door.tls.certificates[0].certificate " + folder.resolve("a.crt"));
            assertThat(shown(site, "a.example", "TLSv1.3")).isEqualTo(at(1));
            files("a");
            await(() -> decisions.getLast().what().equals("use certificates"));
            assertThat(shown(site, "a.example", "TLSv1.3")).isEqualTo(at(4));
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedByName() throws Exception {
        String tls = threeCertificates();
        put("b.key", made.getFirst().keyPem());
        assertThatThrownBy(() -> Site.of(tls)).isInstanceOf(BanyanException.class).hasMessageContaining("front-door.tls.certificates[1].key");
    }

    private static String get(Socket socket) throws Exception {
        OutputStream out = socket.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static void await(BooleanSupplier condition) {
        long until = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().nanos()).as("it came within 20 s").isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
