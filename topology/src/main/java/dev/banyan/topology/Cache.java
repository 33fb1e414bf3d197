package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The application's cache: embedded Redis nodes unless a URL names others, and what is known of its keys. */
@Doc("The application's cache: embedded Redis nodes unless a URL names others, and what is known of its keys.")
public record Cache(
        @Default("none") @Doc("Whether the application uses a cache; it runs from stage 5 on.") Kind kind,
        @Written(Form.REDIS_URL) @Doc("Nodes that run already: redis://USER:PASSWORD@HOST:PORT, with several HOST:PORT and commas between for nodes on a hash ring; redis-cluster:// for one of a Redis Cluster's nodes; redis-sentinel://HOST:PORT,.../NAME for a primary that Sentinels watch; rediss and so on with TLS. Embedded nodes when absent.") Optional<Secret> url,
        @Applied(Effect.LIVE) @Range(from = "1", to = "64") @Default("1") @Doc("Embedded nodes from stage 5 on; keys are spread over them by consistent hashing.") int nodes,
        @Range(from = "1MiB", to = "1TiB") @Default("64MiB") @Doc("The memory for data of each embedded node.") ByteSize memory,
        @Default("lru") @Doc("What an embedded node gives up when its memory is full.") Eviction eviction,
        @Default("none") @Doc("Whether embedded nodes keep their data over a restart.") Persistence persistence,
        @Doc("The cache router that the application connects to.") CacheRouter router,
        @Doc("Keys that Banyan loads from the database or writes to it, by their prefix; all others are the application's own business.") List<CacheKeys> keys,
        @Doc("The journal of writes that are acknowledged before the database has them.") WriteBehind writeBehind) {

    public Cache {
        keys = List.copyOf(keys);
    }

    public enum Kind {
        @Doc("The application uses no cache.")
        NONE,
        @Doc("A cache in the Redis protocol.")
        REDIS
    }

    /** What goes when the memory is full. */
    public enum Eviction {
        @Doc("The keys that were not used for the longest time (Redis: allkeys-lru, an approximation by samples).")
        LRU,
        @Doc("The keys that are used least often (Redis: allkeys-lfu).")
        LFU,
        @Doc("The keys that were written first: strings without an expiry get one of 30 days, and the nearest expiry goes first (Redis: volatile-ttl).")
        FIFO,
        @Doc("The keys whose expiry is nearest; those without one stay (Redis: volatile-ttl).")
        TTL,
        @Doc("Nothing: writes are refused.")
        NONE
    }

    /** What outlives a node's restart. */
    public enum Persistence {
        @Doc("Nothing: a node that comes back is empty.")
        NONE,
        @Doc("What was written up to a second before (Redis: appendonly, appendfsync everysec).")
        APPEND_ONLY
    }

    /** The journal of the write-behind strategy. */
    @Doc("The journal of writes that are acknowledged before the database has them.")
    public record WriteBehind(
            @Range(from = "1MiB", to = "64GiB") @Default("256MiB") @Doc("The most the journal may hold of writes the database does not have yet; then writes wait, and fail after cache.router.timeouts.answer.") ByteSize journal,
            @Range(from = "1ms", to = "1m") @Default("50ms") @Doc("How long writes are gathered before they go to the database together.") Duration delay,
            @Range(from = "1", to = "100000") @Default("1000") @Doc("The most keys written to the database in one transaction.") int batch) {}
}
