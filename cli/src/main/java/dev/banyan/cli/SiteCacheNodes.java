package dev.banyan.cli;

import dev.banyan.control.CacheNodes;
import dev.banyan.engines.RedisServers;

/** The embedded nodes of the cache, for control. Safe for any thread. */
record SiteCacheNodes(RedisServers servers) implements CacheNodes {
    @Override
    public void start(String name) throws InterruptedException {
        servers.start(name);
    }

    @Override
    public void stop(String name) {
        servers.stop(name);
    }

    @Override
    public void remove(String name) throws InterruptedException {
        servers.delete(name);
    }
}
