package dev.banyan.photos;

import java.net.URI;
import redis.clients.jedis.util.JedisURIHelper;

/** Where the cache is: {@code redis://USER:PASSWORD@HOST:PORT/DATABASE}, or {@code rediss} for TLS. Never shows the password. */
record RedisAddress(URI uri) {
    /** @throws IllegalArgumentException without a word of what it was, for it may hold a password */
    static RedisAddress of(String text) {
        try {
            URI uri = URI.create(text.strip());
            if ((JedisURIHelper.isRedisScheme(uri) || JedisURIHelper.isRedisSSLScheme(uri)) && uri.getHost() != null && uri.getPort() > 0) {
                return new RedisAddress(uri);
            }
        } catch (IllegalArgumentException e) {
            // Its message holds the whole URL: said below in our own words.
        }
        throw new IllegalArgumentException("REDIS_URL must look like redis://user:password@host:6379 (special characters in the password as %XX)");
    }

    @Override
    public String toString() {
        return "RedisAddress[" + uri.getHost() + ":" + uri.getPort() + "]";
    }
}
