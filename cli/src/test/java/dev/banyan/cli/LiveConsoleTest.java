package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console with TLS on every address of this machine, of a site that holds secrets. */
class LiveConsoleTest {
    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,origin");
    }

    private static final String SECRET = "hunter2secret";

    @TempDir
    private Path folder;

    private LiveSite live;
    private HttpClient http;

    @BeforeEach
    void open() throws IOException {
        Path file = folder.resolve("site.yaml");
        Files.writeString(file, """
                site: shop
                application: { command: [./serve], environment: { KEY: %1$s-environment } }
                database: { kind: postgresql, url: "postgresql://shop:%1$s-database@127.0.0.1:1/shop", router: { listen: 127.0.0.1:0 } }
                cache: { kind: redis, url: "redis://shop:%1$s-cache@127.0.0.1:1", router: { listen: 127.0.0.1:0 } }
                front-door: { listen: 127.0.0.1:0, tls: { listen: 127.0.0.1:0 } }
                console: { listen: 0.0.0.0:0, tls: {} }
                slo: { availability: 99.9%%, latency: { share: 99%%, within: 300ms } }
                """.formatted(SECRET));
        live = LiveSite.open(file, SiteFile.read(file, _ -> Optional.empty()).orThrow("site.yaml"));
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(ConsoleTrust.pinned(live.consoleCertificate()).tls().orElseThrow()).build();
    }

    @AfterEach
    void close() {
        http.close();
        live.close();
    }

    @Test
    void commandsOfThisMachineKnowItsCertificate_andStatusTellsThePromises() {
        assertThat(live.console()).startsWith("https://localhost:");
        Captured status = new Captured();
        assertThat(status.run("status", "-C", folder.toString())).as(status.err()).isZero();
        assertThat(status.out()).contains("promised: 99.9% of requests do not fail; 100.0 % of what may break it in 30d is left").contains("promised: 99% of answers within 300ms");
    }

    @Test
    void aConsoleWithAnotherCertificateIsNotBelieved_andOneOfTheFileIs() {
        Secret token = new Secret(token());
        try (AdminClient wrong = AdminClient.at(live.console(), ConsoleTrust.pinned("00".repeat(32)), token);
                AdminClient unknown = AdminClient.at(live.console(), ConsoleTrust.SYSTEM, token);
                AdminClient right = AdminClient.at(live.console(), ConsoleTrust.authorities(folder.resolve(".banyan/certificates/console.crt")), token)) {
            assertThatThrownBy(() -> wrong.get("/api/session")).isInstanceOf(BanyanException.class).hasMessageContaining("another than the one it is known by");
            assertThatThrownBy(() -> unknown.get("/api/session")).isInstanceOf(BanyanException.class);
            assertThat(right.get("/api/session").path("mayChange").asBoolean()).isTrue();
        }
    }

    @Test
    void fromAfarReadingNeedsTheToken_theCookieIsForTlsOnly_andForeignPagesAreRefused() throws Exception {
        assertThat(send("/api/site", "").statusCode()).isEqualTo(401);
        HttpResponse<String> link = send("/?token=" + token(), "");
        assertThat(link.headers().firstValue("Set-Cookie")).hasValueSatisfying(cookie -> assertThat(cookie).contains("; Secure").contains("HttpOnly").contains("SameSite=Strict"));
        assertThat(link.headers().firstValue("Strict-Transport-Security")).isEmpty();
        String cookie = link.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        assertThat(purge(cookie, live.console())).as("the page itself; there are no edges").isEqualTo(400);
        assertThat(purge(cookie, live.console().replace("https", "http"))).isEqualTo(403);
        assertThat(purge(cookie, "https://evil.example")).isEqualTo(403);
    }

    @Test
    void whoeverGuessesOnThisMachineIsRefused_andKeepsItsOwnerNotOut() throws Exception {
        for (int i = 0; i < 12; i++) {
            assertThat(send("/api/site", "guess-" + i).statusCode()).isEqualTo(401);
        }
        assertThat(send("/api/site", token()).statusCode()).isEqualTo(200);
    }

    @Test
    void noSecretIsEverShown() throws Exception {
        List<String> secrets = List.of(SECRET, token());
        for (String path : List.of("/", "/health", "/metrics", "/api/site", "/api/session", "/api/decisions", "/api/logs", "/api/logs/banyan", "/api/moves", "/api/statements", "/api/cache", "/api/faults",
                "/api/history", "/api/search?grep=a", "/api/plan?do=grow&to=2", "/api/plan?do=grow&to=6", "/api/plan?do=apply", "/api/plan?do=deploy", "/api/explain?sql=select+1", "/api/explain?key=a")) {
            HttpResponse<String> answer = send(path, token());
            assertThat(answer.statusCode()).as(path).isNotEqualTo(401);
            assertThat(answer.body()).as(path).doesNotContain(secrets);
            assertThat(answer.headers().map().toString()).as(path).doesNotContain(secrets);
        }
        assertThat(send("/metrics", token()).body()).contains("banyan_slo_budget_left_ratio{slo=\"latency\"} 1.0").contains("banyan_certificate_ends_seconds{door=\"console\"}")
                .contains("banyan_certificate_ends_seconds{door=\"front-door\"}").contains("banyan_disk_free_bytes").contains("banyan_database_primary 0.0");
        assertThat(Files.readString(folder.resolve(".banyan/running.json"))).doesNotContain(secrets);
    }

    private String token() {
        try {
            return Files.readString(folder.resolve(".banyan/console.token")).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(String path, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(live.console() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private int purge(String cookie, String origin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(live.console() + "/api/purge")).header("Cookie", cookie).header("Origin", origin).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"all\": true}")).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
