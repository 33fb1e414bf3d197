package dev.banyan.resp.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** What Jedis is used for beyond single values: what lasts longer than a command, concerns many keys, or the connection itself. */
final class JedisSessionScenarios {
    private static final int BIG = 100 << 20;
    private static final int MANY = 10_000;

    private JedisSessionScenarios() {}

    static List<Scenario<JedisClients>> all() {
        return List.of(
                new Scenario<>("transactions", JedisSessionScenarios::transactions),
                new Scenario<>("watched keys", JedisSessionScenarios::watchedKeys),
                new Scenario<>("channels", JedisSessionScenarios::channels),
                new Scenario<>("patterns of channels", JedisSessionScenarios::patterns),
                new Scenario<>("sharded channels", JedisSessionScenarios::shardedChannels),
                new Scenario<>("blocking", JedisSessionScenarios::blocking),
                new Scenario<>("scan", JedisSessionScenarios::scan),
                new Scenario<>("pipelines", JedisSessionScenarios::pipelines),
                new Scenario<>("a big value", JedisSessionScenarios::bigValue),
                new Scenario<>("many keys at once", JedisSessionScenarios::manyKeysAtOnce),
                new Scenario<>("errors", JedisSessionScenarios::errors),
                new Scenario<>("the connection itself", JedisSessionScenarios::connection),
                new Scenario<>("databases", JedisSessionScenarios::databases));
    }

    private static void transactions(JedisClients clients) {
        Jedis jedis = clients.open();
        Transaction both = jedis.multi();
        Response<Long> first = both.incr(clients.key("a"));
        Response<String> second = both.set(clients.key("b"), "v");
        both.hset(clients.key("b"), "f", "v");
        assertThat(both.exec()).hasSize(3).last().isInstanceOf(JedisDataException.class);
        assertThat(first.get()).isEqualTo(1);
        assertThat(second.get()).isEqualTo("OK");
        Transaction none = jedis.multi();
        none.incr(clients.key("a"));
        assertThat(none.discard()).isEqualTo("OK");
        assertThat(jedis.get(clients.key("a"))).isEqualTo("1");
        assertThat(jedis.multi().exec()).isEmpty();
        jedis.sendCommand(Protocol.Command.MULTI);
        assertThatThrownBy(() -> jedis.sendCommand(Protocol.Command.GET)).hasMessageContaining("wrong number of arguments");
        assertThatThrownBy(() -> jedis.sendCommand(Protocol.Command.EXEC)).hasMessageStartingWith("EXECABORT");
    }

    private static void watchedKeys(JedisClients clients) {
        Jedis jedis = clients.open();
        Jedis other = clients.open();
        String key = clients.key("w");
        assertThat(jedis.watch(key)).isEqualTo("OK");
        other.set(key, "theirs");
        Transaction late = jedis.multi();
        late.set(key, "mine");
        assertThat(late.exec()).as("another has written").isNull();
        assertThat(jedis.get(key)).isEqualTo("theirs");
        jedis.watch(key);
        Transaction alone = jedis.multi();
        alone.set(key, "mine");
        assertThat(alone.exec()).containsExactly("OK");
        jedis.watch(key);
        other.set(key, "again");
        assertThat(jedis.unwatch()).isEqualTo("OK");
        Transaction unwatched = jedis.multi();
        unwatched.get(key);
        assertThat(unwatched.exec()).containsExactly("again");
    }

    private static void channels(JedisClients clients) throws Exception {
        JedisClients.Heard heard = new JedisClients.Heard();
        String news = clients.key("news");
        CompletableFuture<Void> subscriber = Background.run(() -> clients.open().subscribe(heard, news, clients.key("other")));
        assertThat(heard.next()).isEqualTo("subscribe " + news + " 1");
        assertThat(heard.next()).isEqualTo("subscribe " + clients.key("other") + " 2");
        Jedis publisher = clients.open();
        assertThat(publisher.publish(news, "first")).isEqualTo(1);
        assertThat(publisher.publish(clients.key("nobody"), "x")).isZero();
        publisher.publish(clients.key("other"), "second");
        assertThat(heard.next()).isEqualTo("message " + news + " first");
        assertThat(heard.next()).isEqualTo("message " + clients.key("other") + " second");
        heard.unsubscribe();
        assertThat(List.of(heard.next(), heard.next())).as("in no certain order").satisfiesExactlyInAnyOrder(
                word -> assertThat(word).startsWith("unsubscribe " + news), word -> assertThat(word).startsWith("unsubscribe " + clients.key("other"))).last().asString().endsWith(" 0");
        subscriber.get(60, TimeUnit.SECONDS);
    }

