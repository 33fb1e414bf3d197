package dev.banyan.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;

/** A collector for tests: takes OTLP over HTTP, and keeps what it was sent. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
    final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
    final List<Map<String, List<String>>> heads = new CopyOnWriteArrayList<>();
    volatile int status = 200;
    volatile byte[] answer = {};
    /** Whether it begins its answers and never ends them. */
    volatile boolean stalls;
    private final CountDownLatch closed = new CountDownLatch(1);

    Receiver() throws IOException {
        this(0);
    }

    Receiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::take);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange; GZIPInputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            heads.add(Map.copyOf(exchange.getRequestHeaders()));
            boolean known = true;
            if (status == 200) {
                switch (exchange.getRequestURI().getPath()) {
                    case "/v1/metrics" -> metrics.add(ExportMetricsServiceRequest.parseFrom(body));
                    case "/v1/traces" -> traces.add(ExportTraceServiceRequest.parseFrom(body));
                    default -> known = false;
                }
            } else {
                body.readAllBytes();
            }
            if (stalls) {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().flush();
                closed.await();
            }
            exchange.sendResponseHeaders(known ? status : 404, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<Metric> lastMetrics() {
        return metrics.isEmpty() ? List.of() : metrics.getLast().getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
    }

    List<Span> spans() {
        return traces.stream().flatMap(request -> request.getResourceSpansList().stream()).flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream()).toList();
    }

    List<ResourceSpans> resources() {
        return traces.stream().flatMap(request -> request.getResourceSpansList().stream()).toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
