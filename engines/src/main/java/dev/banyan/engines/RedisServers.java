package dev.banyan.engines;

import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Cache;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The embedded nodes of the cache: cache-1, cache-2, ... each in {@code .banyan/redis/NAME}, all with one password that is the site's own.
 * Safe for any thread; one node is started or deleted at a time. Blocks. To be had by the holder of the folder's {@link SiteHold}, after
 * {@link Orphans} were ended.
 */
public final class RedisServers {
    private static final String SECRET = "redis-nodes";
    /** Reading back a log of some gigabytes takes minutes. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int TOLD_LINES = 12;
    private static final String PORT_TAKEN = "Address already in use";

    private final Supervisor supervisor;
    private final Cache cache;
    private final FreePorts ports;
    private final List<Path> path;
    private final Consumer<Decision> decisions;
    private final Map<String, RunningRedis> running = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private RedisProgram program;

    /** @param decisions hears which Redis was chosen */
    public RedisServers(Supervisor supervisor, Cache cache, FreePorts ports, Consumer<Decision> decisions) {
        this(supervisor, cache, ports, RedisProgram.pathFolders(), decisions);
    }

    /** @param path where a newer one may lie */
    RedisServers(Supervisor supervisor, Cache cache, FreePorts ports, List<Path> path, Consumer<Decision> decisions) {
        this.supervisor = supervisor;
        this.cache = cache;
        this.ports = ports;
        this.path = List.copyOf(path);
        this.decisions = decisions;
    }

    /** {@code cache-3} of 3. */
    public static String name(int number) {
        return "cache-" + number;
    }

    /**
     * Starts a node and returns when it answers; one that runs is returned as it is.
     *
     * @throws BanyanException ENGINE_FAILED, TIMED_OUT, DISK, MISSING_PREREQUISITE
     */
    public RunningRedis start(String name) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            Optional<RunningRedis> there = running(name);
            if (there.isPresent()) {
                awaitReady(there.get(), there.get().process().exits());
                return there.get();
            }
            try {
                return launched(name);
            } catch (BanyanException e) {
                if (!e.getMessage().contains(PORT_TAKEN)) {
                    throw e;
                }
                forgetPort(name);
                return launched(name);
            }
        } finally {
            turn.unlock();
        }
    }

    private RunningRedis launched(String name) throws InterruptedException {
        RunningRedis node = launch(name);
        awaitReady(node, 0);
        return node;
    }

    /** Between its choice and the node's own bind somebody has taken it. */
    private void forgetPort(String name) {
        Path port = supervisor.folder().redis(name).resolve("port");
        try {
            Files.deleteIfExists(port);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, port + " cannot be deleted: " + Reason.of(e), e);
        }
    }

    private RunningRedis launch(String name) {
        Path folder = made(name);
        RedisProgram redis = program();
        int port = new KeptPort(folder.resolve("port")).choose(0, ports);
        Secret password = password();
        Path conf = folder.resolve(RedisConf.FILE);
        Runnable beforeStart = () -> write(conf, new RedisConf(cache, port, password, folder).text());
        ChildProcess process = supervisor.start(new ChildSpec(name, List.of(redis.path().toString(), conf.toString()), Map.of("LC_ALL", "C"), folder, STOP_TIMEOUT, beforeStart));
        RunningRedis node = new RunningRedis(process, new HostPort("127.0.0.1", port), password, redis.product() + " " + redis.version());
        running.put(name, node);
        return node;
    }

    private Path made(String name) {
        Path folder = supervisor.folder().redis(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, folder + " cannot be made: " + Reason.of(e), e);
        }
    }

    private static void write(Path conf, String text) {
        try {
            AtomicFile.write(conf, text);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, conf + " cannot be written: " + Reason.of(e), e);
        }
    }

    /** Chosen once: asking the programs of the PATH takes a moment. */
    private RedisProgram program() {
        if (program == null) {
            program = RedisProgram.choose(supervisor.folder(), path, new Tool(supervisor.folder(), supervisor.folder().redis().resolve("setup.log")));
            decisions.accept(new Decision("run " + program + " for the cache", program.why(), "this system's PATH", supervisor.clock().now()));
        }
        return program;
    }

    /** One that ends before it has answered is not waited for: it is stopped, and so it is when the wait is broken off. */
    private void awaitReady(RunningRedis node, int exits) throws InterruptedException {
        ChildProcess process = node.process();
        RedisGreeting greeting = new RedisGreeting(node.address(), password(), LOOK);
        try {
            boolean decided = Waiting.until(() -> process.exits() > exits || process.alive() && greeting.answered(), START_TIMEOUT, LOOK_EVERY, supervisor.clock());
            if (!decided || process.exits() > exits) {
                String lines = String.join("\n  ", node.recentLines(TOLD_LINES));
                throw decided
                        ? new BanyanException(ErrorCode.ENGINE_FAILED, node.name() + " did not start; its last lines:\n  " + lines)
                        : new BanyanException(ErrorCode.TIMED_OUT, node.name() + " did not answer within " + START_TIMEOUT.toSeconds() + " s; its last lines:\n  " + lines);
            }
        } catch (BanyanException | InterruptedException e) {
            node.stop();
            throw e;
        }
    }

    /** The node of this name, while it runs or is going to be started again by itself. */
    public Optional<RunningRedis> running(String name) {
        return Optional.ofNullable(running.get(name)).filter(node -> !node.over());
    }

    /** All of those, by name. */
    public List<RunningRedis> running() {
        return running.values().stream().filter(node -> !node.over()).sorted(Comparator.comparing((RunningRedis node) -> node.name().length()).thenComparing(RunningRedis::name)).toList();
    }

    /** Of all nodes; made at the first call. */
    public synchronized Secret password() {
        SecretFile file = SecretFile.of(supervisor.folder(), SECRET);
        return file.read().orElseGet(file::create);
    }

    /** Stops a node; what it keeps on disk stays. Does nothing when it does not run. */
    public void stop(String name) {
        running(name).ifPresent(RunningRedis::stop);
    }

    /** Stops a node and deletes all it has. Does nothing when there is none. */
    public void delete(String name) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            stop(name);
            running.remove(name);
            PostgresBinaries.deleteTree(supervisor.folder().redis(name));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, supervisor.folder().redis(name) + " cannot be deleted: " + Reason.of(e), e);
        } finally {
            turn.unlock();
        }
    }

    /** Stops all. */
    public void stop() {
        running().forEach(RunningRedis::stop);
    }
}
