package dev.banyan.photos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * A cache in the Redis protocol that loads what is read and writes what is counted by itself, as its own declaration says (docs/photos.md lists the
 * keys). A plain Redis will do too: it has none of the documents and counters, and pictures alone are kept in it.
 *
 * <p>Commands wait half a second at most, and when three in a row have failed none is sent for a second: a cache that is ill costs a page little. How
 * much then falls on the database is bounded by its pool.
 */
final class RedisCache implements Cache {
    private static final int CONNECTIONS = 24;
    private static final Duration TO_BORROW = Duration.ofMillis(100);
    private static final Duration TO_CONNECT = Duration.ofMillis(250);
    private static final Duration TO_ANSWER = Duration.ofMillis(500);

    private final RedisClient redis;
    private final Patience patience = new Patience();

    RedisCache(RedisAddress address, String instance) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(TO_BORROW);
        this.redis = RedisClient.builder()
                .hostAndPort(address.uri().getHost(), address.uri().getPort())
                .clientConfig(DefaultJedisClientConfig.builder(address.uri()).clientName("photos-" + instance.replaceAll("[^!-~]", "_"))
                        .connectionTimeoutMillis((int) TO_CONNECT.toMillis()).socketTimeoutMillis((int) TO_ANSWER.toMillis()).build())
                .poolConfig(pool)
                .build();
    }

    @Override
    public Found ask(String... keys) {
        if (keys.length == 1) {
            return ask("GET " + prefix(keys[0]), client -> client.get(keys[0])).map(value -> new Found(Map.of(keys[0], value))).orElse(Found.NOTHING);
        }
        List<String> values = ask("MGET " + prefix(keys[0]), client -> client.mget(keys)).orElse(List.of());
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) != null) {
                found.put(keys[i], values.get(i));
            }
        }
        return new Found(found);
    }

    @Override
    public void forget(String... keys) {
        ask("DEL " + prefix(keys[0]), client -> client.del(keys));
    }

    /** On a connection that was taken by hand: so it is known whether the command was sent. Even a refusal is a doubt, for it may be about the answer's way. */
    @Override
    public Added add(String counter, long amount) {
        if (!patience.mayAsk()) {
            return new Added.Not();
        }
        Connection connection;
        try {
            connection = redis.getPool().getResource();
        } catch (JedisException e) {
            patience.failed("INCRBY " + prefix(counter), e);
            return new Added.Not();
        }
        try (connection) {
            connection.sendCommand(Protocol.Command.INCRBY, counter, Long.toString(amount));
            long number = connection.getIntegerReply();
            patience.answered();
            return new Added.Now(number);
        } catch (JedisDataException e) {
            patience.refused("INCRBY " + prefix(counter), e);
        } catch (JedisException e) {
            patience.failed("INCRBY " + prefix(counter), e);
        }
        return new Added.Unknown();
    }

    @Override
    public Optional<byte[]> bytes(String key) {
        return ask("GET " + prefix(key), client -> client.get(key.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void keep(String key, byte[] bytes, Duration time) {
        ask("SET " + prefix(key), client -> client.set(key.getBytes(StandardCharsets.US_ASCII), bytes, new SetParams().ex(time.toSeconds())));
    }

    /** What the command gives; empty for nil, and when it failed or was not tried. */
    private <T> Optional<T> ask(String what, Function<RedisClient, T> command) {
        if (!patience.mayAsk()) {
            return Optional.empty();
        }
        try {
            T answer = command.apply(redis);
            patience.answered();
            return Optional.ofNullable(answer);
        } catch (JedisDataException e) {
            patience.refused(what, e);
        } catch (JedisException e) {
            patience.failed(what, e);
        }
        return Optional.empty();
    }

    /** Keys hold whom they belong to: the log shows their kind alone. */
    private static String prefix(String key) {
        return key.substring(0, key.indexOf(':') + 1);
    }

    @Override
    public void close() {
        redis.close();
    }
}
