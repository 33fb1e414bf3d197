package dev.banyan.http.gateway.limits;

import dev.banyan.balance.SharedBuckets;
import dev.banyan.http.gateway.limits.SharedCounters.Answer.Away;
import dev.banyan.http.gateway.limits.SharedCounters.Answer.Debts;
import dev.banyan.topology.Decision;
import dev.banyan.net.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Settles what was admitted under shared limits with the counters behind them, and has each front door limit by itself while they are away.
 * Called every {@link #EVERY_NANOS}; safe for any thread.
 */
final class Settling {
    static final long EVERY_NANOS = 10_000_000;

    private static final long TRY_AGAIN_NANOS = 500_000_000;
    private static final int MOST_AT_ONCE = 1000;

    private final SharedCounters counters;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private volatile boolean away;
    private long tryAgainAt;

    Settling(SharedCounters counters, Clock clock, Consumer<Decision> decisions) {
        this.counters = counters;
        this.clock = clock;
        this.decisions = decisions;
    }

    boolean away() {
        return away;
    }

    /** Sends what is due of these limits; while the counters are away one charge now and then, to find out when they are back. */
    synchronized void tick(List<Meter> shared, long nowNanos) {
        if (shared.isEmpty() || away && nowNanos - tryAgainAt < 0) {
            return;
        }
        tryAgainAt = nowNanos + TRY_AGAIN_NANOS;
        int doors = counters.doors();
        for (Meter meter : shared) {
            SharedBuckets buckets = (SharedBuckets) meter.tokens();
            buckets.share(doors, away);
            send(meter, buckets, buckets.due(away ? 1 : MOST_AT_ONCE), shared);
        }
    }

    private void send(Meter meter, SharedBuckets buckets, List<SharedBuckets.Charge> due, List<Meter> shared) {
        if (due.isEmpty()) {
            return;
        }
        List<SharedCounters.Charge> charges = new ArrayList<>(due.size());
        due.forEach(charge -> charges.add(new SharedCounters.Charge(name(meter, charge.key()), charge.tokens(), buckets.rate())));
        counters.charge(charges, answer -> {
            switch (answer) {
                case Debts debts -> {
                    for (int i = 0; i < due.size(); i++) {
                        buckets.settled(due.get(i), debts.nanos().get(i), clock.nanos());
                    }
                    turn(false, "they answer", shared);
                }
                case Away gone -> {
                    due.forEach(buckets::lost);
                    turn(true, gone.why(), shared);
                }
            }
        });
    }

    private static String name(Meter meter, long key) {
        return "banyan:limit:" + meter.scope() + "/" + meter.name() + ":" + Long.toHexString(key);
    }

    private synchronized void turn(boolean nowAway, String why, List<Meter> shared) {
        if (away == nowAway) {
            return;
        }
        away = nowAway;
        tryAgainAt = clock.nanos() + TRY_AGAIN_NANOS;
        int doors = counters.doors();
        shared.forEach(meter -> ((SharedBuckets) meter.tokens()).share(doors, away));
        String part = doors == 1 ? "the whole rate" : "1/" + doors + " of the rate";
        decisions.accept(nowAway
                ? new Decision("limit by this front door alone", "the shared counters are away: " + why, shared.size() + " shared limits, each now at " + part, clock.now())
                : new Decision("limit together with the other front doors", "the shared counters are back: " + why, shared.size() + " shared limits, " + doors + " front doors", clock.now()));
    }
}
