package dev.banyan.balance;

import java.util.HashMap;
import java.util.Map;

/** The servers that may get requests now and the algorithm over them: immutable, replaced as a whole, read by all threads without a lock. */
final class Eligible {
    private final Members members;
    private final Policy policy;
    private final Dice dice;
    private final Map<String, Server> byName = new HashMap<>();

    Eligible(Members members, Policy policy, Dice dice) {
        this.members = members;
        this.policy = policy;
        this.dice = dice;
        for (int i = 0; i < members.size(); i++) {
            byName.put(members.server(i).name(), members.server(i));
        }
    }

    Choice choose(RequestKey key, long excluded) {
        if (members.size() == 0) {
            return Refusal.NO_SERVERS;
        }
        Server server = policy.choose(key, excluded);
        return server != null ? server : leastLoaded(excluded);
    }

    Choice named(String name, long excluded) {
        Server server = byName.get(name);
        if (server == null || (excluded & server.slotBit()) != 0) {
            return Refusal.NO_SERVERS;
        }
        if (server.occupancy.tryTake(members.cap())) {
            return server;
        }
        return server.occupancy.open() ? Refusal.ALL_BUSY : Refusal.NO_SERVERS;
    }

    long bytes() {
        return policy.bytes();
    }

    /**
     * When the algorithm's own choice cannot be had: the least loaded that can. Looks again when another thread was quicker. Exclusion is a
     * wish: when every server that is open was tried, one of them is tried again.
     */
    private Choice leastLoaded(long excluded) {
        int start = Hash64.index(dice.roll(), members.size());
        while (true) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            boolean busy = false;
            boolean tried = false;
            for (int n = 0, i = start; n < members.size(); n++, i = i + 1 == members.size() ? 0 : i + 1) {
                Server server = members.server(i);
                if (!server.occupancy.open()) {
                    continue;
                }
                if ((excluded & server.slotBit()) != 0) {
                    tried = true;
                } else if (server.inFlight() >= members.cap()) {
                    busy = true;
                } else if (members.load(i) < least) {
                    best = i;
                    least = members.load(i);
                }
            }
            if (best < 0 && (busy || !tried)) {
                return busy ? Refusal.ALL_BUSY : Refusal.NO_SERVERS;
            }
            Server server = best < 0 ? null : members.take(best, excluded);
            if (server != null) {
                return server;
            }
            excluded = best < 0 ? 0 : excluded;
        }
    }
}
