package dev.banyan.photos;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The latest of what someone likes or follows. Only a list with room left is known to be all of it. */
record Ids(List<Long> ids) {
    /** As many as the cache's statements ask for. */
    static final int MOST = 1_000;

    Ids {
        ids = List.copyOf(ids);
    }

    boolean all() {
        return ids.size() < MOST;
    }

    Set<Long> among(Collection<Long> wanted) {
        return ids.stream().filter(wanted::contains).collect(Collectors.toSet());
    }
}
