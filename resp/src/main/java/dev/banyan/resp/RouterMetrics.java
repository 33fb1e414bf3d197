package dev.banyan.resp;

import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;

/** The router's figures in the registry: counts of the loops, added up when they are read. */
record RouterMetrics(Registry registry, RespRouter router) {
    void observe() {
        registry.gauge("banyan_cache_clients", "Connections of clients of the cache router.", Labels.NONE, () -> router.figures().clients());
        registry.total("banyan_cache_commands_total", "Commands of clients of the cache router.", Labels.NONE, () -> router.figures().commands());
        registry.total("banyan_cache_declared_commands_total", "Of them, those on keys of declared prefixes.", Labels.NONE, () -> router.figures().declared());
        registry.total("banyan_cache_near_hits_total", "Reads answered by the router's own copy of a hot key.", Labels.NONE, () -> router.figures().nearHits());
        registry.gauge("banyan_cache_near_bytes", "Memory of the copies of hot keys.", Labels.NONE, () -> router.figures().nearBytes());
        registry.total("banyan_cache_down_total", "Commands whose node was down, by what was answered.", Labels.of("answer", "error"), () -> router.figures().failed());
        registry.total("banyan_cache_down_total", "Commands whose node was down, by what was answered.", Labels.of("answer", "miss"), () -> router.figures().missed());
        registry.gauge("banyan_cache_nodes_down", "Nodes of the cache that cannot be reached.", Labels.NONE, () -> router.down().size());
    }
}
