package dev.banyan.balance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** Whom {@link #choose} would choose, or {@link #named} by a name that is not "": a sentence each time. */
    Forecast foresee(RequestKey key, String stayWith) {
        Server known = byName.get(stayWith);
        if (known != null && known.occupancy.open() && known.inFlight() < members.cap()) {
            return forecast(known, "its client stays with it (front-door.balance.sticky-cookie)");
        }
        if (members.size() == 0) {
            return new Forecast(Optional.empty(), "no server may get requests now: it is answered 503", List.of());
        }
        Foreseen own = policy.foresee(key);
        Server chosen = members.server(own.index());
        if (members.hasRoom(own.index(), members.cap())) {
            return forecast(chosen, own.why());
        }
        int other = leastLoadedWithRoom();
        return other < 0
                ? new Forecast(Optional.empty(), "every server has as many requests as it may have (" + members.cap() + ", front-door.limits.per-server): it waits for a place", List.of())
                : forecast(members.server(other), "it is the least busy; " + chosen.name() + " would be the one, but has as many requests as it may have (" + members.cap() + ")");
    }

    private static Forecast forecast(Server server, String why) {
        return new Forecast(Optional.of(server.name()), why, List.of());
    }

    private int leastLoadedWithRoom() {
        int best = -1;
        for (int i = 0; i < members.size(); i++) {
            boolean less = members.hasRoom(i, members.cap()) && (best < 0 || members.load(i) < members.load(best));
            best = less ? i : best;
        }
        return best;
    }

    boolean has(Server server) {
        return byName.get(server.name()) == server;
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
