package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.console.Site.Arrow;
import dev.banyan.console.Site.Fact;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.console.Site.Region;
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
import java.util.stream.Stream;

/** The edges as the console draws them, and what users see of the site through them: a picture of one moment. */
final class EdgeNodes {
    static final String TIER = "edge";
    static final List<String> TIERS = List.of(TIER, EdgeDoor.SHIELD);

    private final SiteEdges edges;
    private final List<RemoteEdges.Standing> remote;
    private final EdgeTotals remoteTotals;
    private final Map<RunningEdge, EdgeFigures> figures = new LinkedHashMap<>();

    EdgeNodes(SiteEdges edges, RemoteEdges remote) {
        this.edges = edges;
        this.remote = remote.standing();
        this.remoteTotals = remote.totals();
        edges.running().forEach(edge -> figures.put(edge, edge.figures()));
    }

    List<Node> nodes() {
        return Stream.concat(figures.entrySet().stream().map(entry -> node(entry.getKey(), entry.getValue())), remote.stream().map(EdgeNodes::node)).toList();
    }

    /** Each edge of another machine is a place of its own: where that is, nobody says. */
    List<Region> regions() {
        return remote.stream().map(edge -> new Region(edge.name(), edge.name())).toList();
    }

    /** One of another machine. */
    private static Node node(RemoteEdges.Standing edge) {
        EdgeLetters.Seen of = edge.seen();
        return new Node(edge.name(), TIER, Kind.EDGE, edge.name(), edge.address(), edge.away() ? Health.DOWN : Health.UP, gauge(of), edge.away() ? "has not reported for a while; it may go on serving what it has" : "",
                Optional.of(edge.away() ? Figures.NONE : of.traffic()), facts(of), Optional.empty(), false, false).in(edge.name());
    }

    private Node node(RunningEdge edge, EdgeFigures of) {
        boolean shield = isShield(edge);
        String where = edges.listens(edge.name()).map(at -> "http://" + at).orElse(shield ? "between the edges and the front door" : "beside the front door");
        return new Node(edge.name(), shield ? EdgeDoor.SHIELD : TIER, Kind.EDGE, edge.name(), where, edge.answers() ? Health.UP : Health.SICK, gauge(EdgeLetters.Seen.of(of)), edge.answers() ? "" : "does not answer: new connections pass it by",
                Optional.of(of.traffic()), facts(EdgeLetters.Seen.of(of)), Optional.of("access-" + edge.name()), false, false);
    }

    private static String gauge(EdgeLetters.Seen of) {
        return of.traffic().total() == 0 ? "nothing asked yet" : percent(hitRatio(of)) + " hits";
    }

    private static List<Fact> facts(EdgeLetters.Seen of) {
        return List.of(
                new Fact("hit ratio", percent(hitRatio(of))),
                new Fact("asked behind it", String.format(Locale.ROOT, "%,d of %,d requests", of.asked(), of.traffic().total())),
                new Fact("stored", String.format(Locale.ROOT, "%,d responses, %,.1f MB", of.responses(), of.bytes() / 1e6)),
                new Fact("evicted", String.format(Locale.ROOT, "%,d", of.evictions())),
                new Fact("connections", Integer.toString(of.connections())));
    }

    /** Of its requests, the share that it answered by itself: 0 to 1. */
    private static double hitRatio(EdgeLetters.Seen of) {
        return of.traffic().total() == 0 ? 0 : Math.max(0, 1 - (double) of.asked() / of.traffic().total());
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
        remote.forEach(edge -> {
            arrows.add(new Arrow(users, edge.name(), "HTTP", Optional.of(edge.seen().traffic())));
            arrows.add(new Arrow(edge.name(), door, "HTTP with TLS", Optional.of(edge.seen().fetches())));
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
        return Figures.of(answers, door.seconds(), failed * door.seconds(), inFlight, straight.total() + edges.totals().requests() + remoteTotals.requests());
    }

    Totals totals(Window door) {
        Totals straight = TrafficFigures.totals(door.to());
        EdgeTotals ofEdges = edges.totals().plus(remoteTotals);
        return new Totals(straight.requests() + ofEdges.requests(), straight.failed() + ofEdges.failed());
    }

    private static boolean isShield(RunningEdge edge) {
        return edge.name().equals(EdgeDoor.SHIELD);
    }
}
