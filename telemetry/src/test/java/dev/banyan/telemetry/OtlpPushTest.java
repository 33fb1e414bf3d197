package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Otlp;
import dev.banyan.topology.Telemetry.Traces;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtlpPushTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Traces ALL = new Traces(Share.parse("100%"), 100);

    @TempDir
    Path folder;

    private final Clock clock = Clock.system();
    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private final Registry registry = new Registry(clock);
    private final Tracer tracer = Tracer.of(ALL, clock, registry);

    @AfterEach
    void endThreads() {
        loops.close();
    }

    @Test
    void metricsAreSentByTheirOpenTelemetryNames_withWhatTheyCount() throws Exception {
        registry.counter("banyan_server_requests_total", "Requests.", Labels.of("server", "web-1")).add(7);
        registry.gauge("banyan_edge_stored_bytes", "Bytes.", Labels.of("edge", "edge-1", "tier", "memory"), () -> 1_024);
        Histogram durations = registry.histogram("http_server_request_duration_seconds", "Durations.", Labels.of("class", "2xx", "http_route", "api"));
        durations.record(Duration.ofMillis(3).toNanos());
        durations.record(Duration.ofMillis(30).toNanos());
        durations.record(Duration.ofMinutes(1).toNanos());
        registry.histogram("db_client_operation_duration_seconds", "Statements.", Labels.of("db_system_name", "postgresql", "db_operation_name", "SELECT", "error_type", "")).record(1);
        try (Receiver collector = new Receiver(); EventLog log = log(); OtlpPush _ = push(otlp(collector.endpoint(), true, false), log)) {
            await(() -> !collector.metrics.isEmpty());
            Metric requests = metric(collector, "banyan_server_requests");
            assertThat(requests.getSum().getIsMonotonic()).isTrue();
            assertThat(requests.getSum().getAggregationTemporality()).isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            NumberDataPoint point = requests.getSum().getDataPoints(0);
            assertThat(point.getAsInt()).isEqualTo(7);
            assertThat(text(point.getAttributesList())).isEqualTo(Map.of("server", "web-1"));
            assertThat(point.getTimeUnixNano()).isGreaterThanOrEqualTo(point.getStartTimeUnixNano()).isPositive();
            Metric bytes = metric(collector, "banyan_edge_stored");
            assertThat(bytes.getUnit()).isEqualTo("By");
            assertThat(bytes.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1_024);
            Metric duration = metric(collector, "http.server.request.duration");
            assertThat(duration.getUnit()).isEqualTo("s");
            HistogramDataPoint spread = duration.getHistogram().getDataPoints(0);
            assertThat(text(spread.getAttributesList())).isEqualTo(Map.of("class", "2xx", "http.route", "api"));
            assertThat(spread.getExplicitBoundsList()).hasSize(14).startsWith(.005, .01);
            assertThat(spread.getBucketCountsList()).hasSize(15);
            assertThat(List.of(spread.getBucketCounts(0), spread.getBucketCounts(3), spread.getBucketCounts(14))).isEqualTo(List.of(1L, 1L, 1L));
            assertThat(spread.getCount()).isEqualTo(3);
            assertThat(spread.getSum()).isEqualTo(60.033);
            assertThat(text(metric(collector, "db.client.operation.duration").getHistogram().getDataPoints(0).getAttributesList()))
                    .as("an empty label is none").isEqualTo(Map.of("db.system.name", "postgresql", "db.operation.name", "SELECT"));
            assertThat(text(collector.metrics.getLast().getResourceMetrics(0).getResource().getAttributesList()))
                    .isEqualTo(Map.of("service.namespace", "photos", "service.name", "banyan", "service.instance.id", "one"));
        }
    }

    @Test
    void spansAreSentWithTheirParents_eachPartOfTheSiteAServiceOfItsOwn() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log(); OtlpPush _ = push(otlp(collector.endpoint(), false, true), log)) {
            long began = clock.nanos();
            Span asked = tracer.of("front-door").begin(0x0af7651916cd43ddL, 0x8448eb211c80319cL, 0x1111, 0xb7ad6b7169203331L, Span.Kind.SERVER, "GET /api", began);
            asked.traceState("rojo=1");
            Span asks = tracer.of("front-door").below(asked, 0x2222, Span.Kind.CLIENT, "GET", began + 1_000_000);
            asks.say("server.address", "web-1").say("http.response.status_code", 502).fail("502");
            tracer.end(asks, began + 3_000_000);
            tracer.end(asked, began + 4_000_000);
            tracer.end(tracer.of("edge-1").begin(1, 2, 3, 0, Span.Kind.SERVER, "GET", began), began);
            await(() -> collector.spans().size() == 3);
            var parent = collector.spans().get(1);
            assertThat(hex(parent.getTraceId().toByteArray())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(hex(parent.getParentSpanId().toByteArray())).isEqualTo("b7ad6b7169203331");
            assertThat(parent.getTraceState()).isEqualTo("rojo=1");
            assertThat(parent.getEndTimeUnixNano() - parent.getStartTimeUnixNano()).isEqualTo(4_000_000);
            assertThat(parent.getKind()).isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
            var child = collector.spans().getFirst();
            assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
            assertThat(child.getStartTimeUnixNano() - parent.getStartTimeUnixNano()).isEqualTo(1_000_000);
            assertThat(child.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(child.getAttributesList()).anyMatch(attribute -> attribute.getKey().equals("http.response.status_code") && attribute.getValue().getIntValue() == 502);
            assertThat(collector.spans().get(2).getParentSpanId().isEmpty()).as("the first of its trace has none").isTrue();
            assertThat(collector.resources().stream().map(resource -> text(resource.getResource().getAttributesList()).get("service.name"))).containsOnly("front-door", "edge-1");
        }
    }

    @Test
    void itsHeadersAreSent_andItsPathIsKept_andItIsCompressed() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log();
                OtlpPush _ = push(new Otlp(collector.endpoint() + "/", Map.of("Authorization", new Secret("Bearer hunter2")), true, false, Duration.ofMillis(20), Duration.ofSeconds(5)), log)) {
            await(() -> !collector.metrics.isEmpty());
            Map<String, List<String>> head = collector.heads.getFirst();
            assertThat(head.get("Authorization")).containsExactly("Bearer hunter2");
            assertThat(head.get("Content-type")).containsExactly("application/x-protobuf");
            assertThat(head.get("Content-encoding")).containsExactly("gzip");
        }
        assertThat(Files.readString(folder.resolve("banyan.log"))).doesNotContain("hunter2");
    }

    @Test
    void aCollectorThatIsAwayIsOneLineInTheLog_andOneWhenItIsBack() throws Exception {
        int port;
        try (Receiver gone = new Receiver()) {
            port = gone.port();
        }
        try (EventLog log = log()) {
            OtlpPush push = push(otlp("http://127.0.0.1:" + port, true, false), log);
            await(() -> failures("metrics") >= 5);
            try (Receiver back = new Receiver(port)) {
                await(() -> !back.metrics.isEmpty());
                await(() -> taken("metrics") >= 1);
                push.close();
            }
        }
        List<String> lines = Files.readAllLines(folder.resolve("banyan.log"));
        assertThat(lines.stream().filter(line -> line.contains("cannot be sent to http://127.0.0.1:" + port))).hasSize(1);
        assertThat(lines.stream().filter(line -> line.contains("are sent to http://127.0.0.1:" + port + " again"))).hasSize(1);
    }

    @Test
    void aCollectorThatNeverEndsItsAnswerIsGivenUp_andAskedAgain() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log()) {
            collector.stalls = true;
            try (OtlpPush _ = push(new Otlp(collector.endpoint(), Map.of(), true, false, Duration.ofMillis(20), Duration.ofMillis(200)), log)) {
                await(() -> failures("metrics") >= 2);
                collector.stalls = false;
                await(() -> taken("metrics") >= 1);
            }
        }
    }

    @Test
    void aHeaderThatCannotBeSentIsNamed_andItsValueIsNotTold() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log();
                OtlpPush _ = push(new Otlp(collector.endpoint(), Map.of("X-Token", new Secret("hunter2\n")), true, false, Duration.ofMillis(20), Duration.ofSeconds(5)), log)) {
            await(() -> failures("metrics") >= 2);
        }
        assertThat(Files.readString(folder.resolve("banyan.log"))).contains("X-Token").doesNotContain("hunter2");
    }

    @Test
    void spansWaitForACollectorThatIsBusy_andWhatDoesNotFitIsCounted() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log()) {
            collector.status = 503;
            try (OtlpPush _ = push(otlp(collector.endpoint(), false, true), log)) {
                span();
                await(() -> failures("traces") >= 1);
                for (int i = 0; i < Tracer.WAITING + 10; i++) {
                    span();
                }
                assertThat(registry.snapshot().total("banyan_spans_dropped_total", Labels.of("why", "queue-full"))).isEqualTo(10);
                collector.status = 200;
                await(() -> collector.spans().size() == Tracer.WAITING + 1);
            }
        }
    }

    @Test
    void whatACollectorRefusesIsNotSentAgain_andCounted() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log()) {
            collector.status = 400;
            try (OtlpPush _ = push(otlp(collector.endpoint(), false, true), log)) {
                span();
                await(() -> dropped("not-taken") == 1);
                assertThat(collector.heads).hasSize(1);
                collector.status = 200;
                collector.answer = ExportTraceServiceResponse.newBuilder().setPartialSuccess(ExportTracePartialSuccess.newBuilder().setRejectedSpans(2).setErrorMessage("too old")).build().toByteArray();
                span();
                await(() -> dropped("not-taken") == 3);
            }
        }
    }

    @Test
    void whatIsLeftIsSentWhenItEnds() throws Exception {
        try (Receiver collector = new Receiver(); EventLog log = log()) {
            try (OtlpPush _ = push(new Otlp(collector.endpoint(), Map.of(), true, true, Duration.ofHours(1), Duration.ofSeconds(5)), log)) {
                span();
            }
            assertThat(collector.spans()).hasSize(1);
            assertThat(collector.metrics).hasSize(1);
        }
    }

    private void span() {
        tracer.end(tracer.begin(1, 2, 3, 0, Span.Kind.SERVER, "GET", clock.nanos()), clock.nanos());
    }

    private double failures(String signal) {
        return registry.snapshot().total("banyan_otlp_pushes_total", Labels.of("signal", signal, "outcome", "failed"));
    }

    private double taken(String signal) {
        return registry.snapshot().total("banyan_otlp_pushes_total", Labels.of("signal", signal, "outcome", "taken"));
    }

    private double dropped(String why) {
        return registry.snapshot().total("banyan_spans_dropped_total", Labels.of("why", why));
    }

    private EventLog log() {
        return EventLog.open(folder.resolve("banyan.log"), Level.INFO, loops, clock, registry);
    }

    private OtlpPush push(Otlp otlp, EventLog log) {
        return OtlpPush.start(otlp, "photos", "one", registry, tracer, loops, clock, log);
    }

    private static Otlp otlp(String endpoint, boolean metrics, boolean traces) {
        return new Otlp(endpoint, Map.of(), metrics, traces, Duration.ofMillis(20), Duration.ofSeconds(5));
    }

    private static Metric metric(Receiver collector, String name) {
        return collector.lastMetrics().stream().filter(metric -> metric.getName().equals(name)).findFirst().orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private static Map<String, String> text(List<KeyValue> attributes) {
        return attributes.stream().collect(java.util.stream.Collectors.toMap(KeyValue::getKey, attribute -> attribute.getValue().getStringValue()));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private void await(BooleanSupplier condition) throws InterruptedException, IOException {
        long deadline = clock.nanos() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(clock.nanos()).as("what is awaited has not come in " + PATIENCE + ": " + Files.readString(folder.resolve("banyan.log"))).isLessThan(deadline);
            clock.sleep(Duration.ofMillis(5));
        }
    }
}
