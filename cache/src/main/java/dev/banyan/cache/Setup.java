package dev.banyan.cache;

import dev.banyan.cache.journal.WriteBehindJournal;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.resp.Store;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the strategies need.
 *
 * @param keys the declared prefixes, in the site file's order
 * @param store the nodes
 * @param database where values are loaded from and written to; the PostgreSQL router where there is one
 * @param folder for what must outlive a restart: some lines; made when absent
 * @param answer how long a load or a write may take ({@code cache.router.timeouts.answer})
 * @param journal of write-behind; empty when no prefix asks for it. Closed by who opened it
 */
public record Setup(List<CacheKeys> keys, Store store, Coordinates database, Path folder, Duration answer, Optional<WriteBehindJournal> journal, Loops loops, Clock clock,
        RandomGenerator random, Registry registry, EventLog log) {
    public Setup {
        keys = List.copyOf(keys);
    }
}
