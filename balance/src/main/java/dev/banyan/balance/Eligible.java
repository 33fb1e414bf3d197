package dev.banyan.balance;

import java.util.HashMap;
import java.util.Map;

/** The servers that may get requests now and the algorithm over them: immutable, replaced as a whole, read by all threads without a lock. */
final class Eligible {
    private final Members members;
    private final Policy policy;
    private final Map<String, Server> byName = new HashMap<>();

    Eligible(Members members, Policy policy) {
        this.members = members;
        this.policy = policy;
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

    /**
     * When the algorithm's own choice cannot be had: the least loaded that can. Looks again when another thread was quicker. Exclusion is a
     * wish: when every server that is open was tried, one of them is tried again.
     */
    private Choice leastLoaded(long excluded) {
        while (true) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            boolean busy = false;
            boolean tried = false;
            for (int i = 0; i < members.size(); i++) {
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
            if (best >= 0) {
                Server server = members.take(best, excluded);
                if (server != null) {
                    return server;
                }
            } else if (busy) {
                return Refusal.ALL_BUSY;
            } else if (tried) {
                excluded = 0;
            } else {
                return Refusal.NO_SERVERS;
            }
        }
    }
}
