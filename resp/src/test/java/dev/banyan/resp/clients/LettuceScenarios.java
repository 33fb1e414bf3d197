package dev.banyan.resp.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.lettuce.core.BitFieldArgs;
import io.lettuce.core.Consumer;
import io.lettuce.core.GeoArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What Lettuce is used for: it pipelines by itself over one connection that all threads share. */
final class LettuceScenarios {
    private static final int BIG = 100 << 20;
    private static final int MANY = 20_000;

    private LettuceScenarios() {}

    static List<Scenario<LettuceClients>> all() {
        return List.of(
                new Scenario<>("strings", LettuceScenarios::strings),
                new Scenario<>("hashes", LettuceScenarios::hashes),
                new Scenario<>("lists and sets", LettuceScenarios::listsAndSets),
                new Scenario<>("sorted sets", LettuceScenarios::sortedSets),
                new Scenario<>("streams", LettuceScenarios::streams),
                new Scenario<>("geography and bits", LettuceScenarios::geographyAndBits),
                new Scenario<>("scripts", LettuceScenarios::scripts),
                new Scenario<>("transactions", LettuceScenarios::transactions),
                new Scenario<>("channels", LettuceScenarios::channels),
                new Scenario<>("blocking", LettuceScenarios::blocking),
                new Scenario<>("scan", LettuceScenarios::scan),
                new Scenario<>("pipelines", LettuceScenarios::pipelines),
                new Scenario<>("a big value", LettuceScenarios::bigValue),
                new Scenario<>("many keys at once", LettuceScenarios::manyKeysAtOnce),
                new Scenario<>("the connection itself", LettuceScenarios::connection),
                new Scenario<>("a client's own cache", LettuceScenarios::tracking));
    }

    private static void strings(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        assertThat(redis.set(clients.key("a"), "1", SetArgs.Builder.ex(100))).isEqualTo("OK");
        assertThat(redis.incrbyfloat(clients.key("a"), 1.25)).isEqualTo(2.25);
        assertThat(redis.setGet(clients.key("a"), "x")).isEqualTo("2.25");
        assertThat(redis.set(clients.key("a"), "y", SetArgs.Builder.nx())).isNull();
        assertThat(redis.getdel(clients.key("a"))).isEqualTo("x");
        assertThat(redis.get(clients.key("a"))).isNull();
    }

    private static void hashes(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        assertThat(redis.hset(clients.key("h"), Map.of("name", "fig", "age", "7"))).isEqualTo(2);
        assertThat(redis.hgetall(clients.key("h"))).containsOnly(entry("name", "fig"), entry("age", "7"));
        assertThat(redis.hmget(clients.key("h"), "age", "absent")).containsExactly(KeyValue.just("age", "7"), KeyValue.empty("absent"));
        assertThat(redis.hrandfieldWithvalues(clients.key("h"), 2)).hasSize(2);
        assertThat(redis.hscan(clients.key("h")).getMap()).hasSize(2);
    }

    private static void listsAndSets(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        redis.rpush(clients.key("l"), "a", "b", "c");
        assertThat(redis.lmove(clients.key("l"), clients.key("m"), LMoveArgs.Builder.leftRight())).isEqualTo("a");
        assertThat(redis.lrange(clients.key("l"), 0, -1)).containsExactly("b", "c");
        redis.sadd(clients.key("s"), "1", "2");
        redis.sadd(clients.key("t"), "2", "3");
        assertThat(redis.sunion(clients.key("s"), clients.key("t"))).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(redis.sismember(clients.key("s"), "1")).isTrue();
    }

