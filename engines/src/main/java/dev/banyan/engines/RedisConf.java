package dev.banyan.engines;

import dev.banyan.topology.Cache;
import dev.banyan.topology.Secret;
import java.nio.file.Path;

/**
 * What a node of the cache is told, in a file that only its owner can read. It listens at 127.0.0.1 and wants a password; it writes no
 * snapshots, and its log only where the site asks for persistence.
 *
 * @param folder where its own files go
 */
record RedisConf(Cache cache, int port, Secret password, Path folder) {
    static final String FILE = "redis.conf";

    /** Keys that a node remembers of clients that keep copies; beyond them it has some forgotten early. */
    private static final int TRACKED_KEYS = 1_000_000;

    String text() {
        return """
                # Written by Banyan at each start; edits are lost.
                bind 127.0.0.1
                port %d
                protected-mode yes
                requirepass %s
                daemonize no
                # Its name would be written over its environment, by which what a killed Banyan left is found.
                set-proc-title no
                logfile ""
                dir %s
                maxmemory %d
                maxmemory-policy %s
                save ""
                appendonly %s
                appendfsync everysec
                tracking-table-max-keys %d
                maxclients 10000
                tcp-keepalive 60
                # A big value that goes must not hold up all others.
                lazyfree-lazy-eviction yes
                lazyfree-lazy-expire yes
                lazyfree-lazy-server-del yes
                """.formatted(port, password.reveal(), quoted(folder), cache.memory().bytes(), policy(), persists() ? "yes" : "no", TRACKED_KEYS);
    }

    private String policy() {
        return switch (cache.eviction()) {
            case LRU -> "allkeys-lru";
            case LFU -> "allkeys-lfu";
            case FIFO, TTL -> "volatile-ttl";
            case NONE -> "noeviction";
        };
    }

    private boolean persists() {
        return switch (cache.persistence()) {
            case NONE -> false;
            case APPEND_ONLY -> true;
        };
    }

    /** As Redis reads strings: within double quotes, a backslash before a quote and a backslash. */
    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
