package dev.banyan.cli;

import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;

/** An edge's figures among the site's; each edge has a registry of its own, which only it writes to. */
record EdgeMetrics(Registry registry) {
    void observe(RunningEdge edge) {
        Labels labels = labels(edge);
        registry.total("banyan_edge_requests_total", "Requests that clients sent an edge.", labels, () -> EdgeTotals.of(edge).requests());
        registry.total("banyan_edge_failed_total", "Those answered with 5xx.", labels, () -> EdgeTotals.of(edge).failed());
        registry.total("banyan_edge_fetches_total", "Requests that an edge sent to the front door or the shield.", labels, () -> EdgeTotals.of(edge).asked());
        registry.gauge("banyan_edge_connections", "Connections of clients at an edge.", labels, edge::connections);
        registry.gauge("banyan_edge_answers", "1 while an edge answers its checks, else 0.", labels, () -> edge.answers() ? 1 : 0);
        edge.observeStore(registry);
    }

    void forget(RunningEdge edge) {
        registry.removeAll(labels(edge));
    }

    private static Labels labels(RunningEdge edge) {
        return Labels.of("edge", edge.name());
    }
}
