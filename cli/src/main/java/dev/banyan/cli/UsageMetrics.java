package dev.banyan.cli;

import dev.banyan.engines.ServerUsage;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How busy each server is: processor and memory of its processes, looked at every few seconds. Owned by one thread at a time. */
final class UsageMetrics {
    private final ServerUsage servers;
    private final Registry registry;
    private final Set<String> observed = new HashSet<>();
    private volatile Map<String, ServerUsage.Usage> last = Map.of();

    UsageMetrics(ServerUsage servers, Registry registry) {
        this.servers = servers;
        this.registry = registry;
    }

    /** Looks again; may block. */
    synchronized void look() {
        last = servers.look();
        for (String server : last.keySet()) {
            observed.add(server);
            observe(server); // each time: a server that left the balancer has had all its series removed, and may be back under its name
        }
        observed.removeIf(server -> {
            boolean gone = !last.containsKey(server);
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
        return last.getOrDefault(server, new ServerUsage.Usage(0, 0));
    }

    private static Labels labels(String server) {
        return Labels.of("server", server);
    }
}
