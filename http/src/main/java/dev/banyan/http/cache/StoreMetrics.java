package dev.banyan.http.cache;

import dev.banyan.http.cache.ResponseStore.DiskFigures;
import dev.banyan.http.cache.ResponseStore.Figures;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** A store's figures as metrics; they are read when they are asked for. */
public final class StoreMetrics {
    private final Registry registry;
    private final ResponseStore store;
    private final String edge;

    private StoreMetrics(Registry registry, ResponseStore store, String edge) {
        this.registry = registry;
        this.store = store;
        this.edge = edge;
    }

    /**
     * Registers them; {@link Registry#removeAll} with the label {@code edge} ends them.
     *
     * @param edge the edge's name
     */
    public static void observe(Registry registry, ResponseStore store, String edge) {
        StoreMetrics metrics = new StoreMetrics(registry, store, edge);
        metrics.memory();
        metrics.disk();
    }

    private void memory() {
        registry.gauge("banyan_edge_stored_responses", "Responses that an edge has stored.", tier("memory"), of(Figures::responses));
        registry.gauge("banyan_edge_stored_bytes", "What they take.", tier("memory"), of(Figures::bytes));
        registry.total("banyan_edge_evictions_total", "Responses that went for want of space.", tier("memory"), of(Figures::evictions));
        registry.gauge("banyan_edge_coming_bytes", "Memory of contents that are just coming.", Labels.of("edge", edge), of(Figures::coming));
        registry.gauge("banyan_edge_uncacheable_keys", "URLs remembered as not to be stored.", Labels.of("edge", edge), of(Figures::uncacheable));
        String lookups = "Lookups by what they found in memory.";
        registry.total("banyan_edge_lookups_total", lookups, Labels.of("edge", edge, "found", "yes"), of(Figures::hits));
        registry.total("banyan_edge_lookups_total", lookups, Labels.of("edge", edge, "found", "no"), of(Figures::misses));
        String offered = "Responses that were to be stored, by whether they were.";
        registry.total("banyan_edge_offered_total", offered, Labels.of("edge", edge, "stored", "yes"), of(Figures::admitted));
        registry.total("banyan_edge_offered_total", offered, Labels.of("edge", edge, "stored", "no"), of(Figures::rejected));
    }

    private void disk() {
        registry.gauge("banyan_edge_stored_responses", "Responses that an edge has stored.", tier("disk"), ofDisk(DiskFigures::responses));
        registry.gauge("banyan_edge_stored_bytes", "What they take.", tier("disk"), ofDisk(DiskFigures::bytes));
        registry.total("banyan_edge_evictions_total", "Responses that went for want of space.", tier("disk"), ofDisk(DiskFigures::evicted));
        String files = "Files of the disk tier by what became of them.";
        registry.total("banyan_edge_disk_files_total", files, what("written"), ofDisk(DiskFigures::written));
        registry.total("banyan_edge_disk_files_total", files, what("not-written"), ofDisk(DiskFigures::dropped));
        registry.total("banyan_edge_disk_files_total", files, what("recalled"), ofDisk(DiskFigures::recalled));
        registry.total("banyan_edge_disk_files_total", files, what("broken"), ofDisk(DiskFigures::corrupt));
        registry.gauge("banyan_edge_disk_off", "1 when the disk tier has turned itself off.", Labels.of("edge", edge), ofDisk(figures -> figures.off() ? 1 : 0));
    }

    private Labels tier(String tier) {
        return Labels.of("edge", edge, "tier", tier);
    }

    private Labels what(String what) {
        return Labels.of("edge", edge, "what", what);
    }

    private DoubleSupplier of(ToDoubleFunction<Figures> figure) {
        return () -> figure.applyAsDouble(store.figures());
    }

    private DoubleSupplier ofDisk(ToDoubleFunction<DiskFigures> figure) {
        return () -> figure.applyAsDouble(store.diskFigures());
    }
}
