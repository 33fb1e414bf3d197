package dev.banyan.engines;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for the outer world, which sends no word when it is ready: look, sleep a little, look again. */
final class Waiting {
    private Waiting() {}

    /** Looks until it is so or the time is over; returns which. */
    static boolean until(BooleanSupplier so, Duration atMost, Duration lookEvery, Clock clock) throws InterruptedException {
        long deadline = clock.nanos() + atMost.toNanos();
        while (!so.getAsBoolean()) {
            if (clock.nanos() - deadline >= 0) {
                return false;
            }
            clock.sleep(lookEvery);
        }
        return true;
    }

    /** Where a wait that is broken off is a failure. */
    static void sleep(Clock clock, Duration time) {
        try {
            clock.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.INTERNAL, "Banyan is ending: the wait was broken off", e);
        }
    }
}
