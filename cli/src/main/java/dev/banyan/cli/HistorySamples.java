package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.console.Site;
import dev.banyan.telemetry.Window;
import dev.banyan.telemetry.history.Fold;
import dev.banyan.telemetry.history.KeptSeries;
import dev.banyan.telemetry.history.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the history keeps of a step, put together series by series. Latencies are kept only of steps with answers, for a p99 of no answer is not 0. Owned by one
 * thread.
 */
final class HistorySamples {
    private final List<Sample> samples = new ArrayList<>();

    List<Sample> all() {
        return samples;
    }

    /** Of every node and arrow that has figures. */
    HistorySamples add(Site site) {
        site.nodes().forEach(node -> node.figures().ifPresent(figures -> add(node.id(), figures)));
        site.arrows().forEach(arrow -> arrow.figures().ifPresent(figures -> add(arrow.from() + ">" + arrow.to(), figures)));
        return this;
    }

    private void add(String target, Figures figures) {
        add(target, "rate", "requests a second", "1/s", Fold.MEAN, figures.rate());
        add(target, "failed", "failed requests a second", "1/s", Fold.MAX, figures.failedRate());
        add(target, "in_flight", "requests in flight", "", Fold.MAX, figures.inFlight());
        add(target, "p50", "half of the answers took at most", "ms", Fold.MEAN, measured(figures.p50Millis(), figures));
        add(target, "p95", "95 in 100 answers took at most", "ms", Fold.MAX, measured(figures.p95Millis(), figures));
        add(target, "p99", "99 in 100 answers took at most", "ms", Fold.MAX, measured(figures.p99Millis(), figures));
    }

    private static double measured(double millis, Figures figures) {
        return figures.rate() > 0 && millis > 0 ? millis : Double.NaN;
    }

    /** What the edges, the replicas and the cache tell besides. */
    HistorySamples add(Site site, Window window) {
        DatabaseFigures database = new DatabaseFigures(window);
        CacheFigures cache = new CacheFigures(window);
        for (Site.Node node : site.nodes()) {
            String id = node.id();
            switch (node.kind()) {
                case REPLICA -> add(id, "lag", "behind the primary", "s", Fold.MAX, database.lagSeconds(id));
                case CACHE -> hits(id, cache.hitShare(id));
                case EDGE -> hits(id, hitShare(node, site));
                case ROUTER -> hits(id, id.equals(CachePicture.ROUTER) ? cache.hitShare() : Double.NaN);
                case USERS, DNS, FRONT_DOOR, APPLICATION, DATABASE, QUEUE, WORKER, OTHER -> { /* nothing besides */ }
            }
        }
        return this;
    }

    /** Of an edge's requests the share that it did not ask for behind it. */
    private static double hitShare(Site.Node edge, Site site) {
        double asked = edge.figures().map(Figures::rate).orElse(0.0);
        double behind = site.arrows().stream().filter(arrow -> arrow.from().equals(edge.id())).flatMap(arrow -> arrow.figures().stream()).mapToDouble(Figures::rate).sum();
        return asked == 0 ? Double.NaN : Math.max(0, 1 - behind / asked);
    }

    private void hits(String target, double share) {
        add(target, "hits", "share of hits", "share", Fold.MEAN, share);
    }

    /** What a server's processes take. */
    HistorySamples add(String target, double cores, double bytes) {
        add(target, "cpu", "processor cores in use", "cores", Fold.MEAN, cores);
        return add(target, "memory", "memory in use", "bytes", Fold.MEAN, bytes);
    }

    private HistorySamples add(String target, String what, String title, String unit, Fold fold, double value) {
        samples.add(new Sample(new KeptSeries(target + "." + what, title, unit, Optional.of(target), fold), value));
        return this;
    }
}
