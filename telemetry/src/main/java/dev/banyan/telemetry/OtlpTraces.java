package dev.banyan.telemetry;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Spans as OTLP: each part of the site (front door, an edge, the database's router) is a service of its own in the site's namespace. */
record OtlpTraces(String site, String instance) {
    private static final InstrumentationScope SCOPE = InstrumentationScope.newBuilder().setName("dev.banyan").build();

    ExportTraceServiceRequest of(Collection<Span> spans) {
        Map<String, ScopeSpans.Builder> byService = new LinkedHashMap<>();
        spans.forEach(span -> byService.computeIfAbsent(span.service, _ -> ScopeSpans.newBuilder().setScope(SCOPE)).addSpans(span(span)));
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        byService.forEach((service, scope) -> request.addResourceSpans(ResourceSpans.newBuilder().setResource(resource(service)).addScopeSpans(scope)));
        return request.build();
    }

    /** Who tells. */
    Resource resource(String service) {
        return Resource.newBuilder()
                .addAttributes(attribute("service.namespace", site))
                .addAttributes(attribute("service.name", service))
                .addAttributes(attribute("service.instance.id", instance))
                .build();
    }

    static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder().setKey(name).setValue(AnyValue.newBuilder().setStringValue(value)).build();
    }

    private static io.opentelemetry.proto.trace.v1.Span.Builder span(Span span) {
        var builder = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(span.traceHigh).putLong(span.traceLow).flip()))
                .setSpanId(id(span.id))
                .setTraceState(span.traceState)
                .setName(span.name)
                .setKind(switch (span.kind) {
                    case SERVER -> io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER;
                    case CLIENT -> io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT;
                })
                .setFlags(1)
                .setStartTimeUnixNano(span.beganEpochNanos)
                .setEndTimeUnixNano(span.endedEpochNanos);
        if (span.parent != 0) {
            builder.setParentSpanId(id(span.parent));
        }
        for (Span.Attribute attribute : span.attributes) {
            builder.addAttributes(attribute.value() instanceof Long number
                    ? KeyValue.newBuilder().setKey(attribute.name()).setValue(AnyValue.newBuilder().setIntValue(number)).build()
                    : attribute(attribute.name(), attribute.value().toString()));
        }
        if (span.failure != null) {
            builder.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage(span.failure));
        }
        return builder;
    }

    private static ByteString id(long id) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip());
    }
}
