package dev.banyan.drill;

import java.util.List;
import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report as JSON. Its keys are a contract: docs/load.md lists them. */
final class ReportJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReportJson() {}

    static String of(LoadReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("url", report.url()).put("seconds", report.seconds()).put("arrivals", report.arrivals());
        root.put("requests", report.requests()).put("failed", report.failed());
        counts(root.putObject("by_kind"), report.byKind());
        failures(root.putArray("first_failures"), report.firstFailures());
        root.put("rps_wanted", report.rpsWanted()).put("rps_sent", report.rpsSent());
        root.put("p50_ms", report.p50Ms()).put("p90_ms", report.p90Ms()).put("p99_ms", report.p99Ms()).put("max_ms", report.maxMs());
        root.put("service_p99_ms", report.serviceP99Ms());
        root.put("late", report.late()).put("lag_p99_ms", report.lagP99Ms()).put("lag_max_ms", report.lagMaxMs());
        root.put("stale_connection_retried", report.staleRetried());
        writes(root, report.writes());
        ObjectNode steps = root.putObject("steps");
        report.steps().forEach((name, s) -> steps.putObject(name).put("requests", s.requests()).put("failed", s.failed()).put("p50_ms", s.p50Ms())
                .put("p99_ms", s.p99Ms()).put("max_ms", s.maxMs()));
        counts(root.putObject("instances"), report.instances());
        report.caches().ifPresent(c -> root.putObject("caches").put("hits", c.hits()).put("collapsed", c.collapsed()).put("forwarded", c.forwarded()).put("unsaid", c.unsaid())
                .put("origin_share", Math.round(c.originShare() * 10_000) / 10_000.0));
        report.websockets().ifPresent(w -> root.putObject("websockets").put("wanted", w.wanted()).put("opened", w.opened()).put("sent", w.sent())
                .put("echoed", w.echoed()).put("out_of_order", w.outOfOrder()).put("lost", w.lost()).put("moved", w.moved()).put("closed", w.closed()).put("refusal", w.refusal()));
        root.put("interrupted", report.interrupted()).put("passed", report.passed());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void writes(ObjectNode root, AuditReport writes) {
        root.put("acknowledged", writes.acknowledged()).put("lost", writes.lost()).put("doubled", writes.doubled()).put("unchecked", writes.unchecked());
        root.put("unacknowledged", writes.unacknowledged()).put("unacknowledged_there", writes.unacknowledgedThere());
        writes.examples().forEach(root.putArray("examples")::add);
    }

    private static void failures(ArrayNode list, List<LoadReport.FailedRequest> failures) {
        failures.forEach(f -> list.addObject().put("at", f.at().toString()).put("step", f.step()).put("request", f.request()).put("kind", f.kind())
                .put("status", f.status()).put("instance", f.instance()).put("took_ms", f.tookMs()));
    }

    private static void counts(ObjectNode node, SortedMap<String, Long> counts) {
        counts.forEach(node::put);
    }
}
