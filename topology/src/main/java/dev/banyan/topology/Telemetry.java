package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What Banyan tells others of itself beside {@code /metrics}: metrics and traces to a collector, its log's format. */
@Doc("What Banyan tells others of itself beside /metrics: metrics and traces sent to a collector, and its log's format.")
public record Telemetry(
        @Applied(Effect.RESTART) @Doc("A collector that metrics and traces are sent to; nothing is sent, and no request traced, without it.") Optional<Otlp> otlp,
        @Applied(Effect.LIVE) @Doc("Which requests are traced, where traces are sent.") Traces traces,
        @Applied(Effect.RESTART) @Default("false") @Doc("Whether the PostgreSQL router reads the traceparent comment that an application's statement carries: the statement gets a span, and the server the comment with that span's id. It cannot know for what request a statement without one is.")
                boolean sqlComments,
        @Applied(Effect.RESTART) @Default("json") @Doc("How Banyan writes its own log, .banyan/logs/banyan.log: one line an event either way.") LogFormat logFormat) {

    /** Where and how often things are sent. */
    @Doc("Any collector that takes OTLP over HTTP (protobuf).")
    public record Otlp(
            @Written(Form.COLLECTOR_URL) @Doc("Where it listens; v1/metrics and v1/traces are added to it, as OpenTelemetry's exporters do.") String endpoint,
            @KeyedBy(Form.FIELD_NAME) @Doc("Headers of each request, as a token that the collector asks for.") Map<String, Secret> headers,
            @Default("true") @Doc("Whether metrics are sent.") boolean metrics,
            @Default("true") @Doc("Whether traces are sent.") boolean traces,
            @Range(from = "1s", to = "1h") @Default("10s") @Doc("How often metrics are sent, and how long a span waits for others at most.") Duration every,
            @Range(from = "100ms", to = "1m") @Default("10s") @Doc("How long the collector may take to answer.") Duration timeout) {

        public Otlp {
            headers = Map.copyOf(headers);
        }
    }

    /** Which requests are traced. */
    @Doc("Which requests are traced.")
    public record Traces(
            @Default("1%") @Doc("The share of requests that are traced, of those that come without a word of it; one that comes with a traceparent is traced as that says.") Share sample,
            @Range(from = "1", to = "100000") @Default("100") @Doc("The most traces a second that the sample begins, and as many again for clients that ask for it; what edges and applications ask for is not counted again.")
                    int most) {}

    /** How Banyan's own log is written. */
    public enum LogFormat {
        @Doc("One JSON object a line, with the time in UTC.")
        JSON,
        @Doc("For people: the time of day, then the words.")
        HUMAN
    }
}
