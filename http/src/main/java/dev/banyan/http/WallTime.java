package dev.banyan.http;

import dev.banyan.net.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock's time as text (RFC 3339, UTC, milliseconds), put together anew once a second; between two seconds it costs three digits.
 * Owned by one IO loop.
 */
final class WallTime {
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'.000Z'").withZone(ZoneOffset.UTC);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Where the milliseconds lie in {@code 2026-01-31T23:59:59.123Z}. */
    private static final int MILLIS = 20;

    private byte[] text = {};
    private long secondNanos = Long.MAX_VALUE;

    /**
     * The time now as 24 characters; valid until the next call.
     *
     * @param nanos the monotonic clock's time, which the wall clock is read by once a second
     */
    byte[] at(long nanos, Clock clock) {
        long since = nanos - secondNanos;
        if (since < 0 || since >= SECOND_NANOS) {
            Instant now = clock.now();
            text = SECOND.format(now).getBytes(StandardCharsets.US_ASCII);
            secondNanos = nanos - now.getNano();
            since = now.getNano();
        }
        int millis = (int) (since / 1_000_000);
        text[MILLIS] = (byte) ('0' + millis / 100);
        text[MILLIS + 1] = (byte) ('0' + millis / 10 % 10);
        text[MILLIS + 2] = (byte) ('0' + millis % 10);
        return text;
    }
}
