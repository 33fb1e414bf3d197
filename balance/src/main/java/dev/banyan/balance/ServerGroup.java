package dev.banyan.balance;

import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.HostPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The servers that stand behind one door: who they are, how they are, and which of them gets a request.
 *
 * <p>Any thread may call anything. {@link #choose} and all that a request calls at its {@link Server} neither lock nor allocate; only the
 * failure that ejects a server takes the lock, as do the rare calls here.
 *
 * <p>What holds whatever the interleaving: a choice takes a place only at a server that has fewer requests in flight than the cap; once
 * {@link #drain} or {@link #remove} has returned, no choice takes a place at that server any more, so its requests in flight only fall, and at
 * 0 nobody holds it; a choice that begins after a server was ejected or fell sick does not return it, but in a panic.
 *
 * <p>Times are nanoseconds of one monotonic clock whose origin does not matter.
 */
public final class ServerGroup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Roster roster = new Roster();
    private final Sentences sentences = new Sentences(roster);
    private final Ejector ejector = new Ejector(roster, sentences);
    private final Turns turns = new Turns();
    private final Dice dice;
    private final Consumer<HealthChange> changes;

    private Balance balance;
    private int cap;
    private boolean panic;
    private long lastNanos;
    private volatile Health health;
    private volatile Eligible eligible;

    /**
     * @param cap the most requests one server may have in flight, from 1
     * @param seed of the group's random choices
     * @param changes told each change of health in order, under the group's lock: it hands over and returns, and does not call the group
     */
    public ServerGroup(Balance balance, Health health, int cap, long seed, Consumer<HealthChange> changes) {
        this.dice = new Dice(seed);
        this.changes = changes;
        reconfigure(balance, health, cap);
    }

    /**
     * Chooses a server and takes a place at it, which {@link Server#finish} gives back.
     *
     * @param key read by hash algorithms only
     * @param excluded {@link Server#slotBit}s of the servers that were tried; a wish: when all were, one of them is chosen again
     * @param nowNanos none of today's algorithms reads it: what depends on time is moved on by {@link #tick}
     */
    public Choice choose(RequestKey key, long excluded, long nowNanos) {
        return eligible.choose(key, excluded);
    }

    /**
     * That server with a place taken, for a client that is to stay with it; {@link Refusal#NO_SERVERS} when it is gone, drains, is sick or
     * excluded, {@link Refusal#ALL_BUSY} when it is at its cap. The caller then chooses anew.
     */
    public Choice chooseByName(String serverName, long excluded, long nowNanos) {
        return eligible.named(serverName, excluded);
    }

    /**
     * Whom a request would go to if it came now; nothing is changed by asking.
     *
     * @param key read by hash algorithms only
     * @param stayWith the server that the client is to stay with; "" for none
     */
    public Forecast foresee(RequestKey key, String stayWith) {
        lock.lock();
        try {
            Forecast said = eligible.foresee(key, stayWith);
            return new Forecast(said.server(), said.why(), roster.servers().stream().map(this::candidate).toList());
        } finally {
            lock.unlock();
        }
    }

    private Forecast.Candidate candidate(Server server) {
        boolean takes = eligible.has(server);
        String why = takes && server.inFlight() >= cap ? "has as many requests as it may have" : Sentences.standing(server, takes);
        return new Forecast.Candidate(server.name(), server.address(), server.state(), server.weight(), server.inFlight(), cap, server.tunnels(), takes, why);
    }

    /** Adds a server that gets requests after its first passed check. */
    public Server add(String name, HostPort address, int weight, long nowNanos) {
        return add(name, address, weight, false, nowNanos);
    }

    /**
     * Adds a server.
     *
     * @param weight its share beside the others, 1 to 1000
     * @param proven it gets requests at once, without a check
     * @throws IllegalArgumentException when a server of the group has that name, or for another weight
     */
    public Server add(String name, HostPort address, int weight, boolean proven, long nowNanos) {
        lock.lock();
        try {
            Server server = roster.add(this, name, address, weight, proven);
            server.bornAt(nowNanos);
            server.standing.ramp.start(nowNanos);
            refresh(nowNanos);
            return server;
        } finally {
            lock.unlock();
        }
    }

    /** Gives it no new requests from now on; what is in flight goes on. */
    public void drain(Server server) {
        change(server, () -> {
            server.occupancy.close(Occupancy.DRAINING);
            server.standing.draining = true;
        });
    }

    /** Gives it requests again. */
    public void undrain(Server server) {
        change(server, () -> {
            server.standing.draining = false;
            server.occupancy.reopen(Occupancy.DRAINING);
        });
    }

    /** Takes it out of the group. Requests in flight may end afterwards; its slot stays its own until they have. */
    public void remove(Server server) {
        change(server, () -> {
            server.occupancy.close(Occupancy.REMOVED);
            server.standing.removed = true;
            roster.remove(server);
            server.publish(lastNanos);
        });
    }

    /** @throws IllegalArgumentException for a weight that is not 1 to 1000 */
    public void setWeight(Server server, int weight) {
        Roster.requireWeight(server.name(), weight);
        change(server, () -> server.weigh(weight));
    }

    /** Goes on with another configuration: the same servers, their counters and their health. */
    public void reconfigure(Balance newBalance, Health newHealth, int newCap) {
        if (newCap < 1) {
            throw new IllegalArgumentException("a server may have 1 request in flight or more, not " + newCap);
        }
        lock.lock();
        try {
            balance = newBalance;
            health = newHealth;
            cap = newCap;
            refresh(lastNanos);
        } finally {
            lock.unlock();
        }
    }

    /** A check of it passed. */
    public void checkPassed(Server server, long nowNanos) {
        lock.lock();
        try {
            boolean proven = server.standing.checks.proven();
            boolean changed = server.standing.checks.passed(health.rise());
            if (changed && server.standing.state() == ServerState.HEALTHY) {
                ejector.forget(server);
                server.standing.ramp.start(nowNanos);
                refresh(nowNanos, proven ? sentences.rose(server, health.rise(), nowNanos) : sentences.admitted(server, nowNanos));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A check of it failed. */
    public void checkFailed(Server server, String reason, long nowNanos) {
        lock.lock();
        try {
            server.checkFailed(reason);
            boolean fell = server.standing.checks.failed(health.fall());
            if (fell && server.standing.counts()) {
                refresh(nowNanos, sentences.fell(server, health.fall(), nowNanos));
            }
        } finally {
            lock.unlock();
        }
    }

    /** All servers, in the order they came. */
    public List<Server> servers() {
        lock.lock();
        try {
            return List.copyOf(roster.servers());
        } finally {
            lock.unlock();
        }
    }

    /** Health is ignored because too few are healthy. */
    public boolean panic() {
        lock.lock();
        try {
            return panic;
        } finally {
            lock.unlock();
        }
    }

    /** Memory of what the algorithm has computed ahead for the servers that are eligible now: its ring or its cycle. */
    public long tableBytes() {
        return eligible.bytes();
    }

    /** To be called about once a second: ends ejections, looks at the last ten seconds, moves slow starts on. */
    public void tick(long nowNanos) {
        lock.lock();
        try {
            List<HealthChange> returned = new ArrayList<>();
            boolean changed = false;
            for (Server server : roster.servers()) {
                server.responseTime.forgive(nowNanos);
                boolean ended = ejector.passTime(server, health, nowNanos);
                if (ended && server.standing.state() == ServerState.HEALTHY) {
                    server.standing.ramp.start(nowNanos);
                    returned.add(sentences.returned(server, nowNanos));
                }
                changed |= ended || server.standing.ramp.ramping();
            }
            lastNanos = nowNanos;
            if (changed) {
                refresh(nowNanos, returned.toArray(HealthChange[]::new));
            }
            ejector.failing(health).forEach(server -> judge(server, Sentences.share(server.standing.window), nowNanos));
        } finally {
            lock.unlock();
        }
    }

    /** A request at it failed, the {@code inARow}-th in a row: called by any thread. */
    void requestFailed(Server server, long inARow, Outcome outcome, long nowNanos) {
        int limit = health.consecutiveFailures();
        if (limit == 0 || inARow < limit) {
            return;
        }
        lock.lock();
        try {
            if (server.tally.failuresInARow() >= limit) {
                judge(server, Sentences.inARow(inARow, outcome), nowNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(Server server, Runnable act) {
        lock.lock();
        try {
            if (!server.standing.removed) {
                act.run();
                refresh(lastNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void judge(Server server, String why, long nowNanos) {
        ejector.judge(server, why, health, nowNanos).ifPresent(change -> refresh(nowNanos, change));
    }

    /** Makes the next {@link Eligible} from what is known now and publishes it; then tells what led to it, and a panic that came of it. */
    private void refresh(long nowNanos, HealthChange... causes) {
        lastNanos = nowNanos;
        boolean panicked = panic;
        int healthy = roster.in(ServerState.HEALTHY);
        panic = healthy < health.panicThreshold().of1() * roster.counting();
        eligible = snapshot(nowNanos);
        for (HealthChange cause : causes) {
            changes.accept(cause);
        }
        if (panic != panicked) {
            changes.accept(panic ? sentences.panic(health.panicThreshold(), nowNanos) : sentences.calm(nowNanos));
        }
    }

    private Eligible snapshot(long nowNanos) {
        List<Server> chosen = new ArrayList<>();
        double[] weights = new double[roster.servers().size()];
        for (Server server : roster.servers()) {
            server.publish(nowNanos);
            double weight = weight(server, nowNanos);
            if (panic ? server.standing.counts() : server.standing.state() == ServerState.HEALTHY) {
                weights[chosen.size()] = weight;
                chosen.add(server);
            }
        }
        Members members = new Members(chosen.toArray(Server[]::new), Arrays.copyOf(weights, chosen.size()), cap);
        return new Eligible(members, Policy.of(balance, members, dice, turns), dice);
    }

    /** With slow start; not for the plain hash, where a change of weight would move nearly all keys, each second anew. */
    private double weight(Server server, long nowNanos) {
        double share = server.standing.ramp.share(balance.slowStart().toNanos(), nowNanos);
        return balance.algorithm() == Algorithm.HASH ? server.weight() : server.weight() * share;
    }
}
