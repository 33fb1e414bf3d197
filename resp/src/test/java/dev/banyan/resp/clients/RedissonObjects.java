package dev.banyan.resp.clients;

import static dev.banyan.resp.clients.RedissonScenarios.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchResult;
import org.redisson.api.RAtomicLong;
import org.redisson.api.RBatch;
import org.redisson.api.RBitSet;
import org.redisson.api.RBloomFilter;
import org.redisson.api.RBucket;
import org.redisson.api.RClientSideCaching;
import org.redisson.api.RGeo;
import org.redisson.api.RHyperLogLog;
import org.redisson.api.RIdGenerator;
import org.redisson.api.RList;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RMap;
import org.redisson.api.RMapCache;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RScript;
import org.redisson.api.RSet;
import org.redisson.api.RSetMultimap;
import org.redisson.api.RSortedSet;
import org.redisson.api.RTransaction;
import org.redisson.api.RedissonClient;
import org.redisson.api.TransactionOptions;
import org.redisson.api.geo.GeoSearchArgs;
import org.redisson.api.geo.GeoUnit;
import org.redisson.api.map.event.EntryCreatedListener;
import org.redisson.api.options.ClientSideCachingOptions;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.IntegerCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Protocol;

/** Redisson's collections, and what does several things at once. */
final class RedissonObjects {
    private static final int BIG = 5 << 20;

    /** As whoever counts in a map has it. */
    private static final Codec NUMBERS = new CompositeCodec(StringCodec.INSTANCE, IntegerCodec.INSTANCE);

    private RedissonObjects() {}

    static List<Scenario<RedissonClients>> all() {
        return List.of(
                new Scenario<>("buckets", RedissonObjects::buckets),
                new Scenario<>("a bucket of 5 MB", RedissonObjects::bigBucket),
                new Scenario<>("numbers", RedissonObjects::numbers),
                new Scenario<>("maps", RedissonObjects::maps),
                new Scenario<>("map caches", RedissonObjects::mapCaches),
                new Scenario<>("maps with a copy in each client", RedissonObjects::localCachedMaps),
                new Scenario<>("client-side caching", RedissonObjects::clientSideCaching),
                new Scenario<>("lists and sets", RedissonObjects::listsAndSets),
                new Scenario<>("sketches and places", RedissonObjects::sketchesAndPlaces),
                new Scenario<>("batches", RedissonObjects::batches),
                new Scenario<>("atomic batches", RedissonObjects::atomicBatches),
                new Scenario<>("transactions", RedissonObjects::transactions),
                new Scenario<>("scripts", RedissonObjects::scripts),
                new Scenario<>("all keys", RedissonObjects::allKeys));
    }

    private static void buckets(RedissonClients clients) {
        RBucket<String> bucket = clients.one().getBucket(clients.name("bucket"));
        bucket.set("a", Duration.ofMinutes(1));
        assertThat(clients.two().getBucket(clients.name("bucket")).get()).isEqualTo("a");
        assertThat(bucket.remainTimeToLive()).isBetween(1L, 60_000L);
        assertThat(bucket.compareAndSet("b", "c")).isFalse();
        assertThat(bucket.compareAndSet("a", "b")).isTrue();
        assertThat(bucket.setIfAbsent("x")).isFalse();
        assertThat(bucket.getAndSet("d")).isEqualTo("b");
        assertThat(bucket.getAndDelete()).isEqualTo("d");
        List<String> names = IntStream.range(0, 20).mapToObj(i -> clients.name("many" + i)).toList();
        names.forEach(name -> clients.one().getBucket(name).set(name));
        assertThat(clients.two().getBuckets().<String>get(names.toArray(String[]::new))).hasSize(20).allSatisfy((name, value) -> assertThat(value).isEqualTo(name));
        String one = clients.tagged("mset", "one");
        String two = clients.tagged("mset", "two");
        clients.one().getBuckets().set(Map.of(one, 1, two, 2));
        assertThat(clients.one().getBuckets().<Integer>get(one, two)).containsOnly(Map.entry(one, 1), Map.entry(two, 2));
        assertThat(clients.one().getBuckets().trySet(Map.of(one, 3))).isFalse();
        clients.one().getBucket(one).rename(clients.tagged("mset", "three"));
        assertThat(clients.one().getBucket(clients.tagged("mset", "three")).get()).isEqualTo(1);
        if (clients.several()) {
            Map<String, Integer> anywhere = new ConcurrentHashMap<>();
            names.forEach(name -> anywhere.put(name, 1));
            assertThatThrownBy(() -> clients.one().getBuckets().set(anywhere)).hasMessageContaining("CROSSSLOT");
            assertThat(clients.two().getBuckets().<String>get(names.toArray(String[]::new))).as("nothing of it is done").allSatisfy((name, value) -> assertThat(value).isEqualTo(name));
        }
    }

