package dev.banyan.postgres;

import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How far each replica is behind, as figures. Owned by one loop; what it registers is read by any thread. */
final class ReplicaFigures {
    private static final String BYTES = "banyan_replica_lag_bytes";
    private static final String SECONDS = "banyan_replica_lag_seconds";
    private static final String FIT = "banyan_replica_gets_reads";

    private final Optional<Registry> registry;
    private final Supplier<Sample> primary;
    private final Set<Replica> shown = new HashSet<>();

    /** @param primary the last sample of the primary, or null */
    ReplicaFigures(Optional<Registry> registry, Supplier<Sample> primary) {
        this.registry = registry;
        this.primary = primary;
    }

    /** From its first sample on. */
    void show(Replica replica) {
        if (registry.isEmpty() || !shown.add(replica)) {
            return;
        }
        Labels labels = labels(replica.member());
        registry.get().gauge(BYTES, "Log of the primary that the replica has not replayed.", labels, () -> bytes(replica));
        registry.get().gauge(SECONDS, "How long there has been something that the replica has not.", labels, () -> replica.standing().lagNanos() / 1e9);
        registry.get().gauge(FIT, "1 while reads may go to the replica, else 0.", labels, () -> replica.standing().fit() ? 1 : 0);
    }

    void remove(Member member) {
        shown.removeIf(replica -> replica.member().equals(member));
        registry.ifPresent(all -> {
            all.remove(BYTES, labels(member));
            all.remove(SECONDS, labels(member));
            all.remove(FIT, labels(member));
        });
    }

    private double bytes(Replica replica) {
        Sample sample = replica.standing().sample();
        Sample of = primary.get();
        return sample == null || of == null ? 0 : Math.max(0, of.position() - sample.position());
    }

    private static Labels labels(Member member) {
        return Labels.of("server", member.name());
    }
}
