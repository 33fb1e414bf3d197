package dev.banyan.cli;

import dev.banyan.engines.RedisFigures;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningRedis;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** Asks the embedded nodes of the cache each second what they hold, and puts it into the registry. Safe for any thread. */
final class CacheWatch implements AutoCloseable {
    static final String MEMORY = "banyan_cache_node_memory_bytes";
    static final String KEYS = "banyan_cache_node_keys";
    static final String COMMANDS = "banyan_cache_node_commands_total";
    static final String HITS = "banyan_cache_node_hits_total";
    static final String MISSES = "banyan_cache_node_misses_total";
    static final String EVICTED = "banyan_cache_node_evicted_total";

    private static final long EVERY_SECONDS = 1;
    private static final RedisFigures NOTHING = new RedisFigures(0, 0, 0, 0, 0, 0, 0);

    private final RedisServers nodes;
    private final Registry registry;
    private final ScheduledFuture<?> asking;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Map<String, RedisFigures> last = new ConcurrentHashMap<>();

    CacheWatch(RedisServers nodes, Registry registry, Loops loops) {
        this.nodes = nodes;
        this.registry = registry;
        this.asking = loops.control().scheduleWithFixedDelay(() -> {
            if (busy.compareAndSet(false, true)) {
                loops.blocking().execute(this::ask);
            }
        }, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void ask() {
        try {
            Set<String> gone = new HashSet<>(last.keySet());
            for (RunningRedis node : nodes.running()) {
                gone.remove(node.name());
                RedisFigures now = node.figures().orElse(NOTHING);
                if (last.put(node.name(), now) == null) {
                    observe(node.name());
                }
            }
            gone.forEach(this::forget);
        } finally {
            busy.set(false);
        }
    }

    private void observe(String node) {
        Labels labels = Labels.of("node", node);
        registry.gauge(MEMORY, "Memory of a cache node's data.", labels, of(node, RedisFigures::memory));
        registry.gauge(KEYS, "Keys of a cache node.", labels, of(node, RedisFigures::keys));
        registry.total(COMMANDS, "Commands that a cache node did, its own housekeeping of clients included.", labels, of(node, RedisFigures::commands));
        registry.total(HITS, "Reads of keys that a cache node had.", labels, of(node, RedisFigures::hits));
        registry.total(MISSES, "Reads of keys that a cache node did not have.", labels, of(node, RedisFigures::misses));
        registry.total(EVICTED, "Keys that a cache node gave up for want of memory.", labels, of(node, RedisFigures::evicted));
    }

    private DoubleSupplier of(String node, ToDoubleFunction<RedisFigures> figure) {
        return () -> figure.applyAsDouble(last.getOrDefault(node, NOTHING));
    }

    private void forget(String node) {
        last.remove(node);
        for (String name : new String[] {MEMORY, KEYS, COMMANDS, HITS, MISSES, EVICTED}) {
            registry.remove(name, Labels.of("node", node));
        }
    }

    @Override
    public void close() {
        asking.cancel(false);
        last.keySet().forEach(this::forget);
    }
}
