package dev.banyan.drill.tour;

import dev.banyan.drill.LoadReport;
import dev.banyan.drill.site.DrillReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tour as a table for a terminal: a row for each stay at a stage, a line for each drill in it. */
final class TourTable {
    private static final List<String> HEADS = List.of("stage", "move", "requests", "failed", "p50 ms", "p99 ms", "at most /s", "processes", "memory", "drill");

    private final TourReport report;
    private final StringBuilder text = new StringBuilder(2048);

    TourTable(TourReport report) {
        this.report = report;
    }

    String text() {
        line("tour: %s in %s, %s requests, %s failed where none may", report.passed() ? "held" : "DID NOT HOLD", Figures.clock(report.seconds()), Figures.count(report.requests()),
                Figures.count(report.failedPlanned()));
        report.reasons().forEach(reason -> line("  %s", reason));
        table();
        report.load().ifPresent(this::whole);
        report.phases().forEach(this::failures);
        return text.toString();
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADS));
        for (Visit visit : report.visits()) {
            List<DrillReport> drills = visit.drills();
            rows.add(row(visit, drills.isEmpty() ? "" : drill(drills.getFirst())));
            drills.stream().skip(1).forEach(drill -> rows.add(List.of("", "", "", "", "", "", "", "", "", drill(drill))));
        }
        int[] widths = new int[HEADS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        rows.forEach(row -> text.append(line(row, widths)).append('\n'));
    }

    private static List<String> row(Visit visit, String drill) {
        return List.of(visit.stage().title(), Figures.seconds(visit.moveSeconds()), Figures.count(visit.requests()), Figures.count(visit.failedPlanned()),
                visit.steady().map(phase -> Figures.ms(phase.p50Ms())).orElse(Figures.NONE), visit.steady().map(phase -> Figures.ms(phase.p99Ms())).orElse(Figures.NONE),
                visit.saturation().map(phase -> Figures.perSecond(phase.rate())).orElse(Figures.NONE), visit.facts().map(facts -> Integer.toString(facts.processes())).orElse(Figures.NONE),
                visit.facts().map(facts -> Figures.memory(facts.memoryBytes())).orElse(Figures.NONE), drill);
    }

    private static String drill(DrillReport drill) {
        return drill.drill() + " " + Figures.verdict(drill) + ", detected " + Figures.after(drill.times().detected()) + ", healed " + Figures.after(drill.times().healed());
    }

    /** Words to the left, figures to the right. */
    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String fill = " ".repeat(widths[i] - row.get(i).length());
            line.append("  ").append(i == 0 || i == row.size() - 1 ? row.get(i) + fill : fill + row.get(i));
        }
        return line.toString().stripTrailing();
    }

    private void whole(LoadReport load) {
        line("  writes      acknowledged %,d, lost %,d, there twice %,d; never acknowledged %,d, of which %,d are there", load.writes().acknowledged(), load.writes().lost(), load.writes().doubled(),
                load.writes().unacknowledged(), load.writes().unacknowledgedThere());
        load.writes().examples().forEach(example -> line("              %s", example));
        load.websockets().ifPresent(sockets -> line("  WebSockets  %d held, %,d messages, %,d echoed, %,d lost; told to move %,d, cut by kills %,d", sockets.opened(), sockets.sent(), sockets.echoed(),
                sockets.lost(), sockets.moved(), sockets.closed()));
        line("  generator   %,d of %,d steps went out over 10 ms late", load.late(), load.arrivals());
    }

    /** What failed, be it allowed or not. */
    private void failures(Phase phase) {
        if (phase.failed() == 0) {
            return;
        }
        line("  %s failed in '%s' at stage %s%s", Figures.count(phase.failed()), phase.step().title(), phase.stage().title(), phase.step().planned() ? "" : ", not counted above");
        phase.firstFailures().forEach(failed -> line("      %s %s: %s %s%s, after %s ms", failed.at(), failed.step(), failed.request(), failed.kind(),
                failed.instance().isEmpty() ? "" : " from " + failed.instance(), Figures.ms(failed.tookMs())));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
