package dev.banyan.photos;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a request into an {@link Answer} and sends it. Every failure becomes an answer here: a {@link Problem} as itself, a database
 * that cannot be reached as 503 (trying again helps), everything else as 500 with the reason in the log only.
 */
final class Site extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);

    private final String instance;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile Optional<Application> application = Optional.empty();
    private volatile boolean draining;

    Site(String instance) {
        this.instance = instance;
    }

    /** From now on requests are served; before, only {@code /health} and 503 were. */
    void ready(Application application) {
        this.application = Optional.of(application);
    }

    /** From now on {@code /health} says 503 and answers close their connection; everything is still served. */
    void drain() {
        draining = true;
    }

    int inFlight() {
        return inFlight.get();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        inFlight.incrementAndGet();
        Callback counted = Callback.from(callback, inFlight::decrementAndGet);
        try {
            send(request, response, counted, answer(request));
            counted.succeeded();
        } catch (Throwable e) {
            if (!(e instanceof EofException) && !(e instanceof QuietException)) {
                LOG.debug("the answer to {} {} broke off", request.getMethod(), request.getHttpURI().getPath(), e);
            }
            counted.failed(e);
        }
        return true;
    }

    private Answer answer(Request request) {
        if (Request.getPathInContext(request).equals("/health")) {
            return health();
        }
        Optional<Application> current = application;
        if (current.isEmpty()) {
            return Answer.problem(new Problem(503, "Starting: waiting for the database.")).with("Retry-After", "1");
        }
        Routes.Match match = current.get().routes().match(request.getMethod(), Request.getPathInContext(request));
        Exchange exchange = current.get().exchange(request, match);
        try {
            return switch (match) {
                case Routes.Match.Found found -> found.action().on(exchange);
                case Routes.Match.OtherMethods other -> failure(exchange, new Problem(405, "This path takes "
                        + String.join(", ", other.allowed()) + ".")).with("Allow", String.join(", ", other.allowed()));
                case Routes.Match.Unknown unknown -> throw Problem.notFound("The page " + Request.getPathInContext(request));
            };
        } catch (Problem e) {
            return failure(exchange, e);
        } catch (SQLException e) {
            return databaseFailure(exchange, e);
        } catch (DatabaseFailure e) {
            return databaseFailure(exchange, e.getCause());
        } catch (Exception e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            return failure(exchange, new Problem(500, "Something broke on our side; it is in the log of " + instance + "."));
        }
    }

    private Answer health() {
        String state = draining ? "stopping" : application.map(it -> it.healthy() ? "ok" : "no database").orElse("starting");
        String json = "{\"status\":\"" + state + "\",\"instance\":\"" + instance.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        return Answer.bytes(state.equals("ok") ? 200 : 503, "application/json", json.getBytes(StandardCharsets.UTF_8))
                .with("Cache-Control", "no-store");
    }

    /** Connection exceptions (class 08), shutdown (57P), too many connections (53), a pool that is empty (no state): later may work. */
    private Answer databaseFailure(Exchange exchange, SQLException e) {
        String state = e.getSQLState();
        boolean passing = state == null || state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
                || state.startsWith("40") || e instanceof SQLTransientException;
        LOG.warn("{} {} failed in the database (SQLSTATE {}): {}", exchange.method(), exchange.request().getHttpURI().getPath(), state, e.getMessage());
        return passing
                ? failure(exchange, new Problem(503, "The database cannot answer right now; try again.")).with("Retry-After", "1")
                : failure(exchange, new Problem(500, "Something broke on our side; it is in the log of " + instance + "."));
    }

    private Answer failure(Exchange exchange, Problem problem) {
        return application.map(it -> it.failure(exchange, problem)).orElseGet(() -> Answer.problem(problem));
    }

    private void send(Request request, Response response, Callback callback, Answer answer) throws Exception {
        response.setStatus(answer.status());
        for (Answer.Header header : answer.headers()) {
            response.getHeaders().add(header.name(), header.value());
        }
        response.getHeaders().put("X-Served-By", instance);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (!answer.has("Cache-Control")) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, Keeping.unlessSaid());
        }
        if (draining) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        boolean head = request.getMethod().equals("HEAD");
        switch (answer.body()) {
            case Answer.Body.None none -> {
                if (answer.status() != 204 && answer.status() != 304) {
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
                }
            }
            case Answer.Body.Bytes body -> {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.bytes().length);
                if (!head) {
                    Content.Sink.write(response, true, ByteBuffer.wrap(body.bytes()));
                }
            }
            case Answer.Body.Stream body -> {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length());
                if (!head) {
                    OutputStream out = Content.Sink.asOutputStream(response);
                    body.writer().to(out);
                    out.close();
                }
            }
        }
    }
}
