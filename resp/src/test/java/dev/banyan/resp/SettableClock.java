package dev.banyan.resp;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
final class SettableClock implements Clock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000);

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos.get());
    }

    @Override
    public void sleep(Duration time) {
        pass(time);
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