    private static void sortedSets(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        redis.zadd(clients.key("z"), 1.0, "one", 2.5, "two", Double.NEGATIVE_INFINITY, "least");
        assertThat(redis.zrangeWithScores(clients.key("z"), 0, 0).getFirst().getScore()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(redis.zrangebyscore(clients.key("z"), Range.create(1, 3))).containsExactly("one", "two");
        assertThat(redis.zscore(clients.key("z"), "absent")).isNull();
        assertThat(redis.zpopmax(clients.key("z")).getValue()).isEqualTo("two");
        assertThat(redis.zinterstore(clients.key("i"), clients.key("z"), clients.key("z"))).isEqualTo(2);
    }

    @SuppressWarnings("unchecked") // an array of the generic offsets, which Lettuce wants
    private static void streams(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        List<String> ids = IntStream.range(0, 5).mapToObj(i -> redis.xadd(clients.key("s"), Map.of("n", String.valueOf(i)))).toList();
        assertThat(redis.xgroupCreate(XReadArgs.StreamOffset.from(clients.key("s"), "0"), "g")).isEqualTo("OK");
        List<StreamMessage<String, String>> given = redis.xreadgroup(Consumer.from("g", "c"), XReadArgs.Builder.count(2).block(1000), XReadArgs.StreamOffset.lastConsumed(clients.key("s")));
        assertThat(given).extracting(StreamMessage::getId).containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(redis.xack(clients.key("s"), "g", ids.get(0))).isEqualTo(1);
        assertThat(redis.xpending(clients.key("s"), "g").getCount()).isEqualTo(1);
        assertThat(redis.xread(XReadArgs.Builder.block(100), XReadArgs.StreamOffset.latest(clients.key("s")))).isEmpty();
        assertThat(redis.xrange(clients.key("s"), Range.create("-", "+"))).hasSize(5);
    }

    private static void geographyAndBits(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        redis.geoadd(clients.key("g"), 13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania");
        assertThat(redis.geodist(clients.key("g"), "Palermo", "Catania", GeoArgs.Unit.km)).isBetween(166.0, 167.0);
        assertThat(redis.setbit(clients.key("b"), 100, 1)).isZero();
        assertThat(redis.bitcount(clients.key("b"))).isEqualTo(1);
        assertThat(redis.bitfield(clients.key("f"), BitFieldArgs.Builder.set(BitFieldArgs.unsigned(8), 0, 200).incrBy(BitFieldArgs.unsigned(8), 0, 100))).containsExactly(0L, 44L);
        redis.pfadd(clients.key("p"), "a", "b", "c");
        assertThat(redis.pfcount(clients.key("p"))).isEqualTo(3);
    }

    private static void scripts(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        String[] keys = {clients.key("n")};
        Long counted = redis.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", ScriptOutputType.INTEGER, keys, "5");
        assertThat(counted).isEqualTo(5);
        String sha = redis.scriptLoad("return {KEYS[1], ARGV[1], 3.9, false}");
        List<Object> several = redis.evalsha(sha, ScriptOutputType.MULTI, keys, "x");
        assertThat(several).isEqualTo(Arrays.asList(keys[0], "x", 3L, null));
        assertThatThrownBy(() -> redis.evalsha("f".repeat(40), ScriptOutputType.VALUE, keys)).isInstanceOf(RedisNoScriptException.class);
    }

    private static void transactions(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        redis.watch(clients.key("a"));
        clients.commands().set(clients.key("a"), "theirs");
        redis.multi();
        assertThat(redis.set(clients.key("a"), "mine")).as("queued").isNull();
        assertThat(redis.exec().wasDiscarded()).isTrue();
        redis.multi();
        redis.incr(clients.key("n"));
        redis.hset(clients.key("h"), "f", "v");
        TransactionResult both = redis.exec();
        assertThat(both.<Long>get(0)).isEqualTo(1);
        assertThat(both.<Boolean>get(1)).isTrue();
    }

    private static void channels(LettuceClients clients) throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        StatefulRedisPubSubConnection<String, String> subscriber = clients.subscriber();
        subscriber.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                heard.add(channel + " " + message);
            }

            @Override
            public void message(String pattern, String channel, String message) {
                heard.add(pattern + " " + channel + " " + message);
            }

            @Override
            public void smessage(String channel, String message) {
                heard.add("shard " + channel + " " + message);
            }
        });
        subscriber.sync().subscribe(clients.key("c"));
        subscriber.sync().psubscribe(clients.key("p*"));
        subscriber.sync().ssubscribe(clients.key("s"));
        RedisCommands<String, String> redis = clients.commands();
        redis.publish(clients.key("c"), "1");
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(clients.key("c") + " 1");
        redis.publish(clients.key("px"), "2");
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(clients.key("p*") + " " + clients.key("px") + " 2");
        redis.spublish(clients.key("s"), "3");
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("shard " + clients.key("s") + " 3");
        assertThat(redis.pubsubNumpat()).isPositive();
        subscriber.sync().unsubscribe(clients.key("c"));
        assertThat(redis.publish(clients.key("c"), "4")).isZero();
        subscriber.sync().ping(); // a subscriber may still ask
    }

    private static void blocking(LettuceClients clients) throws Exception {
        RedisAsyncCommands<String, String> waiting = clients.open().async();
        RedisFuture<KeyValue<String, String>> popped = waiting.blpop(20, clients.key("a"), clients.key("b"));
        RedisFuture<String> behind = waiting.set(clients.key("behind"), "it");
        RedisCommands<String, String> other = clients.commands();
        assertThat(other.ping()).isEqualTo("PONG");
        assertThat(popped.isDone()).isFalse();
        other.rpush(clients.key("b"), "v");
        assertThat(popped.get(60, TimeUnit.SECONDS)).isEqualTo(KeyValue.just(clients.key("b"), "v"));
        assertThat(behind.get(60, TimeUnit.SECONDS)).as("what was sent behind it is done after it").isEqualTo("OK");
        assertThat(other.blpop(0.1, clients.key("a"))).isNull();
    }

    private static void scan(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        String prefix = "lettuce" + clients.protocol() + ":";
        Set<String> wanted = new HashSet<>();
        IntStream.range(0, 500).forEach(i -> {
            wanted.add(prefix + i);
            redis.set(prefix + i, "v");
        });
        Set<String> found = new HashSet<>();
        ScanArgs match = ScanArgs.Builder.matches(prefix + "*").limit(50);
        KeyScanCursor<String> cursor = redis.scan(match);
        found.addAll(cursor.getKeys());
        while (!cursor.isFinished()) {
            cursor = redis.scan(ScanCursor.of(cursor.getCursor()), match);
            found.addAll(cursor.getKeys());
        }
        assertThat(found).isEqualTo(wanted);
    }

    private static void pipelines(LettuceClients clients) throws Exception {
        StatefulRedisConnection<String, String> connection = clients.open();
        connection.setAutoFlushCommands(false);
        RedisAsyncCommands<String, String> redis = connection.async();
        List<RedisFuture<Long>> counts = new ArrayList<>();
        List<RedisFuture<String>> values = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            String key = clients.protocol() + "lettuce-pipelined:" + i;
            redis.set(key, String.valueOf(i));
            values.add(redis.get(key));
            counts.add(redis.incr(clients.key("n")));
        }
        connection.flushCommands();
        for (int i = 0; i < MANY; i++) {
            assertThat(values.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(String.valueOf(i));
            assertThat(counts.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i + 1L);
        }
    }

    private static void bigValue(LettuceClients clients) {
        RedisCommands<byte[], byte[]> redis = clients.openBytes().sync();
        byte[] key = clients.key("big").getBytes(StandardCharsets.UTF_8);
        byte[] big = new byte[BIG];
        Arrays.fill(big, BIG / 2, BIG, (byte) 7);
        assertThat(redis.set(key, big)).isEqualTo("OK");
        assertThat(Arrays.equals(redis.get(key), big)).isTrue();
        assertThat(redis.del(key)).isEqualTo(1);
    }

    private static void manyKeysAtOnce(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        String[] keys = IntStream.range(0, 50).mapToObj(i -> clients.protocol() + "lettuce-many:" + i).toArray(String[]::new);
        for (String key : keys) {
            redis.set(key, "of " + key);
        }
        assertThat(redis.mget(keys)).isEqualTo(Arrays.stream(keys).map(key -> KeyValue.just(key, "of " + key)).toList());
        assertThat(redis.del(keys)).isEqualTo(50);
        if (clients.several()) {
            assertThatThrownBy(() -> redis.mset(Map.of(keys[0], "1", keys[1], "2", keys[2], "3", keys[3], "4"))).isInstanceOf(RedisCommandExecutionException.class).hasMessageContaining("CROSSSLOT");
        }
    }

    private static void connection(LettuceClients clients) {
        RedisCommands<String, String> redis = clients.commands();
        assertThat(redis.clientGetname()).as("set by HELLO or CLIENT SETNAME when it connected").isEqualTo("lettuce");
        assertThat(redis.clientId()).isPositive();
        assertThat(redis.info("server")).contains("redis_version");
        assertThat(redis.commandCount()).isGreaterThan(200);
        assertThat(redis.select(2)).isEqualTo("OK");
        redis.set(clients.key("a"), "in 2");
        assertThat(clients.commands().get(clients.key("a"))).isNull();
        assertThat(redis.time()).hasSize(2);
    }

    /** Client tracking: what a client keeps is taken back when another writes. It needs version 3. */
    private static void tracking(LettuceClients clients) {
        if (clients.protocol() != ProtocolVersion.RESP3) {
            return;
        }
        Map<String, String> kept = new ConcurrentHashMap<>();
        RedisCommands<String, String> other = clients.commands();
        other.set(clients.key("a"), "old");
        try (CacheFrontend<String, String> cache = ClientSideCaching.enable(
                CacheAccessor.forMap(kept), clients.open(), TrackingArgs.Builder.enabled())) {
            assertThat(cache.get(clients.key("a"))).isEqualTo("old");
            assertThat(kept).containsEntry(clients.key("a"), "old");
            other.set(clients.key("a"), "new");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (kept.containsKey(clients.key("a"))) {
                assertThat(System.nanoTime() - until).as("until the client hears of the change").isNegative();
            }
            assertThat(cache.get(clients.key("a"))).isEqualTo("new");
        }
    }
}
