package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.topology.FrontDoor.Health;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Checks every server of a group at its interval, a new one at once, and turns the group's own clock. Owned by one IO loop.
 *
 * <p>Each interval is stretched or shrunk by up to a tenth, so that many front doors do not ask in step.
 */
final class HealthChecks {
    private static final long LOOK_MILLIS = 50;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FrontDoor door;
    private final Upstream upstream;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final Map<Server, Long> dueNanos = new HashMap<>();
    private final Set<Server> running = new HashSet<>();
    private long nextTick;
    private Future<?> looking;

    HealthChecks(FrontDoor door, Upstream upstream, EventLoop loop, RandomGenerator random) {
        this.door = door;
        this.upstream = upstream;
        this.loop = loop;
        this.random = random;
    }

    void start() {
        looking = loop.scheduleAtFixedRate(this::lookOrSay, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A task that throws is not run again, and a site whose servers are never checked any more looks well. */
    private void lookOrSay() {
        try {
            look();
        } catch (RuntimeException e) {
            door.metrics().bug(e);
        }
    }

    private void look() {
        long now = door.clock().nanos();
        ServerGroup group = upstream.group();
        if (now >= nextTick) {
            nextTick = now + TICK_NANOS;
            group.tick(now);
        }
        var servers = group.servers();
        if (dueNanos.size() > servers.size()) {
            dueNanos.keySet().removeIf(server -> forgotten(server, servers));
        }
        for (Server server : servers) {
            Long due = dueNanos.get(server);
            if (due == null) {
                door.metrics().observe(group, server);
            }
            if ((due == null || now >= due) && running.add(server)) {
                check(server, now);
            }
        }
    }

    private boolean forgotten(Server server, java.util.List<Server> servers) {
        boolean gone = !servers.contains(server);
        if (gone) {
            door.metrics().forget(server, servers.stream().anyMatch(other -> other.name().equals(server.name())));
        }
        return gone;
    }

    private void check(Server server, long now) {
        Health health = door.health();
        double jitter = 0.9 + 0.2 * random.nextDouble();
        dueNanos.put(server, now + (long) (health.interval().toNanos() * jitter));
        HealthCheck.start(server, upstream.healthPath(), health.timeout(), door.transport(), door.introduction(), loop, failure -> {
            running.remove(server);
            if (failure.isEmpty()) {
                upstream.group().checkPassed(server, door.clock().nanos());
            } else {
                upstream.group().checkFailed(server, failure, door.clock().nanos());
            }
        });
    }

    void stop() {
        if (looking != null) {
            looking.cancel(false);
        }
    }
}