    private static void bigBucket(RedissonClients clients) {
        byte[] big = new byte[BIG];
        new Random(5).nextBytes(big);
        clients.one().<byte[]>getBucket(clients.name("big"), ByteArrayCodec.INSTANCE).set(big);
        assertThat(clients.two().<byte[]>getBucket(clients.name("big"), ByteArrayCodec.INSTANCE).get()).isEqualTo(big);
        clients.one().getBucket(clients.name("big and coded")).set(big);
        assertThat((byte[]) clients.two().getBucket(clients.name("big and coded")).get()).isEqualTo(big);
        assertThat(clients.one().getKeys().delete(clients.name("big"), clients.name("big and coded"))).isEqualTo(2);
    }

    private static void numbers(RedissonClients clients) {
        RAtomicLong number = clients.one().getAtomicLong(clients.name("number"));
        assertThat(number.incrementAndGet()).isEqualTo(1);
        assertThat(clients.two().getAtomicLong(clients.name("number")).addAndGet(10)).isEqualTo(11);
        assertThat(number.compareAndSet(11, 5)).isTrue();
        assertThat(clients.one().getAtomicDouble(clients.name("double")).addAndGet(1.5)).isEqualTo(1.5);
        RIdGenerator ids = clients.one().getIdGenerator(clients.name("ids"));
        assertThat(ids.tryInit(100, 10)).isTrue();
        assertThat(IntStream.range(0, 25).mapToLong(_ -> ids.nextId()).toArray()).containsExactly(IntStream.range(100, 125).asLongStream().toArray());
        var adders = List.of(clients.one().getLongAdder(clients.name("adder")), clients.two().getLongAdder(clients.name("adder")));
        adders.forEach(adder -> adder.add(21));
        assertThat(adders.getFirst().sum()).as("gathered through a topic").isEqualTo(42);
        adders.forEach(adder -> adder.destroy());
    }

    private static void maps(RedissonClients clients) {
        RMap<String, Integer> map = clients.one().getMap(clients.name("map"), NUMBERS);
        assertThat(map.put("a", 1)).isNull();
        assertThat(map.fastPut("b", 2)).isTrue();
        assertThat(map.addAndGet("a", 5)).isEqualTo(6);
        assertThat(map.merge("b", 3, Integer::sum)).isEqualTo(5);
        assertThat(map.computeIfAbsent("c", String::length)).isEqualTo(1);
        assertThat(map.getAll(Set.of("a", "c", "x"))).containsOnly(Map.entry("a", 6), Map.entry("c", 1));
        assertThat(map.replace("a", 6, 7)).isTrue();
        for (int i = 0; i < 1000; i++) {
            map.fastPutAsync("n" + i, i);
        }
        await(() -> map.size() == 1003);
        assertThat(new ArrayList<>(clients.two().<String, Integer>getMap(clients.name("map"), NUMBERS).keySet())).hasSize(1003);
        RSetMultimap<String, Integer> multi = clients.one().getSetMultimap(clients.name("multimap"));
        multi.put("a", 1);
        multi.put("a", 2);
        multi.put("b", 3);
        assertThat(multi.getAll("a")).containsExactlyInAnyOrder(1, 2);
        assertThat(multi.size()).isEqualTo(3);
        assertThat(multi.fastRemove("a", "b")).isEqualTo(2);
    }

    private static void mapCaches(RedissonClients clients) {
        RMapCache<String, String> map = clients.one().getMapCache(clients.name("map cache"));
        List<String> created = new CopyOnWriteArrayList<>();
        RMapCache<String, String> heard = clients.two().getMapCache(clients.name("map cache"));
        heard.addListener((EntryCreatedListener<String, String>) event -> created.add(event.getKey()));
        map.put("short", "1", 100, TimeUnit.MILLISECONDS);
        map.put("long", "2", 1, TimeUnit.HOURS, 30, TimeUnit.MINUTES);
        assertThat(map.remainTimeToLive("long")).isPositive();
        await(() -> map.get("short") == null);
        assertThat(heard.get("long")).isEqualTo("2");
        await(() -> created.containsAll(List.of("short", "long")));
        RMapCache<Integer, Integer> bounded = clients.one().getMapCache(clients.name("bounded"));
        assertThat(bounded.trySetMaxSize(10)).isTrue();
        IntStream.range(0, 30).forEach(i -> bounded.put(i, i));
        assertThat(bounded.size()).isEqualTo(10);
        map.destroy();
        heard.destroy();
        bounded.destroy();
    }

