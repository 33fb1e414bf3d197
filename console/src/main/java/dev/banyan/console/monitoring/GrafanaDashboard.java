package dev.banyan.console.monitoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dashboard as Grafana imports it (schema 39): a row for the promises and one for each tier; rate, errors and duration of each arrow,
 * utilization, saturation and errors of each server.
 */
public final class GrafanaDashboard {
    private static final int SCHEMA = 39;
    private static final int WIDTH = 8;
    private static final int HEIGHT = 7;
    private static final int ACROSS = 24;
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final List<Object> panels = new ArrayList<>();
    private int x;
    private int y;

    private record Plot(String title, String unit, String... queries) {}

    private GrafanaDashboard() {}

    public static String json() {
        GrafanaDashboard of = new GrafanaDashboard();
        of.row("What users are promised",
                new Plot("Budget left", "percentunit", "banyan_slo_budget_left_ratio"),
                new Plot("Burn rate", "none", "banyan_slo_burn_rate"),
                new Plot("Answers that broke a promise", "reqps", "sum by (slo) (rate(banyan_slo_bad_answers_total[5m]))"));
        of.row("Users to the front door",
                new Plot("Rate", "reqps", "sum by (class) (rate(http_server_request_duration_seconds_count[1m]))"),
                new Plot("Errors", "percentunit", "sum(rate(http_server_request_duration_seconds_count{class=\"5xx\"}[5m])) / sum(rate(http_server_request_duration_seconds_count[5m]))"),
                quantiles("Duration", "http_server_request_duration_seconds", ""),
                new Plot("Saturation: waiting requests", "none", "http_server_queued_requests"));
        of.row("Edges",
                new Plot("Rate", "reqps", "sum by (edge) (rate(banyan_edge_requests_total[1m]))"),
                new Plot("Errors", "reqps", "sum by (edge) (rate(banyan_edge_failed_total[5m]))"),
                new Plot("Share of requests that the origin is asked for", "percentunit", "sum by (edge) (rate(banyan_edge_fetches_total[5m])) / sum by (edge) (rate(banyan_edge_requests_total[5m]))"),
                new Plot("Utilization: stored", "bytes", "banyan_edge_stored_bytes"));
        of.row("Front door to the application",
                new Plot("Rate", "reqps", "sum by (server) (rate(banyan_server_requests_total[1m]))"),
                new Plot("Errors", "reqps", "sum by (server) (rate(banyan_server_failures_total[5m]))"),
                quantiles("Time to the first byte", "banyan_server_first_byte_seconds", "server"),
                new Plot("Utilization: requests in flight", "none", "banyan_server_in_flight"),
                new Plot("State (1 is healthy)", "none", "banyan_server_state"));
        of.row("Application to the database",
                new Plot("Rate", "ops", "sum by (kind, place) (rate(banyan_postgres_statements_total[1m]))"),
                new Plot("Errors", "ops", "sum by (from) (rate(banyan_postgres_errors_total[5m]))"),
                quantiles("Duration", "db_client_operation_duration_seconds", "place"),
                new Plot("Utilization: connections", "none", "db_client_connection_count"),
                new Plot("Saturation: waiting clients", "none", "db_client_connection_pending_requests"),
                new Plot("Replicas behind", "s", "banyan_replica_lag_seconds"));
        of.row("Application to the cache",
                new Plot("Rate", "ops", "rate(banyan_cache_commands_total[1m])", "sum by (node) (rate(banyan_cache_node_commands_total[1m]))"),
                new Plot("Errors: nodes down", "none", "banyan_cache_nodes_down", "sum by (answer) (rate(banyan_cache_down_total[5m]))"),
                quantiles("Loads from the database", "banyan_cache_load_duration_seconds", "prefix"),
                new Plot("Hits", "percentunit", "sum by (prefix) (rate(banyan_cache_hits_total[5m])) / (sum by (prefix) (rate(banyan_cache_hits_total[5m])) + sum by (prefix) (rate(banyan_cache_misses_total[5m])))"),
                new Plot("Utilization: memory", "bytes", "banyan_cache_node_memory_bytes"),
                new Plot("Saturation: writes that wait for the database", "s", "banyan_journal_lag_seconds"));
        of.row("Banyan itself",
                new Plot("Processor", "percentunit", "rate(process_cpu_seconds_total[1m])"),
                new Plot("Memory", "bytes", "process_resident_memory_bytes", "jvm_memory_used_bytes"),
                new Plot("Disk free", "percentunit", "banyan_disk_free_bytes / banyan_disk_size_bytes"),
                new Plot("Decisions", "none", "sum by (act) (increase(banyan_decisions_total[10m]))"),
                new Plot("Certificates end in", "s", "banyan_certificate_ends_seconds - time()"),
                new Plot("Log lines lost", "none", "sum by (log) (increase(banyan_log_lines_dropped_total[10m]))"));
        return JSON.writeValueAsString(of.whole()) + "\n";
    }