    private static void patterns(JedisClients clients) throws Exception {
        JedisClients.Heard heard = new JedisClients.Heard();
        CompletableFuture<Void> subscriber = Background.run(() -> clients.open().psubscribe(heard, clients.key("n*s")));
        assertThat(heard.next()).isEqualTo("psubscribe " + clients.key("n*s") + " 1");
        Jedis publisher = clients.open();
        assertThat(publisher.publish(clients.key("nuts"), "1")).isEqualTo(1);
        assertThat(publisher.publish(clients.key("nut"), "2")).isZero();
        publisher.publish(clients.key("names"), "3");
        assertThat(heard.next()).isEqualTo("pmessage " + clients.key("n*s") + " " + clients.key("nuts") + " 1");
        assertThat(heard.next()).as("exactly once, however many nodes there are").isEqualTo("pmessage " + clients.key("n*s") + " " + clients.key("names") + " 3");
        heard.punsubscribe();
        assertThat(heard.next()).isEqualTo("punsubscribe " + clients.key("n*s") + " 0");
        subscriber.get(60, TimeUnit.SECONDS);
    }

    private static void shardedChannels(JedisClients clients) throws Exception {
        JedisClients.HeardOfShard heard = new JedisClients.HeardOfShard();
        CompletableFuture<Void> subscriber = Background.run(() -> heard.proceed(clients.open().getConnection(), clients.key("shard")));
        assertThat(heard.next()).isEqualTo("ssubscribe " + clients.key("shard") + " 1");
        assertThat(clients.open().sendCommand(Protocol.Command.SPUBLISH, clients.key("shard"), "hello")).isEqualTo(1L);
        assertThat(heard.next()).isEqualTo("smessage " + clients.key("shard") + " hello");
        heard.sunsubscribe();
        assertThat(heard.next()).isEqualTo("sunsubscribe " + clients.key("shard") + " 0");
        subscriber.get(60, TimeUnit.SECONDS);
    }

    private static void blocking(JedisClients clients) throws Exception {
        Jedis waiting = clients.open();
        Jedis other = clients.open();
        CompletableFuture<Void> popped = Background.run(() -> assertThat(waiting.blpop(20, clients.key("a"), clients.key("b"))).containsExactly(clients.key("b"), "v"));
        assertThat(other.ping()).as("a client that waits holds up nobody").isEqualTo("PONG");
        awaitBlocked(clients, 1);
        other.rpush(clients.key("b"), "v");
        popped.get(60, TimeUnit.SECONDS);
        assertThat(waiting.blpop(1, clients.key("a"))).isNull();
        other.rpush(clients.key("c"), "x");
        assertThat(waiting.blmove(clients.key("c"), clients.key("d"), ListDirection.LEFT, ListDirection.LEFT, 5)).isEqualTo("x");
        other.zadd(clients.key("z"), 1, "m");
        assertThat(waiting.bzpopmin(5, clients.key("z")).getValue().getElement()).isEqualTo("m");
        assertThat(waiting.get(clients.key("a"))).as("the connection goes on").isNull();
    }

