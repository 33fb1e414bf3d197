package dev.banyan.resp.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.BitOP;
import redis.clients.jedis.args.GeoUnit;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.params.ZRangeParams;
import redis.clients.jedis.resps.StreamEntry;

/** What Jedis is used for: every type of value, and programs that run at the node. */
final class JedisDataScenarios {
    private JedisDataScenarios() {}

    static List<Scenario<JedisClients>> all() {
        return List.of(
                new Scenario<>("strings", JedisDataScenarios::strings),
                new Scenario<>("bytes", JedisDataScenarios::bytes),
                new Scenario<>("keys", JedisDataScenarios::keys),
                new Scenario<>("hashes", JedisDataScenarios::hashes),
                new Scenario<>("lists", JedisDataScenarios::lists),
                new Scenario<>("sets", JedisDataScenarios::sets),
                new Scenario<>("sorted sets", JedisDataScenarios::sortedSets),
                new Scenario<>("streams", JedisDataScenarios::streams),
                new Scenario<>("geography", JedisDataScenarios::geography),
                new Scenario<>("bits", JedisDataScenarios::bits),
                new Scenario<>("hyperloglogs", JedisDataScenarios::hyperLogLogs),
                new Scenario<>("scripts", JedisDataScenarios::scripts),
                new Scenario<>("functions", JedisDataScenarios::functions));
    }

    private static void strings(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("a");
        assertThat(jedis.set(key, "v1")).isEqualTo("OK");
        assertThat(jedis.set(key, "v2", SetParams.setParams().nx())).isNull();
        assertThat(jedis.get(key)).isEqualTo("v1");
        assertThat(jedis.append(key, "+more")).isEqualTo(7);
        assertThat(jedis.getrange(key, 2, 3)).isEqualTo("+m");
        assertThat(jedis.setGet(key, "10")).isEqualTo("v1+more");
        assertThat(jedis.incrBy(key, 32)).isEqualTo(42);
        assertThat(jedis.incrByFloat(key, 0.5)).isEqualTo(42.5);
        assertThat(jedis.set(key, "short", SetParams.setParams().ex(100))).isEqualTo("OK");
        assertThat(jedis.ttl(key)).isBetween(90L, 100L);
        assertThat(jedis.getDel(key)).isEqualTo("short");
        assertThat(jedis.get(key)).isNull();
    }

