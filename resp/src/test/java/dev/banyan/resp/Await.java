package dev.banyan.resp;

import dev.banyan.net.Clock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
final class Await {
    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        until(what, 20, condition);
    }

    static void until(String what, int seconds, BooleanSupplier condition) {
        long deadline = Clock.system().nanos() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (Clock.system().nanos() - deadline > 0) {
                throw new AssertionError("not in " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
