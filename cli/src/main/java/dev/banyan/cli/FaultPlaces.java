package dev.banyan.cli;

import dev.banyan.console.Site.Arrow;
import dev.banyan.engines.StateFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Everything of a running site that can be broken on purpose: its servers, its edges, and the arrows one end of which is Banyan's. Safe for any thread. */
final class FaultPlaces implements Supplier<List<FaultPlace>> {
    private static final String REPLICATION = Arrow.replication("", "").protocol();

    private final StateFolder folder;
    private final Supplier<List<Arrow>> arrows;
    private final SiteEdges edges;
    private final ArrowWays ways;

    FaultPlaces(StateFolder folder, Supplier<List<Arrow>> arrows, SiteEdges edges, ArrowWays ways) {
        this.folder = folder;
        this.arrows = arrows;
        this.edges = edges;
        this.ways = ways;
    }

    @Override
    public List<FaultPlace> get() {
        List<FaultPlace> places = new ArrayList<>(ServerFaults.all(folder));
        edges.running().forEach(edge -> places.add(new EdgeFaults(edge, ways)));
        arrows.get().forEach(arrow -> {
            if (arrow.protocol().equals(REPLICATION)) {
                places.add(new ReplicationFaults(folder, arrow.from(), arrow.to()));
            } else {
                ways.of(arrow.from(), arrow.to()).ifPresent(way -> places.add(new ArrowFaults(arrow.from(), arrow.to(), way)));
            }
        });
        return places;
    }
}