    private static void localCachedMaps(RedissonClients clients) {
        LocalCachedMapOptions<String, String> options = LocalCachedMapOptions.<String, String>name(clients.name("near")).syncStrategy(LocalCachedMapOptions.SyncStrategy.UPDATE);
        RLocalCachedMap<String, String> one = clients.one().getLocalCachedMap(options);
        RLocalCachedMap<String, String> two = clients.two().getLocalCachedMap(options);
        one.put("a", "1");
        await(() -> "1".equals(two.getCachedMap().get("a")));
        two.fastPut("a", "2");
        await(() -> "2".equals(one.getCachedMap().get("a")));
        one.clear();
        await(() -> two.getCachedMap().isEmpty());
        one.destroy();
        two.destroy();
    }

    /** Needs invalidations, which are pushed in version 3 only. */
    private static void clientSideCaching(RedissonClients clients) {
        if (clients.protocol() == Protocol.RESP2) {
            return;
        }
        RClientSideCaching caching = clients.one().getClientSideCaching(ClientSideCachingOptions.defaults());
        RBucket<String> near = caching.getBucket(clients.name("tracked"));
        RBucket<String> far = clients.two().getBucket(clients.name("tracked"));
        far.set("1");
        assertThat(near.get()).isEqualTo("1");
        far.set("2");
        await(() -> near.get().equals("2"));
        caching.destroy();
    }

    private static void listsAndSets(RedissonClients clients) {
        RList<String> list = clients.one().getList(clients.name("list"));
        list.addAll(List.of("a", "b", "c"));
        list.add(1, "x");
        assertThat(list.remove("b")).isTrue();
        assertThat(clients.two().<String>getList(clients.name("list")).readAll()).containsExactly("a", "x", "c");
        RSet<Integer> set = clients.one().getSet(clients.tagged("sets", "one"));
        set.addAll(List.of(1, 2, 3));
        clients.one().<Integer>getSet(clients.tagged("sets", "two")).addAll(List.of(3, 4));
        assertThat(set.readUnion(clients.tagged("sets", "two"))).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(set.move(clients.tagged("sets", "two"), 1)).isTrue();
        RScoredSortedSet<String> scored = clients.one().getScoredSortedSet(clients.name("scored"));
        scored.addAll(Map.of("a", 1.0, "b", 2.0, "c", 3.0));
        assertThat(scored.addScoreAndGetRank("a", 5)).isEqualTo(2);
        assertThat(scored.pollFirst()).isEqualTo("b");
        assertThat(scored.valueRange(0, -1)).containsExactly("c", "a");
        RSortedSet<Integer> sorted = clients.one().getSortedSet(clients.name("sorted"));
        assertThat(List.of(3, 1, 2).stream().filter(sorted::add)).hasSize(3);
        assertThat(sorted.readAll()).containsExactly(1, 2, 3);
        var setCache = clients.one().<String>getSetCache(clients.name("set cache"));
        setCache.add("a", 100, TimeUnit.MILLISECONDS);
        setCache.add("b");
        await(() -> setCache.readAll().equals(Set.of("b")));
        assertThat(setCache.contains("a")).isFalse();
        setCache.destroy();
    }

    private static void sketchesAndPlaces(RedissonClients clients) {
        RBloomFilter<String> seen = clients.one().getBloomFilter(clients.name("bloom"));
        assertThat(seen.tryInit(1000, 0.01)).isTrue();
        assertThat(seen.add("fig")).isTrue();
        assertThat(clients.two().getBloomFilter(clients.name("bloom")).contains("fig")).isTrue();
        RHyperLogLog<Integer> log = clients.one().getHyperLogLog(clients.name("log"));
        IntStream.range(0, 100).forEach(log::add);
        assertThat(log.count()).isBetween(90L, 110L);
        RBitSet bits = clients.one().getBitSet(clients.name("bits"));
        bits.set(3, 6);
        assertThat(bits.cardinality()).isEqualTo(3);
        RGeo<String> places = clients.one().getGeo(clients.name("geo"));
        places.add(13.361389, 38.115556, "Palermo");
        places.add(15.087269, 37.502669, "Catania");
        assertThat(places.dist("Palermo", "Catania", GeoUnit.KILOMETERS)).isBetween(166.0, 167.0);
        assertThat(places.search(GeoSearchArgs.from(15, 37).radius(100, GeoUnit.KILOMETERS))).containsExactly("Catania");
    }

    private static void batches(RedissonClients clients) {
        RBatch batch = clients.one().createBatch();
        for (int i = 0; i < 500; i++) {
            batch.getBucket(clients.name("batch" + i)).setAsync(i);
        }
        batch.getAtomicLong(clients.name("batches")).incrementAndGetAsync();
        BatchResult<?> done = batch.execute();
        assertThat(done.getResponses()).hasSize(501).last().isEqualTo(1L);
        RBatch reading = clients.two().createBatch(BatchOptions.defaults().executionMode(BatchOptions.ExecutionMode.REDIS_READ_ATOMIC));
        reading.getBucket(clients.name("batch7")).getAsync();
        assertThat(reading.execute().getResponses().getFirst()).isEqualTo(7);
        RBatch silent = clients.two().createBatch(BatchOptions.defaults().skipResult());
        silent.getAtomicLong(clients.name("batches")).incrementAndGetAsync();
        silent.execute();
        await(() -> clients.one().getAtomicLong(clients.name("batches")).get() == 2);
    }

