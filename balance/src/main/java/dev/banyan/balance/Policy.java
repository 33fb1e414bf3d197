package dev.banyan.balance;

import dev.banyan.topology.FrontDoor.Balance;

/** A load-balancing algorithm over one immutable set of servers. Called by many threads at once: neither locks nor allocates. */
interface Policy {
    /**
     * Chooses a server that is not excluded and takes a place at it.
     *
     * @param key read by hash algorithms only
     * @param excluded {@link Server#slotBit}s
     * @return null when its choice could not be had (full, excluded, closed meanwhile); the caller then takes the least loaded that can
     */
    Server choose(RequestKey key, long excluded);

    /** Whom it would choose of all now, though that one may have no place, by what it knows: changes nothing. */
    Foreseen foresee(RequestKey key);

    /** Memory of what was computed ahead, such as a ring or a cycle. */
    default long bytes() {
        return 0;
    }

    /** The algorithm that is configured, over these servers. {@code turns} goes on where the last set's left off. */
    static Policy of(Balance balance, Members members, Dice dice, Turns turns) {
        return switch (balance.algorithm()) {
            case ROUND_ROBIN -> new RoundRobin(members, turns);
            case LEAST_CONNECTIONS -> new Least(members, dice, new LeastConnections());
            case LEAST_RESPONSE_TIME -> new Least(members, dice, new LeastResponseTime());
            case POWER_OF_TWO -> new PowerOfTwo(members, dice);
            case HASH -> new HashModulo(members);
            case CONSISTENT_HASH -> new ConsistentHash(members, balance.bound().factor());
        };
    }
}
