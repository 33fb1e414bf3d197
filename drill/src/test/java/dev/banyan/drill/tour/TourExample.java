package dev.banyan.drill.tour;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.LoadInterval;
import dev.banyan.drill.LoadReport;
import dev.banyan.drill.LoadReport.FailedRequest;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.tour.TourPlan.Leg;
import dev.banyan.drill.tour.TourStep.Break;
import dev.banyan.drill.tour.TourStep.Move;
import dev.banyan.drill.tour.TourStep.Saturate;
import dev.banyan.drill.tour.TourStep.Steady;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A tour by hand: two stages, a saturation, a drill, and back. What a test wants to go wrong is said before. Owned by one thread. */
final class TourExample {
    static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
    /** What a site might say of itself to get into a page. */
    static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&";

    private final TourLog log = new TourLog();
    private long failedInMove;
    private boolean drillHolds = true;
    private long lost;
    private String problem = "";
    private String words = "as usual";

    TourExample failingInMove(long requests) {
        failedInMove = requests;
        return this;
    }

    TourExample drillFailing() {
        drillHolds = false;
        return this;
    }

    TourExample losing(long writes) {
        lost = writes;
        return this;
    }

    TourExample brokenOff(String why) {
        problem = why;
        return this;
    }

    TourExample saying(String something) {
        words = something;
        return this;
    }

    TourReport report() {
        Stage one = Stage.values()[0];
        Stage two = Stage.values()[1];
        leg(new Leg(one, new Steady(Duration.ofSeconds(2))), 0, 2, interval(100, 0, 10_000));
        log.seen(new StageFacts(log.visit(), one, 3, OptionalLong.of(400_000_000), "{\"name\":\"" + words.replace("\"", "\\\"") + "\"}"));
        leg(new Leg(two, new Move(one, two)), 2, 4, interval(50, failedInMove, 20_000));
        leg(new Leg(two, new Steady(Duration.ofSeconds(2))), 4, 6, interval(120, 0, 5_000));
        leg(new Leg(two, new Saturate(Duration.ofSeconds(2))), 6, 8, interval(1_000, 2, 90_000));
        log.begin(new Leg(two, new Break("application")), 8);
        log.heard(interval(80, 3, 30_000), 10);
        log.drilled(drill(), 10);
        leg(new Leg(one, new Move(two, one)), 10, 11, interval(30, 0, 5_000));
        Machine machine = new Machine(2, OptionalLong.of(8_000_000_000L), "Linux", "25", "banyan 0.1.0", "PostgreSQL 17");
        return new TourReport("banyan tour --short", TourOptions.of(true).upTo(two), machine, BEGAN, log.phases(), log.samples(), log.stages(),
                List.of(new Decision("eject " + words, "five in a row", "web-2", BEGAN.plusSeconds(9))), Optional.of(load()), problem);
    }

    private void leg(Leg leg, double from, double to, LoadInterval interval) {
        log.begin(leg, from);
        log.heard(interval, to);
        log.done(to);
    }

    static LoadInterval interval(long requests, long failed, long micros) {
        Histogram latency = new Histogram(3_600_000_000L, 3);
        latency.recordValue(micros);
        TreeMap<String, Long> kinds = new TreeMap<>();
        List<FailedRequest> first = List.of();
        if (failed > 0) {
            kinds.put("status_502", failed);
            first = List.of(new FailedRequest(BEGAN, "comment", "POST /api/photos/1/comments", "status_502", 502, "web-2", 3.25));
        }
        return new LoadInterval(requests, failed, kinds, first, latency);
    }

    private DrillReport drill() {
        DrillReport.Times times = new DrillReport.Times(OptionalDouble.of(20), OptionalDouble.of(20), OptionalDouble.empty(), OptionalDouble.of(100), OptionalDouble.of(3_100), OptionalDouble.of(3_100), Optional.of("eject web-2"),
                Optional.of("eject web-2"));
        return new DrillReport("application", "no request fails " + words, 2, "kill web-2", new DrillReport.Steady(3, 100, 0, 5, 20), new DrillReport.During(4, 100, 5, 0, 0, new TreeMap<>(), 5, 20, 40, 30), times,
                AuditReport.NONE, 0, 0, 0, 0, 0, 0, drillHolds ? DrillReport.Verdict.HELD : DrillReport.Verdict.FAILED, "",
                List.of(new DrillReport.Check("healed within 60 s", drillHolds, drillHolds ? "3.1 s" : "never " + words)), List.of());
    }

    private LoadReport load() {
        AuditReport writes = new AuditReport(40, lost, 0, 0, 1, 1, lost > 0 ? List.of("lost: comment 7") : List.of());
        LoadReport.WebSockets sockets = new LoadReport.WebSockets(5, 5, 100, 100, 0, 0, 2, 1, "");
        return new LoadReport("http://127.0.0.1:8080", 11, 300, 1_380, failedInMove + 5, new TreeMap<>(), List.of(), 15, 15, 5, 9, 20, 90, 15, 4, 0.1, 0.2, 0, writes, new TreeMap<>(), new TreeMap<>(),
                Optional.empty(), Optional.of(sockets), false, 0);
    }
}
