package dev.banyan.drill.tour;

import dev.banyan.drill.LoadReport;
import dev.banyan.drill.LoadReport.FailedRequest;
import dev.banyan.drill.site.DrillReport;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tour as JSON. Its keys are a contract: docs/tour.md lists them. */
final class TourJson {
    /** Raised when a key's meaning changes; keys are added without. */
    static final int SCHEMA = 1;

    private static final JsonMapper JSON = new JsonMapper();

    private TourJson() {}

    static ObjectNode of(TourReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("schema", SCHEMA).put("passed", report.passed());
        report.reasons().forEach(root.putArray("reasons")::add);
        root.put("command", report.command()).put("short", report.options().shortForm()).put("rate", report.options().rate()).put("users", report.options().users());
        machine(root.putObject("machine"), report.machine());
        root.put("began", report.began().toString()).put("seconds", rounded(report.seconds())).put("requests", report.requests()).put("failed", report.failedPlanned());
        report.load().ifPresent(load -> load(root, load));
        ArrayNode stages = root.putArray("stages");
        report.visits().forEach(visit -> visit(stages.addObject(), visit));
        ArrayNode phases = root.putArray("phases");
        report.phases().forEach(phase -> phase(phases.addObject(), phase));
        series(root.putObject("series"), report.samples());
        ArrayNode decisions = root.putArray("decisions");
        report.decisions().forEach(decision -> decisions.addObject().put("at", decision.at().toString()).put("what", decision.what()).put("why", decision.why()).put("seen", decision.seen()));
        return root;
    }

    private static void machine(ObjectNode node, Machine machine) {
        node.put("cores", machine.cores());
        machine.memoryBytes().ifPresent(bytes -> node.put("memory_bytes", bytes));
        node.put("os", machine.os()).put("java", machine.java()).put("banyan", machine.banyan()).put("database", machine.database());
    }

    private static void load(ObjectNode root, LoadReport load) {
        root.put("acknowledged", load.writes().acknowledged()).put("lost", load.writes().lost()).put("doubled", load.writes().doubled()).put("unchecked", load.writes().unchecked());
        load.websockets().ifPresent(sockets -> root.putObject("websockets").put("opened", sockets.opened()).put("sent", sockets.sent()).put("echoed", sockets.echoed())
                .put("out_of_order", sockets.outOfOrder()).put("lost", sockets.lost()).put("moved", sockets.moved()).put("closed", sockets.closed()));
        root.put("late", load.late()).put("arrivals", load.arrivals());
    }

    private static void visit(ObjectNode node, Visit visit) {
        node.put("stage", visit.stage().number()).put("title", visit.stage().title()).put("requests", visit.requests()).put("failed", visit.failedPlanned())
                .put("failed_otherwise", visit.failedOtherwise());
        visit.steady().ifPresent(phase -> node.put("p50_ms", rounded(phase.p50Ms())).put("p99_ms", rounded(phase.p99Ms())));
        visit.saturation().ifPresent(phase -> node.put("saturation_rps", rounded(phase.rate())).put("saturation_p99_ms", rounded(phase.p99Ms())));
        visit.facts().ifPresent(facts -> {
            node.put("processes", facts.processes());
            facts.memoryBytes().ifPresent(bytes -> node.put("memory_bytes", bytes));
        });
        visit.moveSeconds().ifPresent(seconds -> node.put("move_s", rounded(seconds)));
        ArrayNode drills = node.putArray("drills");
        visit.drills().forEach(drill -> drill(drills.addObject(), drill));
        visit.facts().ifPresent(facts -> node.set("site", JSON.readTree(facts.site())));
    }

    private static void drill(ObjectNode node, DrillReport drill) {
        node.put("name", drill.drill()).put("passed", drill.passed());
        drill.times().detected().ifPresent(millis -> node.put("detected_ms", rounded(millis)));
        drill.times().healed().ifPresent(millis -> node.put("healed_ms", rounded(millis)));
        node.set("report", JSON.readTree(drill.json()));
    }

    private static void phase(ObjectNode node, Phase phase) {
        node.put("number", phase.number()).put("visit", phase.visit()).put("stage", phase.stage().number()).put("kind", phase.step().kind()).put("title", phase.step().title())
                .put("planned", phase.step().planned()).put("from_s", rounded(phase.fromS())).put("to_s", rounded(phase.toS())).put("requests", phase.requests()).put("failed", phase.failed())
                .put("p50_ms", rounded(phase.p50Ms())).put("p99_ms", rounded(phase.p99Ms())).put("problem", phase.problem());
        ObjectNode kinds = node.putObject("failed_by_kind");
        phase.byKind().forEach(kinds::put);
        failures(node.putArray("first_failures"), phase.firstFailures());
    }

    private static void failures(ArrayNode list, List<FailedRequest> failures) {
        failures.forEach(failed -> list.addObject().put("at", failed.at().toString()).put("step", failed.step()).put("request", failed.request()).put("kind", failed.kind())
                .put("status", failed.status()).put("instance", failed.instance()).put("took_ms", rounded(failed.tookMs())));
    }

    /** A second without an answer has no percentiles: null. */
    private static void series(ObjectNode node, List<Sample> samples) {
        ArrayNode at = node.putArray("at_s");
        ArrayNode rate = node.putArray("rate");
        ArrayNode failed = node.putArray("failed");
        ArrayNode p50 = node.putArray("p50_ms");
        ArrayNode p99 = node.putArray("p99_ms");
        for (Sample sample : samples) {
            at.add(rounded(sample.atS()));
            rate.add(rounded(sample.rate()));
            failed.add(sample.failed());
            add(p50, sample.p50Ms());
            add(p99, sample.p99Ms());
        }
    }

    private static void add(ArrayNode values, double millis) {
        if (millis < 0) {
            values.addNull();
        } else {
            values.add(rounded(millis));
        }
    }

    /** Thousandths are enough to read, and a tenth of the text. */
    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
