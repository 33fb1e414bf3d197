package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.LogEvent;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A console on a free port over a made-up site, and a client for it. */
final class LivingConsole implements AutoCloseable {
    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,origin");
    }

    final Clock clock = Clock.system();
    final Registry registry = new Registry(clock);
    final Loops loops = Loops.open(IoKind.NIO, 1);
    final EventLog log;
    final Decisions decisions;
    final LivingSite site;
    final Token token;
    final AdminServer server;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    LivingConsole(Path folder) {
        this(folder, "127.0.0.1", Duration.ofMillis(20));
    }

    LivingConsole(Path folder, String host, Duration step) {
        log = EventLog.open(folder.resolve("banyan.log"), LogEvent.Level.INFO, loops, clock, registry);
        decisions = new Decisions(registry, log);
        site = new LivingSite(clock, decisions, step);
        token = Token.in(folder.resolve("console.token"));
        server = AdminServer.start(new HostPort(host, 0), token, site, site, registry, decisions, log, loops, clock);
    }

    String url() {
        return "http://127.0.0.1:" + server.address().port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(10));
    }

    /** A change with the token. */
    HttpRequest.Builder change(String path, String json) {
        return request(path).header("Authorization", "Bearer " + token.reveal()).POST(HttpRequest.BodyPublishers.ofString(json));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode json(String path) {
        return JsonMapper.shared().readTree(send(request(path)).body());
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
        log.close();
        loops.close();
    }
}
