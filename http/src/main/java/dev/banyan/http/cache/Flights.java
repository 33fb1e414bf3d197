package dev.banyan.http.cache;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that contents may take before they are placed in a tier: a budget in bytes, taken and given back. Safe for any thread. */
final class Flights {
    private final long budget;
    private final AtomicLong taken = new AtomicLong();

    Flights(long budget) {
        this.budget = budget;
    }

    /** Whether there were so many left; if so they are taken. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= budget) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Whether so many are left just now. */
    boolean has(long bytes) {
        return taken.get() + bytes <= budget;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }

    long budget() {
        return budget;
    }
}
