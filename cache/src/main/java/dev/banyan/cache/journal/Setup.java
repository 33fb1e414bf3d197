package dev.banyan.cache.journal;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Cache;
import dev.banyan.topology.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What a journal needs.
 *
 * @param folder its segments; made when absent, held by one process at a time
 * @param limits how much it holds, and how writes are gathered
 * @param patience how long an append waits for room
 * @param decisions told of what the journal does by itself; must not block
 */
public record Setup(Path folder, Cache.WriteBehind limits, Duration patience, Primary primary, Loops loops, Clock clock, RandomGenerator random, Registry registry, Consumer<Decision> decisions) {}
