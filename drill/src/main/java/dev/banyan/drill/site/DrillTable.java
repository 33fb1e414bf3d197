package dev.banyan.drill.site;

import dev.banyan.drill.site.DrillReport.During;
import dev.banyan.drill.site.DrillReport.Steady;
import dev.banyan.drill.site.DrillReport.Times;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A drill's report as a table for a terminal. */
final class DrillTable {
    private final DrillReport report;
    private final StringBuilder text = new StringBuilder(1024);

    DrillTable(DrillReport report) {
        this.report = report;
    }

    String text() {
        line("%s: %s%s", report.drill(), verdict(), report.reason().isEmpty() ? "" : ": " + report.reason());
        line("  hypothesis  %s", report.hypothesis());
        line("  fault       %s", report.fault().isEmpty() ? "none was done" : report.fault() + ", at stage " + report.stage());
        before();
        if (!report.fault().isEmpty()) {
            since();
            times(report.times());
            ownPages();
        }
        report.checks().forEach(check -> line("  %s %s: %s", held(check), check.what(), check.seen()));
        report.examples().forEach(example -> line("              %s", example));
        return text.toString();
    }

    private String verdict() {
        return switch (report.verdict()) {
            case HELD -> "held";
            case FAILED -> "DID NOT HOLD";
            case ABORTED -> "ABORTED";
        };
    }

    /** Who is stopped before the end, while nobody had failed, has shown neither the one nor the other. */
    private String held(DrillReport.Check check) {
        boolean cutShort = report.verdict() == DrillReport.Verdict.ABORTED && report.during().failed() == report.during().pardoned();
        return check.held() ? "held       " : cutShort ? "not shown  " : "NOT HELD   ";
    }

    private void before() {
        Steady before = report.before();
        line("  before      %,d requests in %.1f s, %,d failed, p50 %.1f ms, p99 %.1f ms from when they were due", before.requests(), before.seconds(), before.failed(), before.p50Ms(), before.p99Ms());
    }

    private void since() {
        During during = report.during();
        line("  since       %,d requests in %.1f s, %,d failed%s, p50 %.1f ms, p99 %.1f ms from when they were due", during.requests(), during.seconds(), during.failed(), failed(during), during.p50Ms(), during.p99Ms());
        line("  slowest     %,.0f ms from when it was sent; of %,d writes %,.0f ms", during.slowestMs(), during.writes(), during.slowestWriteMs());
    }

    private static String failed(During during) {
        return during.failed() == 0 ? "" : " (" + during.failedByKind().entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", ")) + "; pardoned " + during.pardoned() + ")";
    }

    /** Told of, and no part of the promise: what an application keeps in a cache is its own affair. */
    private void ownPages() {
        if (report.ownPages() > 0) {
            line("  own pages   %,d, of which %,d did not show what their user had just changed", report.ownPages(), report.stalePages());
        }
    }

    private void times(Times times) {
        line("  detected    %s", times.detected().isEmpty() ? "no Decision came of it" : after(times.detected(), times.detectedBy()));
        line("  decided     %s", times.decided().isEmpty() ? "no Decision that mends it" : after(times.decided(), times.decidedBy()));
        line("  healed      %s (users served as before %s, servers up %s)", after(times.healed(), Optional.empty()), after(times.served(), Optional.empty()), after(times.whole(), Optional.empty()));
    }

    private static String after(OptionalDouble millis, Optional<String> by) {
        return millis.isEmpty() ? "never" : String.format(Locale.ROOT, "after %.2f s", millis.getAsDouble() / 1_000) + by.map(what -> ": " + what).orElse("");
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
