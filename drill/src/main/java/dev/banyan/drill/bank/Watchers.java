package dev.banyan.drill.bank;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Asks each server that there is or comes to be, over and over, whether it takes writes: no two may at once. Used by one thread. */
public final class Watchers {
    private final Supplier<List<Server>> servers;
    private final Optional<String> allowRemote;
    private final Loops loops;
    private final Clock clock;
    private final BooleanSupplier over;
    private final Map<String, PrimaryWatch> watches = new LinkedHashMap<>();

    /**
     * @param servers all that there are now; asked again and again, for there may be new ones
     * @param over ends the watching
     */
    public Watchers(Supplier<List<Server>> servers, Optional<String> allowRemote, Loops loops, Clock clock, BooleanSupplier over) {
        this.servers = servers;
        this.allowRemote = allowRemote;
        this.loops = loops;
        this.clock = clock;
        this.over = over;
    }

    /** Begins to watch those that are new. */
    public void look() {
        for (Server server : servers.get()) {
            watches.computeIfAbsent(server.name(), _ -> {
                PrimaryWatch watch = new PrimaryWatch(server, allowRemote, clock, over);
                loops.blocking().execute(watch);
                return watch;
            });
        }
    }

    /** How often a server has answered. */
    public long answers() {
        return watches.values().stream().mapToLong(PrimaryWatch::answers).sum();
    }

    /** A sentence for each two servers that were primaries at the same time. */
    public List<String> doubles() {
        return doubles(watches.values().stream().flatMap(watch -> watch.reigns().stream()).toList());
    }

    static List<String> doubles(List<Reign> reigns) {
        List<String> doubles = new ArrayList<>();
        for (int i = 0; i < reigns.size(); i++) {
            for (Reign other : reigns.subList(i + 1, reigns.size())) {
                Reign one = reigns.get(i);
                if (one.overlaps(other)) {
                    long nanos = Math.min(one.untilNanos(), other.untilNanos()) - Math.max(one.fromNanos(), other.fromNanos());
                    doubles.add(one.server() + " and " + other.server() + " both took writes for " + nanos / 1_000_000 + " ms");
                }
            }
        }
        return doubles;
    }
}
