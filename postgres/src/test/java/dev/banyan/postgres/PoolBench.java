package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Pools on loops that run only when told to, in virtual time, before a server that answers only when told to. One thread. */
final class PoolBench implements Clock {
    static final PostgresError UNREACHABLE = PostgresError.error("08001", "connection refused by 127.0.0.1:5432");
    static final PostgresError WRONG_PASSWORD = PostgresError.fatal("28P01", "password authentication failed for user \"photos\"");
    static final PostgresError GONE = PostgresError.error("57P01", "server db-1 has left the cluster");

    final MemberPlaces<FakeConnection> member;
    final List<ManualIoEventLoop> loops = new ArrayList<>();
    final List<FakeConnection> connections = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    int opened;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final Map<PoolKey, List<ServerPool<FakeConnection>>> pools = new HashMap<>();

    PoolBench(DatabaseRouter.Pool settings, int loops) {
        member = new MemberPlaces<>(new Member("db-1", new HostPort("127.0.0.1", 5432)), settings, Loops.random(1));
        for (int i = 0; i < loops; i++) {
            this.loops.add(new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker));
        }
    }

    static PoolSettings settings() {
        return new PoolSettings();
    }

    ServerPool<FakeConnection> pool(String user, int loop) {
        return pools.computeIfAbsent(new PoolKey(user, "photos"), login -> loops.stream()
                .map(each -> new ServerPool<>(member.of(login), each, this::open, this))
                .toList()).get(loop);
    }

    private void open(EventLoop loop, Consumer<FakeConnection> opened, Consumer<PostgresError> failed) {
        attempts.add(new Attempt(loop, opened, failed));
    }

    /** The server lets in whoever has tried first. */
    FakeConnection accept() {
        Attempt first = attempts.removeFirst();
        Channel channel = new LocalChannel();
        first.loop.register(channel);
        FakeConnection connection = new FakeConnection(channel, nanos());
        connections.add(connection);
        opened++;
        first.opened.accept(connection);
        return connection;
    }

    void acceptAll() {
        while (!attempts.isEmpty()) {
            accept();
            run();
        }
    }

    void refuse(PostgresError why) {
        attempts.removeFirst().failed.accept(why);
    }

    /** Runs all loops until none has anything left to do now. */
    void run() {
        boolean ran = true;
        while (ran) {
            ran = false;
            for (ManualIoEventLoop loop : loops) {
                ran |= loop.runNow() > 0;
            }
        }
    }

    /** Lets time pass in steps that no timer of a pool is shorter than, running all loops after each. */
    void pass(Duration time) {
        long end = nanos() + time.toNanos();
        run();
        while (nanos() < end) {
            ticker.advance(Math.min(5_000_000, end - nanos()), TimeUnit.NANOSECONDS);
            run();
        }
    }

    void advance(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    long open() {
        return connections.stream().filter(each -> each.channel().isOpen()).count();
    }

    @Override
    public long nanos() {
        return ticker.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos());
    }

    @Override
    public void sleep(Duration time) {
        throw new UnsupportedOperationException("nobody may block here");
    }

    /** A connection that is being opened. */
    record Attempt(EventLoop loop, Consumer<FakeConnection> opened, Consumer<PostgresError> failed) {}

    /** What a site file says of a pool, changed one by one; never mutated. */
    record PoolSettings(int min, int size, int perServer, int opening, int queue, Duration patience, Duration idle, Duration lifetime) {
        PoolSettings() {
            this(0, 20, 100, 4, 10_000, Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofHours(1));
        }

        PoolSettings min(int to) {
            return new PoolSettings(to, size, perServer, opening, queue, patience, idle, lifetime);
        }

        PoolSettings size(int to) {
            return new PoolSettings(min, to, perServer, opening, queue, patience, idle, lifetime);
        }

        PoolSettings perServer(int to) {
            return new PoolSettings(min, size, to, opening, queue, patience, idle, lifetime);
        }

        PoolSettings opening(int to) {
            return new PoolSettings(min, size, perServer, to, queue, patience, idle, lifetime);
        }

        PoolSettings queue(int to) {
            return new PoolSettings(min, size, perServer, opening, to, patience, idle, lifetime);
        }

        PoolSettings idle(Duration to) {
            return new PoolSettings(min, size, perServer, opening, queue, patience, to, lifetime);
        }

        PoolSettings lifetime(Duration to) {
            return new PoolSettings(min, size, perServer, opening, queue, patience, idle, to);
        }

        DatabaseRouter.Pool made() {
            return new DatabaseRouter.Pool(min, size, perServer, opening, queue, patience, idle, lifetime);
        }
    }
}