    private static void awaitBlocked(JedisClients clients, int count) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (clients.blocked() < count) {
            assertThat(System.nanoTime() - until).as("until a client waits at a node").isNegative();
        }
    }

    private static void scan(JedisClients clients) {
        Jedis jedis = clients.open();
        String prefix = "scan" + clients.protocol() + ":";
        Set<String> wanted = new HashSet<>();
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < 1000; i++) {
            wanted.add(prefix + i);
            pipeline.set(prefix + i, "v");
        }
        pipeline.sync();
        List<String> found = new ArrayList<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = jedis.scan(cursor, new ScanParams().match(prefix + "*").count(100));
            found.addAll(page.getResult());
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        assertThat(new HashSet<>(found)).isEqualTo(wanted);
        assertThat(jedis.keys(prefix + "*")).isEqualTo(wanted);
        assertThat(jedis.dbSize()).isGreaterThanOrEqualTo(1000);
    }

    private static void pipelines(JedisClients clients) {
        Jedis jedis = clients.open();
        Pipeline pipeline = jedis.pipelined();
        List<Response<Long>> counts = new ArrayList<>();
        List<Response<String>> values = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            String key = clients.protocol() + "pipelined:" + i;
            pipeline.set(key, String.valueOf(i));
            values.add(pipeline.get(key));
            counts.add(pipeline.incr(clients.key("count")));
        }
        Response<List<String>> wrong = pipeline.lrange(clients.key("count"), 0, 1);
        pipeline.sync();
        for (int i = 0; i < MANY; i++) {
            assertThat(values.get(i).get()).isEqualTo(String.valueOf(i));
            assertThat(counts.get(i).get()).isEqualTo(i + 1L);
        }
        assertThatThrownBy(wrong::get).hasMessageStartingWith("WRONGTYPE");
    }

    private static void bigValue(JedisClients clients) {
        Jedis jedis = clients.open();
        byte[] big = new byte[BIG];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) (i * 31 + (i >> 13));
        }
        byte[] key = clients.key("big").getBytes(StandardCharsets.UTF_8);
        assertThat(jedis.set(key, big)).isEqualTo("OK");
        assertThat(jedis.strlen(key)).isEqualTo(BIG);
        assertThat(Arrays.equals(jedis.get(key), big)).isTrue();
        assertThat(jedis.getrange(key, 0, 9)).isEqualTo(Arrays.copyOf(big, 10));
        assertThat(jedis.del(key)).isEqualTo(1);
    }

    private static void manyKeysAtOnce(JedisClients clients) {
        Jedis jedis = clients.open();
        String[] keys = IntStream.range(0, 100).mapToObj(i -> clients.protocol() + "many:" + i).toArray(String[]::new);
        for (String key : keys) {
            jedis.set(key, "of " + key);
        }
        assertThat(jedis.mget(keys)).containsExactly(Stream.of(keys).map(key -> "of " + key).toArray(String[]::new));
        assertThat(jedis.exists(keys)).isEqualTo(100);
        assertThat(jedis.touch(keys)).isEqualTo(100);
        assertThat(jedis.unlink(Arrays.copyOf(keys, 50))).isEqualTo(50);
        assertThat(jedis.del(keys)).isEqualTo(50);
        assertThat(jedis.mset(clients.key("a"), "1", clients.key("b"), "2")).as("with one tag they are on one node").isEqualTo("OK");
        if (clients.several()) {
            assertThatThrownBy(() -> jedis.mset(keys)).as("never half").isInstanceOf(JedisDataException.class).hasMessageContaining("CROSSSLOT");
            assertThatThrownBy(() -> jedis.sinter(keys)).hasMessageContaining("CROSSSLOT");
            assertThat(jedis.exists(keys)).isZero();
        }
    }

    private static void errors(JedisClients clients) {
        Jedis jedis = clients.open();
        jedis.set(clients.key("s"), "text");
        assertThatThrownBy(() -> jedis.incr(clients.key("s"))).isInstanceOf(JedisDataException.class).hasMessage("ERR value is not an integer or out of range");
        assertThatThrownBy(() -> jedis.lpush(clients.key("s"), "x")).hasMessage("WRONGTYPE Operation against a key holding the wrong kind of value");
        assertThatThrownBy(() -> jedis.sendCommand(() -> "NOSUCH".getBytes(StandardCharsets.US_ASCII), "arg")).hasMessageStartingWith("ERR unknown command 'NOSUCH'");
        assertThatThrownBy(() -> jedis.sendCommand(Protocol.Command.GET)).hasMessage("ERR wrong number of arguments for 'get' command");
        assertThat(jedis.get(clients.key("s"))).as("the connection goes on").isEqualTo("text");
    }

    private static void connection(JedisClients clients) {
        Jedis jedis = clients.open();
        assertThat(jedis.ping()).isEqualTo("PONG");
        assertThat(jedis.ping("hello")).isEqualTo("hello");
        assertThat(jedis.echo("hello")).isEqualTo("hello");
        assertThat(jedis.clientSetname("fig")).isEqualTo("OK");
        assertThat(jedis.clientGetname()).isEqualTo("fig");
        assertThat(jedis.clientId()).isPositive();
        assertThat(jedis.clientInfo()).contains("name=fig");
        assertThat(jedis.time()).hasSize(2);
        assertThat(jedis.info()).contains("redis_version:");
        assertThat(jedis.commandCount()).isGreaterThan(200);
        assertThat(jedis.configGet("maxmemory")).containsKey("maxmemory");
        try (Jedis named = new Jedis(clients.at(), JedisClients.config(clients.protocol()).clientName("by-config").clientSetInfoConfig(ClientSetInfoConfig.DEFAULT).build())) {
            assertThat(named.clientGetname()).isEqualTo("by-config");
        }
        jedis.watch(clients.key("w"));
        assertThat(jedis.reset()).isEqualTo("RESET");
        assertThat(jedis.clientGetname()).isNull();
        assertThat(jedis.sendCommand(() -> "QUIT".getBytes(StandardCharsets.US_ASCII))).isEqualTo("OK".getBytes(StandardCharsets.US_ASCII));
    }

    private static void databases(JedisClients clients) {
        Jedis jedis = clients.open();
        jedis.set(clients.key("a"), "in 0");
        assertThat(jedis.select(3)).isEqualTo("OK");
        assertThat(jedis.get(clients.key("a"))).isNull();
        jedis.set(clients.key("a"), "in 3");
        Transaction there = jedis.multi();
        Response<String> value = there.get(clients.key("a"));
        there.exec();
        assertThat(value.get()).isEqualTo("in 3");
        assertThat(clients.open().get(clients.key("a"))).as("each connection has its own").isEqualTo("in 0");
        assertThat(jedis.move(clients.key("a"), 5)).isEqualTo(1);
        jedis.select(5);
        assertThat(jedis.get(clients.key("a"))).isEqualTo("in 3");
        assertThatThrownBy(() -> jedis.select(99)).hasMessage("ERR DB index is out of range");
        try (Jedis first = new Jedis(clients.at(), JedisClients.config(clients.protocol()).database(5).build())) {
            assertThat(first.get(clients.key("a"))).isEqualTo("in 3");
        }
    }
}
