package dev.banyan.telemetry;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that is set by hand. */
final class TestClock implements Clock {
    private long nanos;

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-11-22T10:00:00Z").plusNanos(nanos);
    }

    @Override
    public void sleep(Duration time) {
        advance(time);
    }
}
