package dev.banyan.postgres;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members at one time, with the replicas by index and by slot of their group. Immutable. */
final class Roster {
    /** The most replicas: a slot of the group is a bit of a long. */
    static final int MOST = Long.SIZE;

    static final Roster EMPTY = new Roster(new Cluster(0, Optional.empty(), List.of(), false), List.of());

    private final Cluster cluster;
    private final Replica[] replicas;
    private final Replica[] bySlot = new Replica[MOST];
    private final long all;

    private Roster(Cluster cluster, List<Replica> replicas) {
        this.cluster = cluster;
        this.replicas = replicas.toArray(Replica[]::new);
        long bits = 0;
        for (Replica replica : replicas) {
            bySlot[replica.server().slot()] = replica;
            bits |= replica.server().slotBit();
        }
        this.all = bits;
    }

    /** The roster of another cluster: who stays a replica keeps its counters and its standing. */
    Roster next(Cluster next, ServerGroup group, long nowNanos) {
        for (Replica replica : replicas) {
            if (!next.replicas().contains(replica.member())) {
                group.remove(replica.server());
            }
        }
        List<Replica> staying = new ArrayList<>();
        for (Member member : next.replicas()) {
            if (staying.size() < MOST) {
                staying.add(of(member).orElseGet(() -> join(member, group, nowNanos)));
            }
        }
        return new Roster(next, staying);
    }

    private static Replica join(Member member, ServerGroup group, long nowNanos) {
        return new Replica(member, group.add(member.name(), member.address(), 1, true, nowNanos), nowNanos);
    }

    Optional<Replica> of(Member member) {
        for (Replica replica : replicas) {
            if (replica.member().equals(member)) {
                return Optional.of(replica);
            }
        }
        return Optional.empty();
    }

    Cluster cluster() {
        return cluster;
    }

    int size() {
        return replicas.length;
    }

    Replica replica(int index) {
        return replicas[index];
    }

    /** How many of them may get reads now. */
    int fit() {
        int fit = 0;
        for (Replica replica : replicas) {
            fit += replica.standing().fit() ? 1 : 0;
        }
        return fit;
    }

    /** The slots of all. */
    long all() {
        return all;
    }

    /** The replica that this server of the group is; null when it is none of these. */
    Replica at(Server server) {
        Replica replica = server.slot() < MOST ? bySlot[server.slot()] : null;
        return replica != null && replica.server() == server ? replica : null;
    }

    boolean has(Replica replica) {
        return replica != null && at(replica.server()) == replica;
    }
}
