package dev.banyan.cli;

import dev.banyan.engines.ServerUsage;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How busy each server is: processor and memory of its processes, for metrics, the history and plans. Looked at every few seconds by one thread at a time;
 * read by any.
 */
final class SiteUsage {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final ServerUsage servers;
    private final Registry registry;
    private final Clock clock;
    private final Set<String> observed = new HashSet<>();
    private volatile Look last = new Look(0, Map.of(), Map.of());

    /**
     * What a server uses.
     *
     * @param cores processor time a second between the last two looks; NaN when it was seen but once
     */
    record Use(double cores, long memoryBytes) {}

    private record Look(long nanos, Map<String, ServerUsage.Usage> usages, Map<String, Use> uses) {}

    private SiteUsage(ServerUsage servers, Registry registry, Clock clock) {
        this.servers = servers;
        this.registry = registry;
        this.clock = clock;
    }

    /** Looks from now on. */
    static SiteUsage open(Ground ground) {
        SiteUsage usage = new SiteUsage(new ServerUsage(ground.folder()), ground.registry(), ground.clock());
        ground.every(Duration.ofSeconds(1), EVERY, usage::look);
        return usage;
    }

    private synchronized void look() {
        Look before = last;
        Map<String, ServerUsage.Usage> usages = servers.look();
        long now = clock.nanos();
        Map<String, Use> uses = new HashMap<>();
        usages.forEach((server, usage) -> uses.put(server, new Use(cores(before, server, usage, now), usage.memoryBytes())));
        last = new Look(now, usages, uses);
        observe(usages.keySet());
    }

    private static double cores(Look before, String server, ServerUsage.Usage usage, long now) {
        ServerUsage.Usage was = before.usages.get(server);
        return was == null || usage.cpuNanos() < was.cpuNanos() ? Double.NaN : (usage.cpuNanos() - was.cpuNanos()) / (double) (now - before.nanos);
    }

    /** Of each that ran at the last look, by its name. */
    Map<String, Use> uses() {
        return last.uses;
    }

    /** Of a server and everything that it has started, bytes; one that was not seen yet is looked at now. Empty when the system does not tell. */
    OptionalLong memory(String server) {
        Optional<ServerUsage.Usage> seen = Optional.ofNullable(last.usages.get(server)).or(() -> now(server));
        return seen.map(usage -> OptionalLong.of(usage.memoryBytes())).orElse(OptionalLong.empty());
    }

    private synchronized Optional<ServerUsage.Usage> now(String server) {
        return Optional.ofNullable(servers.look().get(server));
    }

    private void observe(Set<String> running) {
        observed.addAll(running);
        running.forEach(this::observe); // each time: a server that left the balancer has had all its series removed, and may be back under its name
        observed.removeIf(server -> {
            boolean gone = !running.contains(server);
            if (gone) {
                registry.remove("banyan_process_cpu_seconds_total", labels(server));
                registry.remove("banyan_process_memory_bytes", labels(server));
            }
            return gone;
        });
    }

    private void observe(String server) {
        registry.total("banyan_process_cpu_seconds_total", "Processor time of a server's processes, with everything below them.", labels(server), () -> of(server).cpuNanos() / 1e9);
        registry.gauge("banyan_process_memory_bytes", "Their memory that is in RAM; what they share counts once.", labels(server), () -> of(server).memoryBytes());
    }

    private ServerUsage.Usage of(String server) {
        return last.usages.getOrDefault(server, new ServerUsage.Usage(0, 0));
    }

    private static Labels labels(String server) {
        return Labels.of("server", server);
    }
}
