package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Identity;
import dev.banyan.net.LocalCertificate;
import dev.banyan.topology.BanyanException;
import io.netty.handler.ssl.OpenSsl;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with the JDK's client, which checks names and chains for itself. */
class TlsTest {
    static final String TLS = "  tls: {listen: 127.0.0.1:0}\n";
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @TempDir
    Path folder;

    private String filesOf(LocalCertificate.Made made) throws Exception {
        Path certificate = Files.writeString(folder.resolve("site.crt"), made.certificatePem());
        Path key = Files.writeString(folder.resolve("site.key"), made.keyPem());
        return "  tls: {listen: 127.0.0.1:0, certificate: " + certificate + ", key: " + key + "}\n";
    }

    static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("front-door", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static SSLContext trustingAnyone() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    private static LocalCertificate.Made made() {
        return LocalCertificate.make(Instant.now());
    }

    private static X509Certificate certificate(LocalCertificate.Made made) {
        return made.identity().chain().getFirst();
    }

    @Test
    void boringSslIsThere_whereItsLibraryIs() {
        assertThat(OpenSsl.isAvailable()).as("%s", OpenSsl.unavailabilityCause()).isTrue();
        assertThat(ServerTls.library()).contains("BoringSSL");
    }

    @Test
    void speaksHttp2ToAClientThatOffersIt_andHttp11ToOneThatDoesNot() throws Exception {
        var made = made();
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(filesOf(made), origin)) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                if (version == HttpClient.Version.HTTP_1_1 || version == HttpClient.Version.HTTP_2) {
                    try (HttpClient client = HttpClient.newBuilder().version(version).sslContext(trusting(certificate(made))).build()) {
                        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + site.tlsPort() + "/a")).build(), BodyHandlers.ofString());
                        assertThat(answer.version()).isEqualTo(version);
                        assertThat(answer.body()).isEqualTo("hello");
                    }
                }
            }
            assertThat(origin.heads).allMatch(head -> head.contains("X-Forwarded-Proto: https\r\n") && head.contains(";proto=https;"));
        }
    }

    @Test
    void streamsBodiesBothWaysOverTls() throws Exception {
        var made = made();
        byte[] body = new byte[10_000_000];
        new java.util.Random(2).nextBytes(body);
        try (Origin origin = Http2Test.echo(); Site site = Site.of(filesOf(made), origin);
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting(certificate(made))).build()) {
            HttpRequest post = HttpRequest.newBuilder(URI.create("https://localhost:" + site.tlsPort() + "/")).POST(BodyPublishers.ofByteArray(body)).build();
            assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
        }
    }

    @Test
    void resumesSessions_inBothVersions() throws Exception {
        var made = made();
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(filesOf(made), origin)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                SSLContext context = trusting(certificate(made));
                SSLSession first = ask(context, site, version);
                SSLSession second = ask(context, site, version);
                assertThat(first.getProtocol()).isEqualTo(version);
                assertThat(second.getCreationTime()).as("a resumed session has its first one's age").isEqualTo(first.getCreationTime());
            }
        }
    }

    private static SSLSession ask(SSLContext context, Site site, String version) throws Exception {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", site.tlsPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setServerNames(List.of(new SNIHostName("localhost")));
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            Origin.write(socket.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("hello");
            return socket.getSession();
        }
    }

    @Test
    void refusesOldVersionsOfTls() throws Exception {
        var made = made();
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(filesOf(made), origin);
                SSLSocket socket = (SSLSocket) trusting(certificate(made)).getSocketFactory().createSocket("127.0.0.1", site.tlsPort())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void tellsAPlainClientOnTheTlsPort() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(TLS, origin); Socket client = new Socket("127.0.0.1", site.tlsPort())) {
            Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400 ").contains("this port speaks TLS");
        }
    }

    @Test
    void endsAnUnfinishedHandshake_andCountsNoneAsInProgress() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(TLS, origin)) {
            try (Socket client = new Socket("127.0.0.1", site.tlsPort())) {
                client.getOutputStream().write(new byte[] {0x16, 3, 1});
                Site.await("the handshake's begin", () -> site.door.handshakes().inProgress() == 1);
            }
            Site.await("the handshake's end", () -> site.door.handshakes().inProgress() == 0);
        }
    }

    @Test
    void stopsTakingConnections_whileTooManyHandshakesAreInProgress() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(TLS + "  limits: {connections: 100}\n", origin)) {
            List<Socket> sockets = new java.util.ArrayList<>();
            try {
                for (int i = 0; i < 90; i++) {
                    Socket socket = new Socket("127.0.0.1", site.tlsPort());
                    socket.getOutputStream().write(new byte[] {0x16, 3, 1});
                    sockets.add(socket);
                }
                Site.await("64 handshakes", () -> site.door.handshakes().inProgress() >= 64);
                assertThat(site.door.handshakes().inProgress()).isLessThanOrEqualTo(64 + 16); // a listener takes up to 16 at a time
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            Site.await("the end of all", () -> site.door.handshakes().inProgress() == 0 && site.door.connections() == 0);
            try (Socket client = new Socket("127.0.0.1", site.tlsPort())) {
                Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\n\r\n");
                assertThat(client.getInputStream().read()).isEqualTo('H');
            }
        }
    }

    @Test
    void takesACertificateThatWasReplaced_withoutANewStart() throws Exception {
        var before = made();
        String yaml = filesOf(before);
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(yaml, origin)) {
            assertThat(ask(trusting(certificate(before)), site, "TLSv1.3").getPeerCertificates()[0]).isEqualTo(certificate(before));
            var after = made();
            filesOf(after);
            site.door.reconfigure(Site.frontDoor(yaml));
            assertThat(ask(trusting(certificate(after)), site, "TLSv1.3").getPeerCertificates()[0]).isEqualTo(certificate(after));
            Files.delete(folder.resolve("site.key"));
            assertThatThrownBy(() -> site.door.reconfigure(Site.frontDoor(yaml))).isInstanceOf(BanyanException.class);
            assertThat(ask(trusting(certificate(after)), site, "TLSv1.3").getPeerCertificates()[0]).isEqualTo(certificate(after));
        }
    }

    @Test
    void namesTheFileAndTheKeyOfTheSiteFile_whenSomethingIsWrong() throws Exception {
        var one = made();
        var other = made();
        Path certificate = Files.writeString(folder.resolve("one.crt"), one.certificatePem());
        Path key = Files.writeString(folder.resolve("other.key"), other.keyPem());
        assertThatThrownBy(() -> Identity.read("front-door", certificate, key))
                .isInstanceOf(BanyanException.class)
                .hasMessage("front-door.tls.key " + key + ": it is not the key of the first certificate in " + certificate + "; give the two that were issued together");
        assertThatThrownBy(() -> Identity.read("front-door", folder.resolve("none.crt"), key)).hasMessageStartingWith("front-door.tls.certificate " + folder.resolve("none.crt") + ": there is no such file");
        assertThatThrownBy(() -> Identity.read("front-door", key, key)).hasMessageStartingWith("front-door.tls.certificate " + key + ": it ");
        assertThatThrownBy(() -> Identity.read("front-door", certificate, certificate)).hasMessage("front-door.tls.key " + certificate + ": it holds no private key; give a PEM file with a block BEGIN PRIVATE KEY");
        Path encrypted = Files.writeString(folder.resolve("locked.key"), one.keyPem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        assertThatThrownBy(() -> Identity.read("front-door", certificate, encrypted)).hasMessageContaining("encrypted").hasMessageContaining("openssl pkey");
    }

    @Test
    void keepsTheCertificateItMade_untilItsEndIsNear() throws Exception {
        Identity first = LocalCertificate.in("front-door", folder, NOW);
        assertThat(LocalCertificate.in("front-door", folder, NOW.plus(Duration.ofDays(300)))).isEqualTo(first);
        assertThat(LocalCertificate.in("front-door", folder, NOW.plus(Duration.ofDays(340))).chain()).isNotEqualTo(first.chain());
        assertThat(Files.getPosixFilePermissions(folder.resolve("front-door.key"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void vouchesForTheNamesOfThisMachine() throws Exception {
        X509Certificate certificate = certificate(LocalCertificate.make(NOW));
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString()).toList()).contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(365)));
    }

    @Test
    void readsKeysOfAllThreeForms_asOpensslWritesThem() throws Exception {
        Optional<String> without = Tool.missing("openssl");
        org.junit.jupiter.api.Assumptions.assumeTrue(without.isEmpty(), () -> without.orElseThrow());
        for (String make : List.of("genrsa -traditional -out KEY 2048", "ecparam -name prime256v1 -genkey -out KEY", "ecparam -name secp384r1 -genkey -noout -out KEY", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out KEY")) {
            Path key = folder.resolve("made.key");
            Path certificate = folder.resolve("made.crt");
            Tool.run("openssl", make.replace("KEY", key.toString()).split(" "));
            Tool.run("openssl", "req", "-x509", "-key", key.toString(), "-subj", "/CN=localhost", "-days", "2", "-out", certificate.toString());
            assertThat(Identity.read("front-door", certificate, key).chain()).as(make).hasSize(1);
        }
    }

    /** RFC 8446 section 6.1: only a proper farewell says that nothing is missing, so an answer that is cut must not get one. */
    @Test
    void endsWithoutAFarewell_whenAnAnswerIsCutThatOnlyAnEndCouldEnd() throws Exception {
        Origin.Script half = (request, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n\r\nabc");
            request.body().read();
        };
        try (Origin origin = new Origin(half); Site site = Site.of(TLS + "  timeouts: {body: 150ms}\n", origin);
                Socket client = trustingAnyone().getSocketFactory().createSocket("127.0.0.1", site.tlsPort())) {
            client.setSoTimeout(10_000);
            Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(java.io.IOException.class);
            Site.await("every place to be free", () -> site.inFlight() == 0);
        }
    }
}
