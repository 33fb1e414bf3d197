package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.gateway.limits.ServiceGuards;
import dev.banyan.net.Clock;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.file.SiteFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands between the door and a service, over real sockets: its guard on the way there, and the compression of what comes back. */
class ServicesTest {
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: a\r\n%s\r\n";
    private static final String GZIP = "Accept-Encoding: gzip\r\n";
    private static final String TEXT = "All work and no play makes Jack a dull boy. ".repeat(200);

    @TempDir
    private Path folder;

    private final List<String> decisions = new CopyOnWriteArrayList<>();

    /** Uses these keys below {@code gateway}. */
    private void use(Site site, String yaml) {
        Gateway gateway = SiteFile.read("site: test\napplication: {command: x}\ngateway: {" + yaml + "}\n", _ -> Optional.empty()).orThrow("test").gateway();
        ServiceGuards guards = new ServiceGuards(Clock.system(), site.registry, decision -> decisions.add(decision.what()));
        RouteTable table = RouteTable.of(gateway, folder, Checks.NONE);
        guards.use(gateway, table.services());
        site.door.guarding(guards);
        site.door.compressing(gateway.compression());
        site.door.routing(table, site.blocking());
    }

    private static Origin textual() throws IOException {
        return new Origin((request, out) -> Origin.write(out, request.header("if-none-match").contains(", \"t\"")
                ? "HTTP/1.1 304 Not Modified\r\nETag: \"t\"\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"t\"\r\nContent-Length: " + TEXT.length() + "\r\n\r\n" + TEXT));
    }

    private static String unzipped(Client client) throws IOException {
        byte[] zipped = new Chunked(client.in).text().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(zipped.length).isLessThan(TEXT.length() / 10);
        return new String(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aServiceThatFailsIsLeftAlone_andNoRequestGoesThere() throws Exception {
        try (Origin origin = new Origin((_, out) -> Origin.write(out, "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")); Site site = Site.of("", origin)) {
            use(site, "breaker: {minimum-requests: 4, pause: 1h, longest-pause: 1h}");
            for (int i = 0; i < 4; i++) {
                assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 500 ");
            }
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 3600\r\n", "service application failed most of its requests");
            assertThat(origin.heads).hasSize(4);
            assertThat(decisions).hasSize(1);
        }
    }

    @Test
    void aServiceGetsNoMoreAtATimeThanItMay_andAPlaceComesBackHoweverARequestEnds() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script gated = (_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        };
        try (Origin origin = new Origin(gated); Site site = Site.of("", origin)) {
            use(site, "concurrency: {initial: 1, minimum: 1, maximum: 1}");
            try (Client first = new Client(site)) {
                first.say(GET.formatted("", ""));
                Site.await("the request at the server", () -> site.inFlight() == 1);
                assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1\r\n", "as many requests as it can do");
                gate.release();
                assertThat(first.answer()).endsWith("x");
                first.say(GET.formatted("", ""));
                Site.await("the next at the server", () -> site.inFlight() == 1);
            }
            Site.await("the client to be gone", () -> site.inFlight() == 0);
            gate.release(10);
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void anUpgradedConnectionTakesNoPlace() throws Exception {
        Origin.Script upgrading = (request, out) -> Origin.write(out, request.header("upgrade").isEmpty()
                ? "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx" : "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        try (Origin origin = new Origin(upgrading); Site site = Site.of("", origin); Client tunnel = new Client(site)) {
            use(site, "concurrency: {initial: 1, minimum: 1, maximum: 1}");
            assertThat(tunnel.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").head()).startsWith("HTTP/1.1 101 ");
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void anAnswerIsCompressedForWhoTakesIt_oneAfterTheOtherOnAConnection_andARouteMayLeaveItOut() throws Exception {
        try (Origin origin = textual(); Site site = Site.of("", origin); Client client = new Client(site)) {
            use(site, "compression: {}, routes: [{name: plain, path: /plain, compress: false}]");
            assertThat(client.say(GET.formatted("", GZIP)).head()).contains("Content-Encoding: gzip", "W/\"t\"", "Vary: Accept-Encoding").doesNotContain("Content-Length");
            assertThat(unzipped(client)).isEqualTo(TEXT);
            assertThat(client.say(GET.formatted("", "")).answer()).contains("Vary: Accept-Encoding").endsWith(TEXT);
            assertThat(client.say(GET.formatted("plain", GZIP)).answer()).doesNotContain("Content-Encoding", "Vary").endsWith(TEXT);
            assertThat(client.say(GET.formatted("", GZIP)).head()).contains("Content-Encoding: gzip");
            assertThat(unzipped(client)).isEqualTo(TEXT);
            assertThat(client.say(GET.formatted("", GZIP + "If-None-Match: W/\"t\"\r\n")).head()).startsWith("HTTP/1.1 304 ").contains("ETag: W/\"t\"");
        }
    }

    @Test
    void aStreamOfHttp2GetsTheSame() throws Exception {
        try (Origin origin = textual(); Site site = Site.of(TlsTest.TLS, origin);
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(TlsTest.trustingAnyone()).build()) {
            use(site, "compression: {codings: [gzip]}");
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + site.tlsPort() + "/")).header("Accept-Encoding", "br, gzip").build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
                assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()).asString(StandardCharsets.ISO_8859_1).isEqualTo(TEXT);
            }
        }
    }

    @Test
    void aFileIsCompressed_andItsWeakenedTagIsKnownAgain() throws Exception {
        Files.createDirectory(folder.resolve("public"));
        Files.writeString(folder.resolve("public/all.txt"), TEXT);
        try (Origin origin = Origin.saying("app"); Site site = Site.of("", origin); Client client = new Client(site)) {
            use(site, "compression: {}, routes: [{name: files, path: /files, files: public}]");
            String head = client.say(GET.formatted("files/all.txt", GZIP)).head();
            assertThat(head).contains("Content-Encoding: gzip", "ETag: W/\"").doesNotContain("Content-Length");
            assertThat(unzipped(client)).isEqualTo(TEXT);
            String tag = head.substring(head.indexOf("W/\""), head.indexOf("\r\n", head.indexOf("W/\"")));
            assertThat(client.say(GET.formatted("files/all.txt", GZIP + "If-None-Match: " + tag + "\r\n")).head()).startsWith("HTTP/1.1 304 ").contains("ETag: " + tag, "Vary: Accept-Encoding");
            assertThat(client.say("HEAD /files/all.txt HTTP/1.1\r\nHost: a\r\n" + GZIP + "\r\n").head()).contains("Content-Encoding: gzip");
            assertThat(client.say(GET.formatted("files/all.txt", "")).answer()).endsWith(TEXT);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleGivesItsCoderBack() throws Exception {
        try (Origin origin = new Origin((_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        }); Site site = Site.of("", origin)) {
            use(site, "compression: {}");
            for (int i = 0; i <= Coders.MOST_IN_USE; i++) {
                try (Client client = new Client(site)) {
                    assertThat(client.say(GET.formatted("", GZIP)).head()).contains("Content-Encoding: gzip");
                }
                Site.await("the client to be gone", () -> site.inFlight() == 0);
            }
        }
    }
}
