package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** For each key that is written behind, the order of its writes, and the sums of its columns that are counted. Safe for any thread. */
final class Gates {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Map<CacheKey, Gate> gates = new ConcurrentHashMap<>();
    private final Clock clock;

    Gates(Clock clock) {
        this.clock = clock;
    }

    /** The key's gate, held by the caller until {@link Gate#leave}. */
    Gate enter(CacheKey key) {
        while (true) {
            Gate gate = gates.computeIfAbsent(key, _ -> new Gate());
            gate.lock.lock();
            if (!gate.dead) {
                gate.usedNanos = clock.nanos();
                return gate;
            }
            gate.lock.unlock();
        }
    }

    /** Somebody else has changed the row, or a write of ours was refused: what it counts up to must be asked. */
    void forgetSum(CacheKey key) {
        Gate gate = gates.get(key);
        if (gate != null) {
            gate.forget();
        }
    }

    /** Ends gates that nobody used for a while. */
    void tidy() {
        gates.forEach((key, gate) -> {
            if (clock.nanos() - gate.usedNanos > IDLE.toNanos() && gate.lock.tryLock()) {
                try {
                    if (gate.underWay == 0 && clock.nanos() - gate.usedNanos > IDLE.toNanos()) {
                        gate.dead = true;
                        gates.remove(key, gate);
                    }
                } finally {
                    gate.lock.unlock();
                }
            }
        });
    }

    /** One key's. All but {@link #written} is for who holds it. */
    static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition quiet = lock.newCondition();
        private volatile long usedNanos;
        private final AtomicLong sumVersion = new AtomicLong();
        private final Map<Column, Long> sums = new HashMap<>();
        private long sumsOfVersion = -1;
        private int underWay;
        private boolean dead;

        private void forget() {
            sumVersion.incrementAndGet();
        }

        /** What a column counts up to with all writes that are under way; empty when it must be asked. */
        OptionalLong sum(Column column) {
            Long sum = sumsOfVersion == sumVersion.get() ? sums.get(column) : null;
            return sum == null ? OptionalLong.empty() : OptionalLong.of(sum);
        }

        /** Goes up when sums become old. */
        long version() {
            return sumVersion.get();
        }

        /** @param version as it was before the sum was asked for */
        void sum(Column column, long now, long version) {
            if (sumsOfVersion != version) {
                sums.clear();
                sumsOfVersion = version;
            }
            sums.put(column, now);
        }

        /** A sum that is known became another by a write of ours. */
        void counted(Column column, long now) {
            sums.replace(column, now);
        }

        void noSums() {
            sums.clear();
        }

        /** A write goes to the journal. */
        void writing() {
            underWay++;
        }

        /** Waits until no write is under way; lets others in meanwhile. */
        void awaitQuiet() throws InterruptedException {
            while (underWay > 0) {
                quiet.await();
            }
        }

        void leave() {
            lock.unlock();
        }

        /** A write is durable, or failed: then what it counts up to must be asked. For who does not hold it. */
        void written(boolean durable) {
            lock.lock();
            try {
                underWay--;
                if (!durable) {
                    noSums();
                }
                if (underWay == 0) {
                    quiet.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
