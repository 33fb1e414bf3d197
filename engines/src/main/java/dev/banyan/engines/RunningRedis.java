package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A node of the cache that Banyan runs; it is started again when it ends by itself. Safe for any thread. Blocks. */
public final class RunningRedis {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private static final Duration SWEEP_ANSWER = Duration.ofSeconds(10);

    private final ChildProcess process;
    private final HostPort address;
    private final Secret password;
    private final String version;

    RunningRedis(ChildProcess process, HostPort address, Secret password, String version) {
        this.process = process;
        this.address = address;
        this.password = password;
        this.version = version;
    }

    /** As {@code cache-2}. */
    public String name() {
        return process.name();
    }

    /** The same over all its starts. */
    public HostPort address() {
        return address;
    }

    /** As {@code Redis 7.0.15}. */
    public String version() {
        return version;
    }

    /** Whether its process runs. */
    public boolean alive() {
        return process.alive();
    }

    /** How it ended the last time it did so by itself, in words. */
    public Optional<String> lastEnd() {
        return process.lastExit().map(ProcessEvent.Exited::sentence);
    }

    /** Whether it answers commands now: false while it starts, reads its log or stops. Blocks for up to 2 s. */
    public boolean answers() {
        return new RedisGreeting(address, password, ANSWER_WITHIN).answered();
    }

    /** What it says of itself now; empty when it does not answer. Blocks for up to 2 s. */
    public Optional<RedisFigures> figures() {
        return RedisFigures.of(address, password, ANSWER_WITHIN);
    }

    /**
     * Deletes the keys that are not its own; returns how many there were. Blocks.
     *
     * @throws dev.banyan.topology.BanyanException ENGINE_FAILED when it does not answer
     */
    public long sweep(Predicate<byte[]> stray) {
        return RedisSweep.of(address, password, stray, SWEEP_ANSWER);
    }

    /** The last lines of its log, oldest first. */
    public List<String> recentLines(int count) {
        return process.recentLines(count);
    }

    /** Ends it, writing its log to disk where it keeps one; killed when that takes too long. Blocks until it is gone. */
    public void stop() {
        process.stop();
    }

    /** Whether it has ended for good. */
    boolean over() {
        return process.over();
    }

    ChildProcess process() {
        return process;
    }
}
