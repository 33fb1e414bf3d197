package dev.banyan.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** From the JDK's exchange to a {@link Call} and from an {@link Answer} back; every answer gets the headers that keep a browser safe. */
final class Door implements HttpHandler {
    private static final int MOST_BODY = 64 * 1024;
    private static final Map<String, String> SAFETY = Map.of(
            "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private final Gate gate;
    private final Api api;
    private final Page page;
    private final Histogram durations;
    private final EventLog log;
    private final Clock clock;

    Door(Gate gate, Api api, Page page, Registry registry, EventLog log, Clock clock) {
        this.gate = gate;
        this.api = api;
        this.page = page;
        this.durations = registry.histogram("banyan_console_request_duration_seconds", "How long the admin API took to answer.", Labels.NONE);
        this.log = log;
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long began = clock.nanos();
        try (exchange) {
            Answer answer = answer(exchange);
            durations.record(clock.nanos() - began);
            send(answer, exchange);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            return judged(exchange);
        } catch (BanyanException e) {
            return Answer.problem(ProblemJson.of(e));
        } catch (RuntimeException e) {
            log.error("console", "a request failed by a bug", "path", exchange.getRequestURI().getPath(), "error", e.toString(),
                    "from", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].toString());
            return Answer.problem(ProblemJson.of(500, "the console failed: " + e.getClass().getSimpleName() + "; .banyan/logs/banyan.log has more"));
        }
    }

    private Answer judged(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Optional<Answer.Bytes> file = page.file(path);
        Gate.Request request = request(exchange, file.isPresent());
        String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        if (path.equals("/") && query.startsWith("token=")) {
            return invitation(query.substring("token=".length()), request);
        }
        return switch (gate.judge(request)) {
            case Gate.Verdict.Refused refused -> Answer.problem(
                    ProblemJson.of(refused.status(), refused.why()), switch (refused.status()) {
                        case 401 -> Map.of("WWW-Authenticate", "Bearer");
                        case 429 -> Map.of("Retry-After", Integer.toString(WrongTokens.SECONDS_EACH));
                        default -> Map.of();
                    });
            case Gate.Verdict.Open open -> file.isPresent() ? file(file.get(), exchange) : call(exchange, path, query, open);
        };
    }

    /** The link with the token: gives the cookie, and leaves the token out of the address that the browser shows and remembers. */
    private Answer invitation(String offered, Gate.Request request) {
        Gate.Request bearing = new Gate.Request(request.from(), "GET", true, request.host(), request.origin(), Optional.empty(), Optional.of("Bearer " + offered), Optional.empty());
        return switch (gate.judge(bearing)) {
            case Gate.Verdict.Open open when open.mayChange() ->
                    new Answer.Bytes(303, "text/plain", new byte[0], Map.of("Location", "/", "Set-Cookie", gate.cookie()));
            case Gate.Verdict.Refused refused when refused.status() == 421 || refused.status() == 429 -> Answer.problem(ProblemJson.of(refused.status(), refused.why()));
            case Gate.Verdict.Open _, Gate.Verdict.Refused _ -> Answer.problem(
                    ProblemJson.of(403, "that is not this console's token; open the link that `banyan up` printed last, or see .banyan/console.token"));
        };
    }

    private Answer call(HttpExchange exchange, String path, String query, Gate.Verdict.Open open) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
        if (body.length > MOST_BODY) {
            return Answer.problem(ProblemJson.of(413, "a body has at most " + MOST_BODY + " bytes"));
        }
        String type = header(exchange, "Content-Type").orElse("application/json");
        if (body.length > 0 && !type.startsWith("application/json")) {
            return Answer.problem(ProblemJson.of(415, "a body is application/json, not " + type));
        }
        String accept = header(exchange, "Accept").orElse("");
        if (exchange.getRequestMethod().equals("POST") && !isQuestion(path)) {
            log.info("console", "a change was asked for", "who", open.who(), "path", path, "from", exchange.getRemoteAddress().getAddress().getHostAddress());
        }
        return api.answer(new Call(exchange.getRequestMethod(), path, query, accept, Json.read(body), open.who(), open.mayChange()));
    }

    /** What is sent by POST and changes nothing, or is an edge's report of every few seconds. */
    private static boolean isQuestion(String path) {
        return path.startsWith("/api/explain") || path.matches("/api/edges/[^/]*/poll");
    }

    private static Answer file(Answer.Bytes file, HttpExchange exchange) {
        boolean known = header(exchange, "If-None-Match").filter(file.headers().get("ETag")::equals).isPresent();
        return known ? new Answer.Bytes(304, file.type(), new byte[0], file.headers()) : file;
    }

    private static void send(Answer answer, HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        SAFETY.forEach(headers::set);
        switch (answer) {
            case Answer.Bytes bytes -> {
                headers.set("Content-Type", bytes.type());
                bytes.headers().forEach(headers::set);
                boolean empty = bytes.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
                exchange.sendResponseHeaders(bytes.status(), empty ? -1 : bytes.body().length);
                if (!empty) {
                    exchange.getResponseBody().write(bytes.body());
                }
            }
            case Answer.Stream stream -> {
                try {
                    headers.set("Content-Type", stream.type());
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        stream.writer().write(out);
                    }
                } finally {
                    stream.end().run();
                }
            }
        }
    }

    private static Gate.Request request(HttpExchange exchange, boolean page) {
        return new Gate.Request(
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                exchange.getRequestMethod(),
                page,
                header(exchange, "Host").orElse(""),
                header(exchange, "Origin"),
                header(exchange, "Sec-Fetch-Site"),
                header(exchange, "Authorization"),
                header(exchange, "Cookie"));
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }
}
