package dev.banyan.cache;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.List;

/** What is counted of one declared prefix; docs/metrics.md says what each tells. */
record CacheFigures(Counter hits, Counter negativeHits, Counter misses, Counter waits, Counter loads, Counter loadFailures, Histogram loadSeconds, Counter refusedFills,
        Counter refreshes, Counter writes, Counter invalidations, Counter compared, Counter different) {

    static List<CacheFigures> of(Registry registry, List<Rule> rules) {
        return rules.stream().map(rule -> of(registry, Labels.of("prefix", rule.prefix()))).toList();
    }

    private static CacheFigures of(Registry registry, Labels prefix) {
        return new CacheFigures(
                registry.counter("banyan_cache_hits_total", "Reads of declared keys answered by an entry.", prefix),
                registry.counter("banyan_cache_negative_hits_total", "Those of them answered that there is no such row.", prefix),
                registry.counter("banyan_cache_misses_total", "Reads of declared keys that had to wait for the database.", prefix),
                registry.counter("banyan_cache_coalesced_total", "Misses that another miss of the same key loaded for.", prefix),
                registry.counter("banyan_cache_loads_total", "Statements that loaded a value.", prefix),
                registry.counter("banyan_cache_load_failures_total", "Those of them that failed.", prefix),
                registry.histogram("banyan_cache_load_duration_seconds", "From asking for a connection to the value.", prefix),
                registry.counter("banyan_cache_refused_fills_total", "Loads that were older than a known change, and not stored.", prefix),
                registry.counter("banyan_cache_refreshes_total", "Values loaded anew before they were gone.", prefix),
                registry.counter("banyan_cache_writes_total", "Writes of declared keys.", prefix),
                registry.counter("banyan_cache_invalidations_total", "Changes told by the database's log, by key.", prefix),
                registry.counter("banyan_cache_compared_total", "Entries compared with their rows.", prefix),
                registry.counter("banyan_cache_different_total", "Those of them that were not the same, with no change under way; should stay 0.", prefix));
    }
}
