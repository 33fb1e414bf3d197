package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.topology.file.SiteFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole site in this process whose file says who calls, how often, where to, and what becomes of answers; changed while it runs. */
class LiveGatewayTest {
    private static final String API_KEY = "a-key-of-a-scanner-in-the-warehouse";
    private static final String PADDING = " and so on".repeat(500);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer application;
    private HttpServer search;
    private HttpServer next;
    private KeyPair issuer;
    private LiveSite live;

    @BeforeEach
    void open() throws Exception {
        application = server("application");
        search = server("search");
        next = server("next");
        issuer = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) issuer.getPublic();
        Files.writeString(folder.resolve("issuer.json"), "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"one\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                .formatted(base64(unsigned(key.getModulus())), base64(unsigned(key.getPublicExponent()))));
        Files.createDirectory(folder.resolve("public"));
        writeSite(false, "issuer.json");
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        assertThat(live.site().begin(new Request.Up()).outcome().orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
        awaitStatus(200, "/");
        awaitStatus(200, "/search");
        awaitStatus(200, "/preview", "X-Canary", "yes");
    }

    @AfterEach
    void close() {
        live.close();
        http.close();
        application.stop(0);
        search.stop(0);
        next.stop(0);
    }

    @Test
    void aRouteIsForThoseWhoShowAKeyOrAToken_andItsServiceIsToldWhoTheyAre() throws Exception {
        assertThat(get("/orders").statusCode()).isEqualTo(401);
        assertThat(get("/account").headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer ");
        assertThat(get("/orders", "X-API-Key", "another").statusCode()).isEqualTo(401);
        assertThat(get("/orders", "X-API-Key", API_KEY).body()).startsWith("search for scanner");
        assertThat(get("/account", "X-API-Key", API_KEY).statusCode()).isEqualTo(401);
        assertThat(get("/account", "Authorization", "Bearer " + token("ann", "shop")).body()).startsWith("search for ann");
        assertThat(get("/account", "Authorization", "Bearer " + token("ann", "mail")).statusCode()).isEqualTo(401);
        assertThat(get("/search", "X-Authenticated-User", "ann").body()).as("what a client says of itself").startsWith("search for nobody");
        assertThat(get("/orders", "X-API-Key", API_KEY).headers().firstValue("CDN-Cache-Control")).hasValue("no-store");
    }

    @Test
    void whoAsksTooOftenIsTold_andOtherRoutesGoOn() {
        assertThat(get("/limited").headers().firstValue("RateLimit").orElseThrow()).contains("r=1");
        assertThat(get("/limited").headers().firstValue("RateLimit-Policy").orElseThrow()).contains("q=2");
        HttpResponse<String> refused = get("/limited");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 1800L);
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatFailsIsLeftAlone_andTheApplicationGoesOn() {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(30);
        HttpResponse<String> answer = get("/search/fails");
        while (answer.statusCode() != 503) {
            assertThat(Clock.system().nanos()).as("waited 30 s for the breaker").isLessThan(deadline);
            answer = get("/search/fails");
        }
        assertThat(answer.body()).contains("service search failed most of its requests");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(get("/search").statusCode()).isEqualTo(503);
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/preview", "X-Canary", "yes").body()).startsWith("next");
    }

    @Test
    void answersAreCompressed_andACanaryIsAskedByItsHeader() throws Exception {
        HttpResponse<byte[]> zipped = http.send(request("/", "Accept-Encoding", "gzip"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes()).asString(StandardCharsets.US_ASCII).startsWith("application").endsWith(PADDING);
        HttpResponse<byte[]> small = http.send(request("/", "Accept-Encoding", "gzip, br"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(small.headers().firstValue("Content-Encoding")).hasValue("br");
        assertThat(small.body().length).isLessThan(zipped.body().length);
        assertThat(get("/").headers().firstValue("Content-Encoding")).isEmpty();
        Files.writeString(folder.resolve("public/page.html"), "<p>a file" + PADDING);
        HttpResponse<byte[]> file = http.send(request("/files/page.html", "Accept-Encoding", "gzip"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(new GZIPInputStream(new ByteArrayInputStream(file.body())).readAllBytes()).asString(StandardCharsets.US_ASCII).startsWith("<p>a file");
        assertThat(get("/preview").body()).startsWith("application");
        assertThat(get("/preview", "X-Canary", "yes").body()).startsWith("next");
    }

    @Test
    void theSiteIsClosedAndOpenedByAnEdit_andAnEditThatCannotBeUsedChangesNothing() throws Exception {
        writeSite(true, "issuer.json");
        apply(0);
        assertThat(get("/").statusCode()).isEqualTo(503);
        assertThat(get("/").headers().firstValue("Retry-After")).hasValue("600");
        writeSite(false, "issuer.json");
        apply(0);
        assertThat(get("/").statusCode()).isEqualTo(200);
        writeSite(true, "nowhere.json");
        assertThat(apply(-1)).contains("nowhere.json");
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/account", "Authorization", "Bearer " + token("ann", "shop")).statusCode()).isEqualTo(200);
    }

    /** @param status as it is to end, or -1 for any but 0 */
    private String apply(int status) {
        Captured captured = new Captured();
        int ended = captured.run("apply", "-C", folder.toString());
        assertThat(status < 0 ? ended != 0 : ended == status).as(captured.err() + captured.out()).isTrue();
        return captured.err() + captured.out();
    }

    private void awaitStatus(int status, String path, String... header) {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(30);
        while (get(path, header).statusCode() != status) {
            assertThat(Clock.system().nanos()).as("waited 30 s for " + path).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private HttpResponse<String> get(String path, String... header) {
        try {
            return http.send(request(path, header), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String path, String... header) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(live.addresses().getFirst() + path));
        return header.length == 0 ? request.build() : request.headers(header).build();
    }

    private String token(String name, String audience) throws GeneralSecurityException {
        String claims = "{\"iss\":\"https://login.example/\",\"aud\":\"%s\",\"sub\":\"%s\",\"exp\":%d}".formatted(audience, name, Clock.system().now().getEpochSecond() + 600);
        String signed = base64("{\"alg\":\"RS256\",\"kid\":\"one\"}".getBytes(StandardCharsets.US_ASCII)) + "." + base64(claims.getBytes(StandardCharsets.US_ASCII));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(issuer.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static HttpServer server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> answer(exchange, name));
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, String name) throws IOException {
        String caller = exchange.getRequestHeaders().getFirst("X-Authenticated-User");
        byte[] body = (name + " for " + (caller == null ? "nobody" : caller) + PADDING).getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("/fails") ? 500 : 200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }

    private void writeSite(boolean closed, String keys) throws IOException, GeneralSecurityException {
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(API_KEY.getBytes(StandardCharsets.US_ASCII)));
        Files.writeString(siteFile(), """
                site: shop
                stage: 5
                application: {servers: ['http://127.0.0.1:%d']}
                services:
                  search: {servers: ['http://127.0.0.1:%d']}
                  next: {servers: ['http://127.0.0.1:%d']}
                front-door:
                  listen: 127.0.0.1:0
                  health: {timeout: 5s}
                console:
                  listen: 127.0.0.1:0
                gateway:
                  callers:
                    keys: {known: {scanner: {sha256: %s}}}
                    tokens: {issuers: [{issuer: 'https://login.example/', audiences: [shop], keys-file: %s}]}
                  compression: {}
                  breaker: {minimum-requests: 4, pause: 1h, longest-pause: 1h}
                  maintenance: {active: %s, retry-after: 10m}
                  routes:
                    - {name: orders, path: /orders, service: search, callers: {by: [key]}}
                    - {name: account, path: /account, service: search, callers: {by: [token]}}
                    - {name: limited, path: /limited, limits: [{requests: 2, per: 1h, burst: 2}]}
                    - {name: preview, path: /preview, canary: {service: next, header: X-Canary}}
                    - {name: files, path: /files, files: public}
                    - {name: search, path: /search, service: search}
                """.formatted(application.getAddress().getPort(), search.getAddress().getPort(), next.getAddress().getPort(), digest, keys, closed));
    }
}
