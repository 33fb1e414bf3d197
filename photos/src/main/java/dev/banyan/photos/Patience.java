package dev.banyan.photos;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether it is worth asking the cache. After three failures in a row nobody asks for a second; then one may, and its answer decides. Safe for any
 * thread.
 */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
    private static final int ENOUGH = 3;
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long BETWEEN_COMPLAINTS_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTry = new AtomicLong(System.nanoTime());
    private final AtomicLong nextComplaint = new AtomicLong(System.nanoTime());

    boolean mayAsk() {
        if (failures.get() < ENOUGH) {
            return true;
        }
        long at = nextTry.get();
        return System.nanoTime() - at >= 0 && nextTry.compareAndSet(at, System.nanoTime() + PAUSE_NANOS);
    }

    void answered() {
        if (failures.get() > 0 && failures.getAndSet(0) >= ENOUGH) {
            LOG.warn("the cache answers again");
        }
    }

    /** It could not be reached, or did not answer in time. */
    void failed(String what, Exception e) {
        if (failures.incrementAndGet() == ENOUGH) {
            nextTry.set(System.nanoTime() + PAUSE_NANOS);
            LOG.warn("the cache does not answer, so pages come from the database; it is tried again every second. {}: {}", what, e.getMessage());
        }
    }

    /** It answered, with an error: one a minute is told. */
    void refused(String what, Exception e) {
        answered();
        long at = nextComplaint.get();
        if (System.nanoTime() - at >= 0 && nextComplaint.compareAndSet(at, System.nanoTime() + BETWEEN_COMPLAINTS_NANOS)) {
            LOG.warn("the cache refused {} (told once a minute): {}", what, e.getMessage());
        }
    }
}
