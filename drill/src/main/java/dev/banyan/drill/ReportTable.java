package dev.banyan.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The report as a table for a terminal. */
final class ReportTable {
    private final LoadReport report;
    private final StringBuilder text = new StringBuilder(1024);

    ReportTable(LoadReport report) {
        this.report = report;
    }

    String text() {
        verdict();
        traffic();
        generator();
        steps();
        writes();
        rest();
        return text.toString();
    }

    private void verdict() {
        line("%s: %s in %.1f s%s%s", report.url(), report.passed() ? "held" : "DID NOT HOLD", report.seconds(), report.interrupted() ? " (interrupted)" : "",
                report.passed() ? "" : ": " + String.join(", ", reasons()));
    }

    /** What the site did not hold to; the lines below have the figures. */
    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (report.failed() > report.maxFailed()) {
            reasons.add(String.format(Locale.ROOT, "%,d failed, %,d allowed", report.failed(), report.maxFailed()));
        }
        if (!report.writes().clean()) {
            reasons.add("writes");
        }
        if (!report.websockets().map(LoadReport.WebSockets::clean).orElse(true)) {
            reasons.add("WebSockets");
        }
        return reasons;
    }

    private void traffic() {
        line("  requests   %,d, failed %,d%s", report.requests(), report.failed(), report.failed() == 0 ? "" : ": " + list(report.byKind()));
        report.firstFailures().forEach(this::failure);
        line("  arrivals   %,d, %.1f/s of %.1f/s wanted", report.arrivals(), report.rpsSent(), report.rpsWanted());
        line("  latency    p50 %s  p90 %s  p99 %s  max %s ms, from the intended send time", ms(report.p50Ms()), ms(report.p90Ms()), ms(report.p99Ms()),
                ms(report.maxMs()));
        line("  service    p99 %s ms, from the real send", ms(report.serviceP99Ms()));
    }

    private void failure(LoadReport.FailedRequest failed) {
        line("             %s %s: %s %s%s, after %s ms", failed.at(), failed.step(), failed.request(), failed.kind(),
                failed.instance().isEmpty() ? "" : " from " + failed.instance(), ms(failed.tookMs()));
    }

    private void generator() {
        double share = report.arrivals() == 0 ? 0 : 100.0 * report.late() / report.arrivals();
        line("  generator  late (over 10 ms) %,d = %.1f%%, scheduler lag p99 %s max %s ms", report.late(), share, ms(report.lagP99Ms()), ms(report.lagMaxMs()));
        if (report.staleRetried() > 0) {
            line("             stale connections retried %,d", report.staleRetried());
        }
    }

    private void steps() {
        if (report.steps().size() < 2) {
            return;
        }
        line("  %-14s %10s %8s %9s %9s %9s", "step", "requests", "failed", "p50 ms", "p99 ms", "max ms");
        report.steps().forEach((name, step) -> line("  %-14s %,10d %,8d %9s %9s %9s", name, step.requests(), step.failed(), ms(step.p50Ms()), ms(step.p99Ms()),
                ms(step.maxMs())));
    }

    private void writes() {
        AuditReport writes = report.writes();
        if (writes.equals(AuditReport.NONE)) {
            return;
        }
        line("  writes     acknowledged %,d, lost %,d, doubled %,d%s", writes.acknowledged(), writes.lost(), writes.doubled(),
                writes.unchecked() == 0 ? "" : String.format(Locale.ROOT, ", UNCHECKED %,d", writes.unchecked()));
        if (writes.unacknowledged() > 0) {
            line("             never acknowledged %,d, of which %,d are there", writes.unacknowledged(), writes.unacknowledgedThere());
        }
        writes.examples().forEach(example -> line("             %s", example));
    }

    private void rest() {
        if (!report.instances().isEmpty()) {
            line("  instances  %s", list(report.instances()));
        }
        report.caches().ifPresent(c -> line("  caches     hit %,d, waited with another %,d; to the origin %,d = %.1f%%", c.hits(), c.collapsed(), c.forwarded() + c.unsaid(), 100 * c.originShare()));
        report.websockets().ifPresent(w -> line("  websockets %,d of %,d opened, %,d messages, echoed %,d, out of order %,d, lost %,d, moved %,d, closed %,d%s", w.opened(),
                w.wanted(), w.sent(), w.echoed(), w.outOfOrder(), w.lost(), w.moved(), w.closed(),
                w.refusal().isEmpty() ? "" : "; refused: " + w.refusal()));
    }

    private static String list(SortedMap<String, Long> counts) {
        return counts.entrySet().stream().map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%,d", e.getValue())).collect(Collectors.joining(", "));
    }

    /** Two digits are enough from 10 ms on; below, hundredths tell. */
    private static String ms(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%,.0f", millis);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
