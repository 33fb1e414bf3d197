package dev.banyan.telemetry;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.concurrent.TimeUnit;

/**
 * A snapshot as OTLP: sums and histograms since the process began (cumulative), histograms with the bounds of {@code /metrics}.
 *
 * @param resource whose figures they are
 * @param sinceEpochNanos when counting began
 */
record OtlpMetrics(Resource resource, long sinceEpochNanos) {
    private static final InstrumentationScope SCOPE = InstrumentationScope.newBuilder().setName("dev.banyan").build();

    ExportMetricsServiceRequest of(Snapshot snapshot) {
        long at = TimeUnit.SECONDS.toNanos(snapshot.at().getEpochSecond()) + snapshot.at().getNano();
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(SCOPE);
        for (Snapshot.Family family : snapshot.families().values()) {
            if (!family.series().isEmpty()) {
                scope.addMetrics(metric(family, at));
            }
        }
        return ExportMetricsServiceRequest.newBuilder().addResourceMetrics(ResourceMetrics.newBuilder().setResource(resource).addScopeMetrics(scope)).build();
    }

    private Metric metric(Snapshot.Family family, long at) {
        SemanticName name = SemanticName.of(family.name());
        Metric.Builder metric = Metric.newBuilder().setName(name.name()).setUnit(name.unit()).setDescription(family.help());
        return switch (family.kind()) {
            case COUNTER -> {
                Sum.Builder sum = Sum.newBuilder().setIsMonotonic(true).setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
                family.series().forEach((labels, reading) -> sum.addDataPoints(number(labels, reading, at).setStartTimeUnixNano(sinceEpochNanos)));
                yield metric.setSum(sum).build();
            }
            case GAUGE -> {
                Gauge.Builder gauge = Gauge.newBuilder();
                family.series().forEach((labels, reading) -> gauge.addDataPoints(number(labels, reading, at)));
                yield metric.setGauge(gauge).build();
            }
            case HISTOGRAM -> {
                Histogram.Builder histogram = Histogram.newBuilder().setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
                family.series().forEach((labels, reading) -> histogram.addDataPoints(spread(labels, ((Reading.Spread) reading).distribution(), at)));
                yield metric.setHistogram(histogram).build();
            }
        };
    }

    private static NumberDataPoint.Builder number(Labels labels, Reading reading, long at) {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder().setTimeUnixNano(at);
        labels.all().stream().filter(label -> !label.value().isEmpty()).forEach(label -> point.addAttributes(OtlpTraces.attribute(SemanticName.ofLabel(label.name()), label.value())));
        switch (reading) {
            case Reading.Count count -> point.setAsInt(count.total());
            case Reading.Level level -> point.setAsDouble(level.value());
            case Reading.Spread spread -> point.setAsInt(spread.distribution().count());
        }
        return point;
    }

    private HistogramDataPoint.Builder spread(Labels labels, Distribution distribution, long at) {
        HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder().setStartTimeUnixNano(sinceEpochNanos).setTimeUnixNano(at)
                .setCount(distribution.count()).setSum(distribution.sumNanos() / 1e9);
        labels.all().stream().filter(label -> !label.value().isEmpty()).forEach(label -> point.addAttributes(OtlpTraces.attribute(SemanticName.ofLabel(label.name()), label.value())));
        long below = 0;
        for (double bound : Exposition.BOUNDS) {
            boolean last = Double.isInfinite(bound);
            long atMost = last ? distribution.count() : distribution.atMost((long) (bound * 1e9));
            point.addBucketCounts(atMost - below);
            if (!last) {
                point.addExplicitBounds(bound);
            }
            below = atMost;
        }
        return point;
    }
}
