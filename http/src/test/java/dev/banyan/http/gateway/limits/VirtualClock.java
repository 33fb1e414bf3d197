package dev.banyan.http.gateway.limits;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that tests move. */
final class VirtualClock implements Clock {
    volatile long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration time) {
        nanos += time.toNanos();
    }
}
