package dev.banyan.postgres;

import dev.banyan.net.Clock;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Time that passes only when it is told to, for the code under test and for its event loop alike. */
final class VirtualTime implements Clock {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final MockTicker ticker = Ticker.newMockTicker();

    @Override
    public long nanos() {
        return ticker.nanoTime();
    }

    @Override
    public Instant now() {
        return ORIGIN.plusNanos(ticker.nanoTime());
    }

    @Override
    public void sleep(Duration time) {
        throw new UnsupportedOperationException("nobody may block in a simulation; a loop's schedule passes time");
    }

    void advance(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
    }

    Ticker ticker() {
        return ticker;
    }
}
