package dev.banyan.bench.balance;

import dev.banyan.balance.Choice;
import dev.banyan.balance.Outcome;
import dev.banyan.balance.Refusal;
import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.FrontDoor.LoadBound;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Banyan's own {@link ServerGroup}, the code that runs in the front door. */
final class GroupSubject implements Subject {
    private static final int CAP = 1_000_000;

    private final String name;
    private final ServerGroup group;
    private final Server[] servers;

    private GroupSubject(String name, ServerGroup group, int[] weights) {
        this.name = name;
        this.group = group;
        this.servers = new Server[weights.length];
        for (int i = 0; i < weights.length; i++) {
            servers[i] = group.add("web-" + i, new HostPort("127.0.0.1", 1 + i), weights[i], true, 0);
        }
    }

    /** @param bound of consistent hash; 0 is none */
    static GroupSubject of(Algorithm algorithm, double bound, int[] weights, long seed) {
        Balance balance = new Balance(algorithm, Optional.empty(), new LoadBound(bound), Optional.empty(), Duration.ZERO);
        Duration second = Duration.ofSeconds(1);
        Health health = new Health(second, second, 2, 3, 0, new Share(0), 20, second, new Share(0), new Share(0));
        String name = algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String bounded = algorithm == Algorithm.CONSISTENT_HASH ? bound == 0 ? ", unbounded" : ", bound " + Math.round(bound * 100) + "%" : "";
        return new GroupSubject(name + bounded, new ServerGroup(balance, health, CAP, seed, change -> {}), weights);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        Choice choice = group.choose(() -> key, 0, nowNanos);
        return switch (choice) {
            case Server server -> server.slot();
            case Refusal refusal -> throw new IllegalStateException(name + " refused a request: " + refusal);
        };
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {
        servers[server].answered(tookNanos, nowNanos);
        servers[server].finish(Outcome.OK, nowNanos);
    }

    @Override
    public void tick(long nowNanos) {
        group.tick(nowNanos);
    }

    long tableBytes() {
        return group.tableBytes();
    }
}
