package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static dev.banyan.http.cache.Stored.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Edge.Eviction;
import org.junit.jupiter.api.Test;

/** What a store counts is to be had as metrics. */
class StoreMetricsTest {
    @Test
    void aStoresFiguresAreMetrics() {
        Registry registry = new Registry(Clock.system());
        try (ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(1 << 20, 1 << 20, Eviction.LRU))) {
            StoreMetrics.observe(registry, store, "edge-1");
            put(store, key("/a"), head(), "hello");
            store.lookup(key("/a"));
            assertThat(registry.snapshot().families()).containsKeys("banyan_edge_stored_responses", "banyan_edge_lookups_total", "banyan_edge_disk_off");
            assertThat(registry.snapshot().total("banyan_edge_lookups_total", Labels.of("found", "yes"))).isEqualTo(1);
            assertThat(store.figures().bytes()).isBetween(700L, 1_500L);
        }
    }
}
