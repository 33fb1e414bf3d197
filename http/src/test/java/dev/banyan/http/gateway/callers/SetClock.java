package dev.banyan.http.gateway.callers;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time that stands still until a test moves it; sleepers wake when it has come. */
final class SetClock implements Clock {
    private final Instant origin;
    private long nanos = 1_000;
    private int sleepers;

    SetClock(Instant origin) {
        this.origin = origin;
    }

    synchronized void advance(Duration by) {
        nanos += by.toNanos();
        notifyAll();
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return origin.plusNanos(nanos);
    }

    @Override
    public synchronized void sleep(Duration time) throws InterruptedException {
        long until = nanos + time.toNanos();
        sleepers++;
        try {
            while (nanos < until) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }

    synchronized int sleepers() {
        return sleepers;
    }
}
