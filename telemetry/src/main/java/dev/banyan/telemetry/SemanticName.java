package dev.banyan.telemetry;

import java.util.Map;

/**
 * What a metric of the registry is called in OTLP: OpenTelemetry's own name where it has one for it, else ours without what Prometheus' spelling
 * adds for kind and unit. A collector that exports to Prometheus adds both again, and has the names of {@code /metrics}.
 *
 * @param unit by UCUM, as OpenTelemetry writes units: {@code s}, {@code By}, {@code 1}
 */
record SemanticName(String name, String unit) {
    private static final Map<String, String> METRICS = Map.ofEntries(
            Map.entry("http_server_request_duration_seconds", "http.server.request.duration"),
            Map.entry("http_client_request_duration_seconds", "http.client.request.duration"),
            Map.entry("db_client_operation_duration_seconds", "db.client.operation.duration"),
            Map.entry("db_client_connection_count", "db.client.connection.count"),
            Map.entry("db_client_connection_max", "db.client.connection.max"),
            Map.entry("db_client_connection_pending_requests", "db.client.connection.pending_requests"),
            Map.entry("process_cpu_seconds_total", "process.cpu.time"),
            Map.entry("process_resident_memory_bytes", "process.memory.usage"),
            Map.entry("jvm_memory_used_bytes", "jvm.memory.used"),
            Map.entry("jvm_memory_limit_bytes", "jvm.memory.limit"));

    private static final Map<String, String> LABELS = Map.ofEntries(
            Map.entry("http_route", "http.route"),
            Map.entry("db_system_name", "db.system.name"),
            Map.entry("db_operation_name", "db.operation.name"),
            Map.entry("db_client_connection_state", "db.client.connection.state"),
            Map.entry("error_type", "error.type"));

    static SemanticName of(String prometheus) {
        String base = without(prometheus, "_total");
        String unit = base.endsWith("_seconds") ? "s" : base.endsWith("_bytes") ? "By" : "1";
        String plain = without(without(base, "_seconds"), "_bytes");
        return new SemanticName(METRICS.getOrDefault(prometheus, plain), unit);
    }

    static String ofLabel(String prometheus) {
        return LABELS.getOrDefault(prometheus, prometheus);
    }

    private static String without(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
