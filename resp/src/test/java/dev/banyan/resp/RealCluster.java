package dev.banyan.resp;

import dev.banyan.resp.wire.Slots;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.Secret;
import java.util.ArrayList;
import java.util.List;

/** A Redis Cluster for a test: primaries without replicas that share the slots evenly. Closing ends them. */
public final class RealCluster implements AutoCloseable {
    private final List<RealRedis> nodes = new ArrayList<>();

    private RealCluster() {}

    /** Starts it, and waits until each of its nodes has a whole picture of it. */
    public static RealCluster start(int primaries) {
        RealCluster cluster = new RealCluster();
        try {
            List<Integer> buses = new ArrayList<>();
            for (int i = 0; i < primaries; i++) {
                buses.add(FreePort.choose());
                cluster.nodes.add(RealRedis.start("--cluster-enabled", "yes", "--cluster-port", "" + buses.getLast(), "--cluster-node-timeout", "30000"));
            }
            cluster.form(buses);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void form(List<Integer> buses) {
        int count = nodes.size();
        for (int i = 0; i < count; i++) {
            say(i, "CLUSTER ADDSLOTSRANGE " + Slots.COUNT * i / count + " " + (Slots.COUNT * (i + 1) / count - 1));
            say(i, "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
        }
        for (int i = 1; i < count; i++) {
            say(0, "CLUSTER MEET 127.0.0.1 " + nodes.get(i).at().port() + " " + buses.get(i));
        }
        for (int i = 0; i < count; i++) {
            int at = i;
            Await.until("all know each other", 60, () -> say(at, "CLUSTER INFO").contains("cluster_state:ok") && say(at, "CLUSTER SLOTS").split("127.0.0.1", -1).length == count + 1);
        }
    }

    private String say(int node, String command) {
        try (Talk talk = Talk.to(nodes.get(node).at())) {
            return talk.ask(command);
        }
    }

    public List<RealRedis> nodes() {
        return List.copyOf(nodes);
    }

    /** What a site file's cache.url says of it. */
    public NodesUrl url() {
        return NodesUrl.of(new Secret("redis-cluster://" + nodes.getFirst().at()));
    }

    @Override
    public void close() {
        nodes.forEach(RealRedis::close);
    }
}
