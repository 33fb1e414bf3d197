package dev.banyan.resp.clients;

import dev.banyan.resp.RealRedis;
import dev.banyan.topology.HostPort;
import java.util.List;

/** What a client's commands go through. The scenarios hold for a Redis itself first: what fails there is the scenario's own fault. */
enum Way {
    DIRECT("straight to Redis", 1);

    private final String words;
    private final int nodes;

    Way(String words, int nodes) {
        this.words = words;
        this.nodes = nodes;
    }

    @Override
    public String toString() {
        return words;
    }

    /** Whether keys without a common tag may be on different nodes. */
    boolean several() {
        return nodes > 1;
    }

    /** Starts what is needed. */
    Place open() {
        List<RealRedis> redis = java.util.stream.IntStream.range(0, nodes).mapToObj(_ -> RealRedis.start()).toList();
        return new Place(redis.getFirst().at(), redis);
    }

    /**
     * Where clients connect to.
     *
     * @param open all that has been started, in the order in which it is ended
     */
    record Place(HostPort at, List<? extends AutoCloseable> open) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }
}
