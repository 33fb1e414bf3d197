package dev.banyan.bench.balance;

/** A load-balancing algorithm under simulation. */
interface Subject {
    String name();

    /** The server, by index, that gets a request with that key. */
    int choose(long key, long workNanos, long nowNanos);

    /** A server has answered a request that was sent to it so long ago. */
    void ended(int server, long tookNanos, long nowNanos);

    /** Each simulated second. */
    default void tick(long nowNanos) {}
}
