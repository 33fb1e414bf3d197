package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.console.Site.Arrow;
import dev.banyan.console.Site.Fact;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.console.Site.Totals;
import dev.banyan.control.EdgeDoor;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The edges as the console draws them, and what users see of the site through them: a picture of one moment. */
final class EdgeNodes {
    static final String TIER = "edge";

    private final SiteEdges edges;
    private final Map<RunningEdge, EdgeFigures> figures = new LinkedHashMap<>();

    EdgeNodes(SiteEdges edges) {
        this.edges = edges;
        edges.running().forEach(edge -> figures.put(edge, edge.figures()));
    }

    List<Node> nodes() {
        return figures.entrySet().stream().map(entry -> node(entry.getKey(), entry.getValue())).toList();
    }

    private Node node(RunningEdge edge, EdgeFigures of) {
        boolean shield = isShield(edge);
        String where = edges.listens(edge.name()).map(at -> "http://" + at).orElse(shield ? "between the edges and the front door" : "beside the front door");
        return new Node(edge.name(), TIER, Kind.EDGE, edge.name(), where, edge.answers() ? Health.UP : Health.SICK, gauge(of), edge.answers() ? "" : "does not answer: new connections pass it by",
                Optional.of(of.traffic()), facts(of), Optional.of("access-" + edge.name()), false, false);
    }

    static String gauge(EdgeFigures of) {
        return of.traffic().total() == 0 ? "nothing asked yet" : percent(of.hitRatio()) + " from the cache";
    }

    static List<Fact> facts(EdgeFigures of) {
        return List.of(
                new Fact("hit ratio", percent(of.hitRatio())),
                new Fact("asked behind it", String.format(Locale.ROOT, "%,d of %,d requests", of.asked(), of.traffic().total())),
                new Fact("stored", String.format(Locale.ROOT, "%,d responses, %,.1f MB", of.responses(), of.bytes() / 1e6)),
                new Fact("evicted", String.format(Locale.ROOT, "%,d", of.evictions())),
                new Fact("connections", Integer.toString(of.connections())));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Who asks whom: users the edges, edges the shield or the front door. */
    List<Arrow> arrows(String users, String door) {
        List<Arrow> arrows = new ArrayList<>();
        figures.forEach((edge, of) -> {
            if (!isShield(edge)) {
                arrows.add(new Arrow(users, edge.name(), "HTTP", Optional.of(of.traffic())));
            }
            arrows.add(new Arrow(edge.name(), edges.shielded() && !isShield(edge) ? EdgeDoor.SHIELD : door, "HTTP", Optional.of(of.fetches())));
        });
        return arrows;
    }

    /** What users are answered, by the front door and by edges. */
    Figures users(Window door) {
        Figures straight = TrafficFigures.ofDoor(door);
        Distribution answers = TrafficFigures.answers(door);
        double failed = straight.failedRate();
        long inFlight = straight.inFlight();
        for (Map.Entry<RunningEdge, EdgeFigures> entry : figures.entrySet()) {
            if (!isShield(entry.getKey())) {
                answers = answers.plus(entry.getValue().answers());
                failed += entry.getValue().traffic().failedRate();
            }
        }
        return Figures.of(answers, door.seconds(), failed * door.seconds(), inFlight, straight.total() + edges.totals().requests());
    }

    Totals totals(Window door) {
        Totals straight = TrafficFigures.totals(door.to());
        EdgeTotals ofEdges = edges.totals();
        return new Totals(straight.requests() + ofEdges.requests(), straight.failed() + ofEdges.failed());
    }

    private static boolean isShield(RunningEdge edge) {
        return edge.name().equals(EdgeDoor.SHIELD);
    }
}