    private static Plot quantiles(String title, String metric, String by) {
        String labels = by.isEmpty() ? "le" : "le, " + by;
        return new Plot(title, "s", quantile(.5, labels, metric), quantile(.99, labels, metric));
    }

    private static String quantile(double share, String labels, String metric) {
        return "histogram_quantile(" + share + ", sum by (" + labels + ") (rate(" + metric + "_bucket[5m])))";
    }

    private Map<String, Object> whole() {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("uid", "banyan");
        whole.put("title", "Banyan");
        whole.put("schemaVersion", SCHEMA);
        whole.put("version", 1);
        whole.put("editable", true);
        whole.put("refresh", "10s");
        whole.put("time", sorted(Map.of("from", "now-1h", "to", "now")));
        whole.put("tags", List.of("banyan"));
        whole.put("templating", Map.of("list", List.of(sorted(Map.of("name", "datasource", "type", "datasource", "query", "prometheus")))));
        whole.put("annotations", Map.of("list", List.of()));
        whole.put("panels", panels);
        return sorted(whole);
    }

    private void row(String title, Plot... plots) {
        y += x > 0 ? HEIGHT : 0;
        x = 0;
        panels.add(panel(title, "row", ACROSS, 1, sorted(Map.of("collapsed", false, "panels", List.of()))));
        y++;
        for (Plot plot : plots) {
            panels.add(plot(plot));
            x += WIDTH;
            if (x >= ACROSS) {
                x = 0;
                y += HEIGHT;
            }
        }
    }

    private Map<String, Object> plot(Plot plot) {
        List<Object> targets = new ArrayList<>();
        for (String query : plot.queries()) {
            targets.add(sorted(Map.of("refId", String.valueOf((char) ('A' + targets.size())), "expr", query, "legendFormat", "__auto", "datasource", source())));
        }
        return panel(plot.title(), "timeseries", WIDTH, HEIGHT, Map.of(
                "datasource", source(),
                "fieldConfig", sorted(Map.of("defaults", sorted(Map.of("unit", plot.unit(), "min", 0)), "overrides", List.of())),
                "options", sorted(Map.of("legend", sorted(Map.of("displayMode", "list", "placement", "bottom", "showLegend", true)), "tooltip", sorted(Map.of("mode", "multi", "sort", "desc")))),
                "targets", targets));
    }

    private Map<String, Object> panel(String title, String type, int width, int height, Map<String, Object> more) {
        Map<String, Object> panel = new LinkedHashMap<>();
        panel.put("id", panels.size() + 1);
        panel.put("title", title);
        panel.put("type", type);
        panel.put("gridPos", sorted(Map.of("h", height, "w", width, "x", x, "y", y)));
        panel.putAll(sorted(more));
        return panel;
    }

    private static Map<String, Object> source() {
        return sorted(Map.of("type", "prometheus", "uid", "${datasource}"));
    }

    /** In one order always, so that the file differs only where the dashboard does. */
    private static Map<String, Object> sorted(Map<String, Object> any) {
        return new TreeMap<>(any);
    }
}
