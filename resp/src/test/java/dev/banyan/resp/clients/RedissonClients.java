package dev.banyan.resp.clients;

import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.Protocol;

/** Two applications of one place that use Redisson in one version of the protocol, with its usual codec and names as users give them. */
final class RedissonClients implements AutoCloseable {
    /** How long a lock outlives its dead holder; it is made longer every third of that. */
    static final Duration WATCHDOG = Duration.ofSeconds(12);

    private static final int PATIENCE_MILLIS = 30_000;

    private final HostPort at;
    private final Protocol protocol;
    private final boolean several;
    private final RedissonClient one;
    private final RedissonClient two;

    /** @param several whether keys without a common tag may be on different nodes */
    RedissonClients(HostPort at, Protocol protocol, boolean several) {
        this.at = at;
        this.protocol = protocol;
        this.several = several;
        this.one = another();
        this.two = another();
    }

    RedissonClient one() {
        return one;
    }

    RedissonClient two() {
        return two;
    }

    /** One more, which whoever asks for it ends. */
    RedissonClient another() {
        Config config = new Config().setProtocol(protocol).setLockWatchdogTimeout(WATCHDOG.toMillis()).setNettyThreads(2).setThreads(2);
        config.useSingleServer().setAddress("redis://" + at).setTimeout(PATIENCE_MILLIS).setConnectTimeout(PATIENCE_MILLIS)
                .setConnectionMinimumIdleSize(2).setConnectionPoolSize(16).setSubscriptionConnectionPoolSize(8);
        return Redisson.create(config);
    }

    /** A name that nothing else has; on several nodes it lies anywhere. */
    String name(String name) {
        return name + ":" + protocol;
    }

    /** Likewise, at the same node as all others of that tag. */
    String tagged(String tag, String name) {
        return "{" + tag + ":" + protocol + "}:" + name;
    }

    Protocol protocol() {
        return protocol;
    }

    boolean several() {
        return several;
    }

    @Override
    public void close() {
        one.shutdown(0, 10, TimeUnit.SECONDS);
        two.shutdown(0, 10, TimeUnit.SECONDS);
    }
}
