package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the admin API of a running site. */
final class AdminClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final Optional<Running> running;
    private final String console;
    private final String token;

    private AdminClient(Optional<Running> running, String console, ConsoleTrust trust, String token) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        trust.tls().ifPresent(builder::sslContext);
        this.http = builder.build();
        this.running = running;
        this.console = console;
        this.token = token;
    }

    /**
     * Of a site on any machine.
     *
     * @param console as {@code https://10.0.0.1:9900}
     */
    static AdminClient at(String console, ConsoleTrust trust, Secret token) {
        return new AdminClient(Optional.empty(), console, trust, token.reveal());
    }

    /** @throws BanyanException SITE_IS_DOWN when no site runs there */
    static AdminClient of(Path stateFolder) {
        Running running = Running.in(stateFolder);
        ConsoleTrust trust = running.consoleCertificate().isEmpty() ? ConsoleTrust.SYSTEM : ConsoleTrust.pinned(running.consoleCertificate());
        try {
            return new AdminClient(Optional.of(running), running.console(), trust, Files.readString(stateFolder.resolve(SiteConsole.TOKEN_FILE)).strip());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read the console's token in " + stateFolder + ": " + e.getMessage()
                    + "; only the user who ran 'banyan up' may change the site", e);
        }
    }

    /** Only for a site of this machine. */
    Running running() {
        return running.orElseThrow();
    }

    JsonNode get(String path) {
        HttpRequest request = request(path).timeout(PATIENCE).GET().build();
        return read(send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** Asks with a body. */
    JsonNode ask(String path, String body) {
        return ask(path, body, PATIENCE);
    }

    /** The same, waiting that long. */
    JsonNode ask(String path, String body, Duration patience) {
        HttpRequest request = request(path).timeout(patience).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return read(send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** Asks and is not cut short: who is interrupted meanwhile still learns whether it was done, so that it can be undone, and stays interrupted. */
    JsonNode askToTheEnd(String path, String body) {
        return toTheEnd(request(path).timeout(PATIENCE).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    /** As {@link #get}, and not cut short either. */
    JsonNode askToTheEnd(String path) {
        return toTheEnd(request(path).timeout(PATIENCE).GET().build());
    }

    private JsonNode toTheEnd(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return read(accepted(answer.get()).body());
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw away(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Asks for a move and hears of each step; returns the last report.
     *
     * @param body empty for none
     */
    JsonNode move(String path, String body, Consumer<JsonNode> progress) {
        HttpRequest request = request(path).header("Accept", "application/x-ndjson").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.isEmpty() ? "{}" : body)).build();
        JsonNode[] last = new JsonNode[1];
        try (Stream<String> lines = send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            lines.map(AdminClient::read).forEach(report -> {
                last[0] = report;
                progress.accept(report);
            });
        } catch (UncheckedIOException e) {
            throw away(e.getCause());
        }
        if (last[0] == null) {
            throw away(new IOException("an empty answer"));
        }
        return last[0];
    }

    /** A request that is still under way ends: whoever closes, as a tour that is broken off during a move, has no more time for it. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(console + path)).header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return accepted(http.send(request, handler));
        } catch (IOException e) {
            throw away(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "interrupted while the console at " + console + " was asked", e);
        }
    }

    private static <T> HttpResponse<T> accepted(HttpResponse<T> response) {
        if (response.statusCode() >= 400) {
            throw refused(response);
        }
        return response;
    }

    /** The console's own words, and its code where it gives one. */
    private static BanyanException refused(HttpResponse<?> response) {
        String body = response.body() instanceof Stream<?> lines ? String.join("\n", lines.map(Object::toString).toList()) : response.body().toString();
        JsonNode problem = read(body);
        String code = problem.path("code").asString("");
        ErrorCode known = Stream.of(ErrorCode.values()).filter(value -> value.name().equals(code)).findFirst().orElse(ErrorCode.INTERNAL);
        return new BanyanException(known, problem.path("detail").asString("the console answered " + response.statusCode()));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new BanyanException(ErrorCode.INTERNAL, "the console answered what is not JSON: " + json.lines().findFirst().orElse("nothing"), e);
        }
    }

    private BanyanException away(Throwable e) {
        return new BanyanException(ErrorCode.SITE_IS_DOWN, "the console at " + console + " does not answer any more (" + e
                + "); the site may be stopping, or was killed: 'banyan up' starts it again", e);
    }
}
