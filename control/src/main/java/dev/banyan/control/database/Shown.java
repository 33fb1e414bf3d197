package dev.banyan.control.database;

import java.util.List;
import java.util.Optional;

/** What the router was told, in names: see {@link View}. */
record Shown(long epoch, Optional<String> primary, List<String> replicas) {
    static final Shown NOTHING = new Shown(0, Optional.empty(), List.of());

    Shown {
        replicas = List.copyOf(replicas);
    }

    Shown withoutPrimary() {
        return new Shown(epoch, Optional.empty(), replicas);
    }

    /** {@code db-2 for everything, db-3 and db-4 for reads}. */
    @Override
    public String toString() {
        return primary.map(name -> name + " for everything").orElse("no primary")
                + (replicas.isEmpty() ? "" : ", " + String.join(", ", replicas) + " for reads");
    }
}
