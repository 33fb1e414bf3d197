package dev.banyan.drill.cache;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the checks of a cache are asked to do. {@link #at} gives all defaults. */
public record CacheDrillOptions(
        @Doc("--redis-url: where the application reads: redis://USER:PASSWORD@HOST:PORT.") Secret redis,
        @Doc("--url: where programs change rows past the cache: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or a JDBC URL.") Secret database,
        @Default("10s") @Doc("--duration: how long rows are changed and read, and how long is written when there are no faults.") Duration duration,
        @Default("1s") @Doc("--bound: how long after its commit a change may still be unseen.") Duration bound,
        @Default("100") @Doc("--rows: rows that are changed and read, of each kind of key.") int rows,
        @Default("4") @Doc("--writers: connections that change rows.") int writers,
        @Default("8") @Doc("--readers: connections that read keys.") int readers,
        @Default("32") @Doc("--workers: connections that count and set keys behind.") int workers,
        @Default("20") @Doc("--counters: keys that all workers count up; each has a key of its own beside them.") int counters,
        @Default("0") @Doc("--faults: how many times something is broken while it is written behind.") int faults,
        @Default("1s") @Doc("--pause: how long is written after all is whole again, before the next fault.") Duration pause,
        @Default("2m") @Doc("--limit: how long all may take to be whole again, and the database to have all writes.") Duration limit,
        @Default("10000") @Doc("--misses: how often one key that is not in the cache is asked for at once.") int misses,
        @Doc("--allow-remote: why addresses that are not on this machine may be used, in a sentence; without it only loopback ones are.") Optional<String> allowRemote) {

    /** All defaults. */
    public static CacheDrillOptions at(Secret redis, Secret database) {
        return new CacheDrillOptions(redis, database, Duration.ofSeconds(10), Duration.ofSeconds(1), 100, 4, 8, 32, 20, 0, Duration.ofSeconds(1), Duration.ofMinutes(2), 10_000,
                Optional.empty());
    }

    /** @throws BanyanException USAGE, naming all that is out of bounds */
    void check() {
        List<String> wrong = new ArrayList<>();
        bound(wrong, "--duration (ms)", duration.toMillis(), 1, 86_400_000);
        bound(wrong, "--bound (ms)", bound.toMillis(), 1, 3_600_000);
        bound(wrong, "--rows", rows, 1, 100_000);
        bound(wrong, "--writers", writers, 1, 1_000);
        bound(wrong, "--readers", readers, 1, 1_000);
        bound(wrong, "--workers", workers, 1, 1_000);
        bound(wrong, "--counters", counters, 1, 100_000);
        bound(wrong, "--faults", faults, 0, 100_000);
        bound(wrong, "--pause (ms)", pause.toMillis(), 0, 3_600_000);
        bound(wrong, "--limit (ms)", limit.toMillis(), 1, 3_600_000);
        bound(wrong, "--misses", misses, 1, 100_000);
        if (!wrong.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, String.join("; ", wrong));
        }
    }

    private static void bound(List<String> wrong, String option, long value, long least, long most) {
        if (value < least || value > most) {
            wrong.add(option + ": " + least + " to " + most + ", not " + value);
        }
    }
}
