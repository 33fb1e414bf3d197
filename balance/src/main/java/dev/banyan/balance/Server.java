package dev.banyan.balance;

import dev.banyan.topology.HostPort;

/**
 * One server of a {@link ServerGroup}. Its counters are shared by all threads; its health belongs to the group's lock and is published to readers.
 *
 * <p>A request's life: {@link ServerGroup#choose} takes a place, {@link #answered} when the answer begins, {@link #finish} gives the place
 * back, once. When the answer makes a tunnel (101, CONNECT), {@link #becameTunnel} gives the place back instead, for a tunnel may live for days,
 * and {@link #finishTunnel} ends it. A request that ended twice is a bug of the caller and throws.
 */
public final class Server implements Choice {
    final Occupancy occupancy = new Occupancy();
    final Tally tally = new Tally();
    final ResponseTime responseTime = new ResponseTime();
    final Standing standing;

    private final ServerGroup group;
    private final int slot;
    private final String name;
    private final HostPort address;
    private volatile int weight;
    private volatile ServerState state;
    private volatile long sinceNanos;
    private volatile String lastCheckFailure = "";

    Server(ServerGroup group, int slot, String name, HostPort address, int weight, Standing standing) {
        this.group = group;
        this.slot = slot;
        this.name = name;
        this.address = address;
        this.weight = weight;
        this.standing = standing;
        this.state = standing.state();
    }

    /** A small index of its own in the group. Another server may get it once this one is removed and its last request has ended. */
    public int slot() {
        return slot;
    }

    /** The bit of its {@link #slot} in a set of excluded servers; in a group of more than 64 some share one. */
    public long slotBit() {
        return 1L << slot;
    }

    public String name() {
        return name;
    }

    public HostPort address() {
        return address;
    }

    /** Requests that were chosen and have neither finished nor become tunnels. */
    public int inFlight() {
        return occupancy.held();
    }

    /** Open tunnels; they are not in flight and do not count against the cap. */
    public int tunnels() {
        return occupancy.tunnels();
    }

    /** The first byte of an answer was seen {@code ttfbNanos} after the request was sent. */
    public void answered(long ttfbNanos, long nowNanos) {
        responseTime.observe(ttfbNanos, nowNanos);
    }

    /**
     * Ends a request, exactly once for each choice: gives its place back, and passive health learns.
     *
     * @throws IllegalStateException when none is in flight: a request was ended twice
     */
    public void finish(Outcome outcome, long nowNanos) {
        giveBack();
        long inARow = tally.count(outcome);
        if (inARow > 0) {
            group.requestFailed(this, inARow, outcome, nowNanos);
        }
    }

    /** The request was answered by a tunnel, which {@link #finishTunnel} will end instead of {@link #finish}. */
    public void becameTunnel() {
        occupancy.addTunnel();
        giveBack();
        tally.count(Outcome.OK);
    }

    /** Ends a tunnel. How it ended says nothing about the server. */
    public void finishTunnel() {
        if (!occupancy.endTunnel()) {
            throw new IllegalStateException("a tunnel of " + this + " was ended twice: none is open");
        }
    }

    /** Requests that ended since it was added, without those whose client left. */
    public long requests() {
        return tally.requests();
    }

    /** Those of {@link #requests} that failed. */
    public long failures() {
        return tally.failures();
    }

    /** The average time to first byte in nanoseconds; 0 before the first answer. */
    public double responseTimeNanos() {
        return responseTime.averageNanos();
    }

    /** Its configured share beside the others, 1 to 1000. */
    public int weight() {
        return weight;
    }

    public ServerState state() {
        return state;
    }

    /** Since when it has been in its {@link #state}, by the clock of the group's callers. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Why its last failed check failed; empty when none has. */
    public String lastCheckFailure() {
        return lastCheckFailure;
    }

    void weigh(int newWeight) {
        weight = newWeight;
    }

    void checkFailed(String reason) {
        lastCheckFailure = reason;
    }

    /** Publishes what its standing has become; under the group's lock. */
    void publish(long nowNanos) {
        ServerState now = standing.state();
        if (now != state) {
            state = now;
            sinceNanos = nowNanos;
        }
    }

    void bornAt(long nowNanos) {
        sinceNanos = nowNanos;
    }

    @Override
    public String toString() {
        return name + " (" + address + ", " + state + ", " + inFlight() + " in flight)";
    }

    private void giveBack() {
        if (!occupancy.giveBack()) {
            throw new IllegalStateException("a request of " + this + " was ended twice: none is in flight");
        }
    }
}