    private static void atomicBatches(RedissonClients clients) {
        for (BatchOptions.ExecutionMode mode : List.of(BatchOptions.ExecutionMode.IN_MEMORY_ATOMIC, BatchOptions.ExecutionMode.REDIS_WRITE_ATOMIC)) {
            RBatch together = clients.one().createBatch(BatchOptions.defaults().executionMode(mode));
            together.getAtomicLong(clients.tagged("atomic", "a" + mode)).addAndGetAsync(3);
            together.getMap(clients.tagged("atomic", "b" + mode)).fastPutAsync("a", "b");
            assertThat(together.execute().getResponses()).asString().isEqualTo("[3, true]");
        }
        if (clients.several()) {
            RBatch apart = clients.one().createBatch(BatchOptions.defaults().executionMode(BatchOptions.ExecutionMode.IN_MEMORY_ATOMIC));
            String[] names = IntStream.range(0, 20).mapToObj(i -> clients.name("atomic apart" + i)).toArray(String[]::new);
            Stream.of(names).forEach(name -> apart.getBucket(name).setAsync(1));
            assertThatThrownBy(apart::execute).hasMessageContaining("CROSSSLOT");
            assertThat(clients.one().getKeys().countExists(names)).as("nothing is done").isZero();
        }
    }

    private static void transactions(RedissonClients clients) {
        String from = clients.tagged("bank", "from");
        String to = clients.tagged("bank", "to");
        clients.one().getBucket(from).set(100);
        clients.one().getMap(to).put("sum", 0);
        RTransaction moving = clients.one().createTransaction(TransactionOptions.defaults());
        moving.<Integer>getBucket(from).set(moving.<Integer>getBucket(from).get() - 30);
        moving.<String, Integer>getMap(to).put("sum", 30);
        assertThat(clients.two().getBucket(from).get()).as("before it is committed").isEqualTo(100);
        moving.commit();
        assertThat(clients.two().getBucket(from).get()).isEqualTo(70);
        assertThat(clients.two().getMap(to).get("sum")).isEqualTo(30);
        RTransaction given = clients.one().createTransaction(TransactionOptions.defaults());
        given.getBucket(from).set(0);
        given.rollback();
        assertThat(clients.two().getBucket(from).get()).isEqualTo(70);
    }

    private static void scripts(RedissonClients clients) {
        RScript script = clients.one().getScript(StringCodec.INSTANCE);
        String name = clients.name("script");
        String text = "redis.call('SET', KEYS[1], ARGV[1]); return {redis.call('GET', KEYS[1]), '" + name + "'}";
        assertThat(script.<List<String>>eval(RScript.Mode.READ_WRITE, text, RScript.ReturnType.LIST, List.of(name), "x")).containsExactly("x", name);
        String sha = script.scriptLoad(text);
        assertThat(script.scriptExists(sha)).containsExactly(true);
        List<Object> keys = List.of(name);
        assertThat(clients.two().getScript(StringCodec.INSTANCE).<List<String>>evalSha(RScript.Mode.READ_WRITE, sha, RScript.ReturnType.LIST, keys, "y")).containsExactly("y", name);
        if (clients.several()) {
            List<Object> many = IntStream.range(0, 100).<Object>mapToObj(i -> clients.name("apart" + i)).toList();
            assertThatThrownBy(() -> script.eval(RScript.Mode.READ_WRITE, "return 1", RScript.ReturnType.LONG, many)).hasMessageContaining("CROSSSLOT");
        }
    }

    private static void allKeys(RedissonClients clients) {
        RedissonClient one = clients.one();
        String prefix = clients.name("all keys");
        IntStream.range(0, 300).forEach(i -> one.getBucket(prefix + i).set(i));
        assertThat(one.getKeys().getKeysStream(KeysScanOptions.defaults().pattern(prefix + "*"))).hasSize(300).doesNotHaveDuplicates();
        assertThat(one.getKeys().count()).isGreaterThanOrEqualTo(300);
        assertThat(one.getKeys().randomKey()).isNotNull();
        assertThat(one.getKeys().deleteByPattern(prefix + "*")).isEqualTo(300);
        assertThat(one.getKeys().getKeysStream(KeysScanOptions.defaults().pattern(prefix + "*"))).isEmpty();
    }
}
