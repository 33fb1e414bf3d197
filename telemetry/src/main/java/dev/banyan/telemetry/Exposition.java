package dev.banyan.telemetry;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * A snapshot in the text that Prometheus reads (exposition format 0.0.4), or in OpenMetrics 1.0 for who asks for it.
 *
 * @param contentType the HTTP header that goes with it
 */
public record Exposition(String contentType, byte[] body) {
    /** OpenTelemetry's bounds for {@code http.server.request.duration}, in seconds. */
    static final double[] BOUNDS = {.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, Double.POSITIVE_INFINITY};

    /** @param accept the request's Accept header; empty when there is none */
    public static Exposition of(Snapshot snapshot, String accept) {
        ExpositionFormatWriter writer = accept.contains("application/openmetrics-text")
                ? OpenMetricsTextFormatWriter.create()
                : PrometheusTextFormatWriter.create();
        ByteArrayOutputStream body = new ByteArrayOutputStream(16 * 1024);
        try {
            writer.write(body, new MetricSnapshots(snapshot.families().values().stream().filter(f -> !f.series().isEmpty()).map(Exposition::family).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(writer.getContentType(), body.toByteArray());
    }

    private static MetricSnapshot family(Snapshot.Family family) {
        return switch (family.kind()) {
            case COUNTER -> counter(family);
            case GAUGE -> gauge(family);
            case HISTOGRAM -> histogram(family);
        };
    }

    private static MetricSnapshot counter(Snapshot.Family family) {
        String base = family.name().substring(0, family.name().length() - "_total".length());
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(base).help(family.help());
        family.series().forEach((labels, reading) -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels(labels)).value(number(reading)).build()));
        return builder.build();
    }

    private static MetricSnapshot gauge(Snapshot.Family family) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(family.name()).help(family.help());
        family.series().forEach((labels, reading) -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels(labels)).value(number(reading)).build()));
        return builder.build();
    }

    private static MetricSnapshot histogram(Snapshot.Family family) {
        HistogramSnapshot.Builder builder = HistogramSnapshot.builder().name(family.name()).help(family.help());
        for (Map.Entry<Labels, Reading> series : family.series().entrySet()) {
            Distribution distribution = ((Reading.Spread) series.getValue()).distribution();
            builder.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(labels(series.getKey()))
                    .classicHistogramBuckets(buckets(distribution))
                    .sum(distribution.sumNanos() / 1e9)
                    .build());
        }
        return builder.build();
    }

    private static ClassicHistogramBuckets buckets(Distribution distribution) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (double bound : BOUNDS) {
            long atMost = Double.isInfinite(bound) ? distribution.count() : distribution.atMost((long) (bound * 1e9));
            buckets.bucket(bound, atMost - below);
            below = atMost;
        }
        return buckets.build();
    }

    private static double number(Reading reading) {
        return switch (reading) {
            case Reading.Count count -> count.total();
            case Reading.Level level -> level.value();
            case Reading.Spread spread -> spread.distribution().count();
        };
    }

    private static io.prometheus.metrics.model.snapshots.Labels labels(Labels labels) {
        List<String> names = labels.names();
        return io.prometheus.metrics.model.snapshots.Labels.of(names, labels.all().stream().map(Labels.Label::value).toList());
    }
}
