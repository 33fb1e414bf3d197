package dev.banyan.telemetry;

import com.google.protobuf.MessageLite;
import dev.banyan.topology.Durations;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Telemetry.Otlp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

/**
 * Who takes what is sent, by OTLP over HTTP: protobuf, gzipped. Blocks; for virtual threads only.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP, section OTLP/HTTP</a>
 */
final class Collector implements AutoCloseable {
    /** What may work when it is sent again (section Failures). */
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    private static final int MOST_ANSWER = 64 * 1024;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What became of it. */
    sealed interface Outcome {
        /** @param answer its body, which may say that a part was refused */
        record Taken(byte[] answer) implements Outcome {}

        /** Worth another attempt. @param pause what the collector asks for; zero when it does not say */
        record Later(String why, Duration pause) implements Outcome {}

        /** It will not be taken, however often it is sent. */
        record Refused(String why) implements Outcome {}
    }

    private final Otlp settings;
    private final HttpClient client;

    /** @param blocking where the client's own tasks run */
    Collector(Otlp settings, Executor blocking) {
        this.settings = settings;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(blocking).connectTimeout(settings.timeout()).followRedirects(Redirect.NEVER).build();
    }

    /** @param signal {@code metrics} or {@code traces} */
    Outcome send(String signal, MessageLite message) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(signal)).timeout(settings.timeout());
        for (Map.Entry<String, Secret> header : settings.headers().entrySet()) {
            try {
                request.setHeader(header.getKey(), header.getValue().reveal());
            } catch (IllegalArgumentException secret) { // its message tells the value
                return new Outcome.Refused("the header " + header.getKey() + " of telemetry.otlp.headers cannot be sent: HTTP allows no such name or value");
            }
        }
        request.setHeader("Content-Type", "application/x-protobuf").setHeader("Content-Encoding", "gzip").setHeader("User-Agent", "Banyan-OTLP");
        try {
            return outcome(request.POST(HttpRequest.BodyPublishers.ofByteArray(gzipped(message))).build());
        } catch (IOException e) {
            return later(e);
        }
    }

    /** The request's own timeout ends with the answer's head; a body that never ends would hold this for ever. */
    private Outcome outcome(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, _ -> BodySubscribers.limiting(BodySubscribers.ofByteArray(), MOST_ANSWER));
        try {
            return outcome(answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Outcome.Later("it did not answer within " + Durations.format(settings.timeout()), Duration.ZERO);
        } catch (ExecutionException e) {
            return later(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static Outcome later(Throwable why) {
        return new Outcome.Later(why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage(), Duration.ZERO);
    }

    URI at(String signal) {
        String base = settings.endpoint();
        return URI.create((base.endsWith("/") ? base : base + "/") + "v1/" + signal);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static Outcome outcome(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return new Outcome.Taken(answer.body());
        }
        String why = "it answered " + status;
        return PASSING.contains(status) ? new Outcome.Later(why, pause(answer)) : new Outcome.Refused(why);
    }

    /** Retry-After in seconds; a date is not looked at, for nobody sends one here. */
    private static Duration pause(HttpResponse<byte[]> answer) {
        String seconds = answer.headers().firstValue("Retry-After").filter(text -> text.matches("[0-9]{1,9}")).orElse("0");
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
    }

    private static byte[] gzipped(MessageLite message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 * 1024);
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            message.writeTo(out);
        }
        return bytes.toByteArray();
    }
}
