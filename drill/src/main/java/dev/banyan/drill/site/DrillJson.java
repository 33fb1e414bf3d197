package dev.banyan.drill.site;

import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A drill's report as JSON. Its keys are a contract: docs/drills.md lists them. */
final class DrillJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DrillJson() {}

    static ObjectNode of(DrillReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("drill", report.drill()).put("hypothesis", report.hypothesis()).put("stage", report.stage()).put("fault", report.fault());
        DrillReport.Steady before = report.before();
        root.putObject("before").put("seconds", before.seconds()).put("requests", before.requests()).put("failed", before.failed()).put("p50_ms", before.p50Ms()).put("p99_ms", before.p99Ms());
        DrillReport.During during = report.during();
        root.put("seconds", during.seconds()).put("requests", during.requests()).put("writes", during.writes()).put("failed", during.failed()).put("pardoned", during.pardoned());
        ObjectNode kinds = root.putObject("failed_by_kind");
        during.failedByKind().forEach(kinds::put);
        root.put("p50_ms", during.p50Ms()).put("p99_ms", during.p99Ms()).put("slowest_ms", during.slowestMs()).put("slowest_write_ms", during.slowestWriteMs());
        times(root, report.times());
        root.put("acknowledged", report.writes().acknowledged()).put("lost", report.writes().lost()).put("doubled", report.writes().doubled()).put("unchecked", report.writes().unchecked());
        root.put("unacknowledged", report.writes().unacknowledged()).put("unacknowledged_there", report.writes().unacknowledgedThere());
        root.put("double_primaries", report.doublePrimaries()).put("watched", report.watched()).put("stale_reads", report.staleReads()).put("own_reads", report.ownReads());
        root.put("stale_pages", report.stalePages()).put("own_pages", report.ownPages());
        ArrayNode checks = root.putArray("checks");
        report.checks().forEach(check -> checks.addObject().put("what", check.what()).put("held", check.held()).put("seen", check.seen()));
        report.examples().forEach(root.putArray("examples")::add);
        return root.put("verdict", report.verdict().name().toLowerCase(Locale.ROOT)).put("reason", report.reason()).put("passed", report.passed());
    }

    private static void times(ObjectNode root, DrillReport.Times times) {
        time(root, "detected_ms", times.detected());
        root.put("detected_by", times.detectedBy().orElse(null));
        time(root, "decided_ms", times.decided());
        root.put("decided_by", times.decidedBy().orElse(null));
        time(root, "ended_ms", times.ended());
        time(root, "served_ms", times.served());
        time(root, "whole_ms", times.whole());
        time(root, "healed_ms", times.healed());
    }

    /** null says that it did not happen. */
    private static void time(ObjectNode root, String key, OptionalDouble millis) {
        if (millis.isPresent()) {
            root.put(key, millis.getAsDouble());
        } else {
            root.putNull(key);
        }
    }
}
