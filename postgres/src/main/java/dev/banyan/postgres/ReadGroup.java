package dev.banyan.postgres;

import dev.banyan.balance.HealthChange;
import dev.banyan.balance.ServerGroup;
import dev.banyan.topology.DatabaseRouter.Reads;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.FrontDoor.LoadBound;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How the group of replicas is set up. Unlike application servers, replicas have a stand-in: when all are sick, reads go to the primary, so
 * all may be ejected and health is never ignored. Being sick is found out by asking them; the group itself goes by reads that fail.
 */
final class ReadGroup {
    /** Waiting in line is the pools' job. */
    private static final int NO_CAP = 1_000_000;

    private static final Health HEALTH = new Health(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, 5, new Share(0.5), 20,
            Duration.ofSeconds(2), new Share(1), new Share(0));

    private ReadGroup() {}

    static ServerGroup of(Reads reads, long seed, Consumer<HealthChange> changes) {
        return new ServerGroup(balance(reads), HEALTH, NO_CAP, seed, changes);
    }

    static void reconfigure(ServerGroup group, Reads reads) {
        group.reconfigure(balance(reads), HEALTH, NO_CAP);
    }

    /** A new replica's caches are cold: its share grows over ten seconds. */
    private static Balance balance(Reads reads) {
        return new Balance(reads.balance(), Optional.empty(), new LoadBound(1.25), Optional.empty(), Duration.ofSeconds(10));
    }
}
