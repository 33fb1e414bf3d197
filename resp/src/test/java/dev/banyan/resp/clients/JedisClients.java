package dev.banyan.resp.clients;

import dev.banyan.resp.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.JedisShardedPubSub;
import redis.clients.jedis.RedisProtocol;

/** Jedis' connections to one place in one version of the protocol. Closing it closes them all. */
final class JedisClients implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern BLOCKED = Pattern.compile("blocked_clients:(\\d+)");

    private final Way.Place place;
    private final HostAndPort at;
    private final DefaultJedisClientConfig config;
    private final String tag;
    private final boolean several;
    private final List<Jedis> open = new ArrayList<>();

    JedisClients(Way.Place place, RedisProtocol protocol, String tag, boolean several) {
        this.place = place;
        this.at = new HostAndPort(place.at().host(), place.at().port());
        this.config = config(protocol).build();
        this.tag = tag;
        this.several = several;
    }

    static DefaultJedisClientConfig.Builder config(RedisProtocol protocol) {
        return DefaultJedisClientConfig.builder().protocol(protocol).connectionTimeoutMillis(PATIENCE_MILLIS).socketTimeoutMillis(PATIENCE_MILLIS);
    }

    /** A new connection. */
    Jedis open() {
        Jedis jedis = new Jedis(at, config);
        open.add(jedis);
        return jedis;
    }

    /** Clients that wait in a blocking command, as the nodes themselves count them. */
    int blocked() {
        int blocked = 0;
        for (Node node : place.nodes()) {
            try (Jedis jedis = new Jedis(node.address().host(), node.address().port())) {
                Matcher found = BLOCKED.matcher(jedis.info("clients"));
                blocked += found.find() ? Integer.parseInt(found.group(1)) : 0;
            }
        }
        return blocked;
    }

    HostAndPort at() {
        return at;
    }

    RedisProtocol protocol() {
        return config.getRedisProtocol();
    }

    /** A key of this scenario; all of them lie on one node. */
    String key(String name) {
        return tag + name;
    }

    /** Whether keys without a common tag may be on different nodes. */
    boolean several() {
        return several;
    }

    @Override
    public void close() {
        open.forEach(Jedis::close);
    }

    /** What a subscriber hears, as words with blanks between. */
    static final class Heard extends JedisPubSub {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return words.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        public void onMessage(String channel, String message) {
            words.add(String.join(" ", "message", channel, message));
        }

        @Override
        public void onPMessage(String pattern, String channel, String message) {
            words.add(String.join(" ", "pmessage", pattern, channel, message));
        }

        @Override
        public void onSubscribe(String channel, int count) {
            words.add(String.join(" ", "subscribe", channel, String.valueOf(count)));
        }

        @Override
        public void onPSubscribe(String pattern, int count) {
            words.add(String.join(" ", "psubscribe", pattern, String.valueOf(count)));
        }

        @Override
        public void onUnsubscribe(String channel, int count) {
            words.add(String.join(" ", "unsubscribe", channel, String.valueOf(count)));
        }

        @Override
        public void onPUnsubscribe(String pattern, int count) {
            words.add(String.join(" ", "punsubscribe", pattern, String.valueOf(count)));
        }
    }

    /** The same of a sharded channel. */
    static final class HeardOfShard extends JedisShardedPubSub {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return words.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        public void onSMessage(String channel, String message) {
            words.add(String.join(" ", "smessage", channel, message));
        }

        @Override
        public void onSSubscribe(String channel, int count) {
            words.add(String.join(" ", "ssubscribe", channel, String.valueOf(count)));
        }

        @Override
        public void onSUnsubscribe(String channel, int count) {
            words.add(String.join(" ", "sunsubscribe", channel, String.valueOf(count)));
        }
    }
}