    private static void bytes(JedisClients clients) {
        Jedis jedis = clients.open();
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] key = (clients.key("\r\n$-1\r\n\0") + new String(all, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(jedis.set(key, all)).isEqualTo("OK");
        assertThat(jedis.get(key)).isEqualTo(all);
        assertThat(jedis.set(clients.key("empty"), "")).isEqualTo("OK");
        assertThat(jedis.get(clients.key("empty"))).isEmpty();
        assertThat(jedis.set(clients.key("ключ-鍵-🔑"), "зна́чення-値-🗝")).isEqualTo("OK");
        assertThat(jedis.get(clients.key("ключ-鍵-🔑"))).isEqualTo("зна́чення-値-🗝");
    }

    private static void keys(JedisClients clients) {
        Jedis jedis = clients.open();
        jedis.set(clients.key("a"), "1");
        assertThat(jedis.type(clients.key("a"))).isEqualTo("string");
        assertThat(jedis.objectEncoding(clients.key("a"))).isEqualTo("int");
        assertThat(jedis.rename(clients.key("a"), clients.key("b"))).isEqualTo("OK");
        assertThat(jedis.copy(clients.key("b"), clients.key("c"), false)).isTrue();
        byte[] dumped = jedis.dump(clients.key("c"));
        assertThat(jedis.restore(clients.key("d"), 0, dumped)).isEqualTo("OK");
        assertThat(jedis.expire(clients.key("d"), 50)).isEqualTo(1);
        assertThat(jedis.pttl(clients.key("d"))).isBetween(1L, 50_000L);
        assertThat(jedis.persist(clients.key("d"))).isEqualTo(1);
        assertThat(jedis.exists(clients.key("a"), clients.key("b"), clients.key("c"), clients.key("d"))).isEqualTo(3);
        assertThat(jedis.touch(clients.key("b"), clients.key("c"))).isEqualTo(2);
        assertThat(jedis.memoryUsage(clients.key("b"))).isPositive();
        assertThat(jedis.unlink(clients.key("b"), clients.key("c"), clients.key("d"))).isEqualTo(3);
        jedis.rpush(clients.key("numbers"), "3", "1", "2");
        assertThat(jedis.sort(clients.key("numbers"))).containsExactly("1", "2", "3");
    }

    private static void hashes(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("h");
        assertThat(jedis.hset(key, Map.of("name", "fig", "age", "7"))).isEqualTo(2);
        assertThat(jedis.hgetAll(key)).containsOnly(entry("name", "fig"), entry("age", "7"));
        assertThat(jedis.hincrBy(key, "age", 1)).isEqualTo(8);
        assertThat(jedis.hmget(key, "age", "absent")).containsExactly("8", null);
        assertThat(jedis.hkeys(key)).containsExactlyInAnyOrder("name", "age");
        assertThat(jedis.hrandfield(key, 2)).hasSize(2);
        assertThat(jedis.hscan(key, ScanParams.SCAN_POINTER_START, new ScanParams()).getResult()).hasSize(2);
        assertThat(jedis.hdel(key, "name", "age")).isEqualTo(2);
        assertThat(jedis.hgetAll(key)).isEmpty();
    }

    private static void lists(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("l");
        assertThat(jedis.rpush(key, "a", "b", "c")).isEqualTo(3);
        assertThat(jedis.lpush(key, "z")).isEqualTo(4);
        assertThat(jedis.lrange(key, 0, -1)).containsExactly("z", "a", "b", "c");
        assertThat(jedis.lpos(key, "b")).isEqualTo(2);
        assertThat(jedis.lmove(key, clients.key("other"), ListDirection.LEFT, ListDirection.RIGHT)).isEqualTo("z");
        assertThat(jedis.lpop(key, 2)).containsExactly("a", "b");
        assertThat(jedis.lpop(clients.key("absent"))).isNull();
        assertThat(jedis.ltrim(key, 0, 0)).isEqualTo("OK");
        assertThat(jedis.llen(key)).isEqualTo(1);
    }

    private static void sets(JedisClients clients) {
        Jedis jedis = clients.open();
        jedis.sadd(clients.key("a"), "1", "2", "3");
        jedis.sadd(clients.key("b"), "2", "3", "4");
        assertThat(jedis.smembers(clients.key("a"))).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(jedis.sinter(clients.key("a"), clients.key("b"))).containsExactlyInAnyOrder("2", "3");
        assertThat(jedis.sdiff(clients.key("a"), clients.key("b"))).containsExactly("1");
        assertThat(jedis.sunionstore(clients.key("u"), clients.key("a"), clients.key("b"))).isEqualTo(4);
        assertThat(jedis.smismember(clients.key("a"), "1", "9")).containsExactly(true, false);
        assertThat(jedis.smove(clients.key("a"), clients.key("b"), "1")).isEqualTo(1);
        assertThat(jedis.spop(clients.key("u"), 4)).hasSize(4);
        assertThat(jedis.exists(clients.key("u"))).isFalse();
    }

    private static void sortedSets(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("z");
        assertThat(jedis.zadd(key, Map.of("one", 1.0, "two", 2.5, "inf", Double.POSITIVE_INFINITY))).isEqualTo(3);
        assertThat(jedis.zrange(key, 0, -1)).containsExactly("one", "two", "inf");
        assertThat(jedis.zscore(key, "two")).isEqualTo(2.5);
        assertThat(jedis.zscore(key, "absent")).isNull();
        assertThat(jedis.zmscore(key, "inf", "absent")).containsExactly(Double.POSITIVE_INFINITY, null);
        assertThat(jedis.zincrby(key, 0.25, "one")).isEqualTo(1.25);
        assertThat(jedis.zrange(key, ZRangeParams.zrangeByScoreParams(1, 2))).containsExactly("one");
        assertThat(jedis.zrangeWithScores(key, 0, 0).getFirst().getScore()).isEqualTo(1.25);
        assertThat(jedis.zrank(key, "inf")).isEqualTo(2);
        assertThat(jedis.zpopmin(key).getElement()).isEqualTo("one");
        assertThat(jedis.zunionstore(clients.key("copy"), key)).isEqualTo(2);
        assertThat(jedis.zremrangeByRank(key, 0, -1)).isEqualTo(2);
    }

    private static void streams(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("s");
        List<StreamEntryID> ids = IntStream.range(0, 5).mapToObj(i -> jedis.xadd(key, XAddParams.xAddParams(), Map.of("n", String.valueOf(i)))).toList();
        assertThat(jedis.xlen(key)).isEqualTo(5);
        assertThat(jedis.xrange(key, ids.get(1), ids.get(2))).extracting(StreamEntry::getFields).containsExactly(Map.of("n", "1"), Map.of("n", "2"));
        assertThat(jedis.xreadAsMap(new XReadParams().count(2), Map.of(key, new StreamEntryID())).get(key)).hasSize(2);
        assertThat(jedis.xgroupCreate(key, "g", new StreamEntryID(), false)).isEqualTo("OK");
        List<StreamEntry> given = jedis.xreadGroupAsMap("g", "c1", new XReadGroupParams().count(3), Map.of(key, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY)).get(key);
        assertThat(given).extracting(StreamEntry::getID).containsExactlyElementsOf(ids.subList(0, 3));
        assertThat(jedis.xack(key, "g", ids.get(0))).isEqualTo(1);
        assertThat(jedis.xpending(key, "g").getTotal()).isEqualTo(2);
        assertThat(jedis.xinfoStream(key).getLength()).isEqualTo(5);
        assertThat(jedis.xtrim(key, 2, false)).isEqualTo(3);
        assertThat(jedis.xdel(key, ids.get(4))).isEqualTo(1);
    }

    private static void geography(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("sicily");
        jedis.geoadd(key, 13.361389, 38.115556, "Palermo");
        jedis.geoadd(key, 15.087269, 37.502669, "Catania");
        assertThat(jedis.geodist(key, "Palermo", "Catania", GeoUnit.KM)).isBetween(166.0, 167.0);
        assertThat(jedis.geosearch(key, "Palermo", 200, GeoUnit.KM)).extracting(found -> found.getMemberByString()).containsExactlyInAnyOrder("Palermo", "Catania");
        assertThat(jedis.geopos(key, "Palermo", "absent")).hasSize(2).last().isNull();
    }

    private static void bits(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("b");
        assertThat(jedis.setbit(key, 7, true)).isFalse();
        assertThat(jedis.getbit(key, 7)).isTrue();
        jedis.set(clients.key("c"), "ÿ");
        assertThat(jedis.bitcount(clients.key("c"))).isEqualTo(11);
        assertThat(jedis.bitop(BitOP.OR, clients.key("d"), key, clients.key("c"))).isEqualTo(2);
        assertThat(jedis.bitpos(key, true)).isEqualTo(7);
        assertThat(jedis.bitfield(clients.key("f"), "SET", "u8", "0", "200", "INCRBY", "u8", "0", "100", "GET", "u4", "0")).containsExactly(0L, 44L, 2L);
    }

    private static void hyperLogLogs(JedisClients clients) {
        Jedis jedis = clients.open();
        for (int i = 0; i < 1000; i++) {
            jedis.pfadd(clients.key("a"), "visitor-" + i);
        }
        jedis.pfadd(clients.key("b"), "another");
        assertThat(jedis.pfcount(clients.key("a"))).isBetween(980L, 1020L);
        assertThat(jedis.pfmerge(clients.key("m"), clients.key("a"), clients.key("b"))).isEqualTo("OK");
        assertThat(jedis.pfcount(clients.key("a"), clients.key("b"))).isEqualTo(jedis.pfcount(clients.key("m")));
    }

    private static void scripts(JedisClients clients) {
        Jedis jedis = clients.open();
        String key = clients.key("n");
        assertThat(jedis.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", List.of(key), List.of("5"))).isEqualTo(5L);
        String sha = jedis.scriptLoad("return {KEYS[1], ARGV[1], redis.call('GET', KEYS[1]), 3.9, false}");
        assertThat(jedis.scriptExists(sha)).isTrue();
        assertThat(jedis.evalsha(sha, List.of(key), List.of("x"))).isEqualTo(Arrays.asList(key, "x", "5", 3L, null));
        assertThatThrownBy(() -> jedis.evalsha("0".repeat(40), List.of(key), List.of())).isInstanceOf(JedisDataException.class).hasMessageStartingWith("NOSCRIPT");
        assertThatThrownBy(() -> jedis.eval("return redis.error_reply('MY own')", List.of(key), List.of())).hasMessageStartingWith("MY own");
    }

    private static void functions(JedisClients clients) {
        Jedis jedis = clients.open();
        String library = "lib" + clients.protocol() + (clients.several() ? "n" : "1");
        String code = "#!lua name=" + library + "\nredis.register_function('" + library + "_add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)";
        assertThat(jedis.functionLoadReplace(code)).isEqualTo(library);
        for (int i = 0; i < 20; i++) {
            assertThat(jedis.fcall(library + "_add", List.of(library + i), List.of("3"))).as("whichever node it is").isEqualTo(3L);
        }
        assertThat(jedis.functionList(library)).hasSize(1);
        assertThat(jedis.functionDelete(library)).isEqualTo("OK");
        assertThatThrownBy(() -> jedis.fcall(library + "_add", List.of(clients.key("n")), List.of("3"))).hasMessageContaining("Function not found");
    }
}
