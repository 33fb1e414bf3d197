package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Instances with a cache that loads and counts as site.yaml declares, beside one that has none. */
final class CachedSiteTest {
    private static DeclaredRedis redis;
    private static Database database;
    private static WebServer cached;
    private static WebServer alsoCached;
    private static WebServer alone;

    @BeforeAll
    static void start() throws Exception {
        String url = TestPostgres.newDatabase();
        alone = WebServer.start(TestPostgres.settings(url, "alone"));
        database = Database.open(TestPostgres.settings(url, "test"));
        redis = DeclaredRedis.before(url);
        cached = WebServer.start(TestPostgres.settings(url, "cached", redis.url()));
        alsoCached = WebServer.start(TestPostgres.settings(url, "also cached", redis.url()));
    }

    @AfterAll
    static void stop() throws Exception {
        alone.stop();
        cached.stop();
        alsoCached.stop();
        redis.close();
        database.close();
    }

    @Test
    void whatIsReadAgainIsNotAskedOfTheDatabaseAgain() throws Exception {
        Client ann = Client.of(cached).joined("ann_again");
        long photo = ann.uploaded("Read again", 1);
        List<String> paths = List.of("/api/v1/feed", "/api/v1/explore", "/api/v1/me", "/api/v1/users/ann_again/photos", "/api/v1/photos/" + photo + "/comments",
                "/", "/explore", "/u/ann_again", "/photos/" + photo);
        for (String path : paths) {
            assertThat(ann.get(path).status()).as(path).isEqualTo(200);
        }
        int loads = redis.loads();
        for (String path : paths) {
            assertThat(ann.at(alsoCached).get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(redis.loads()).isEqualTo(loads);
    }

    @Test
    void pagesAndAnswersAreTheSame_withAndWithoutACache() throws Exception {
        Client ann = Client.of(cached).joined("ann_same");
        Client bob = Client.of(alone).joined("bob_same");
        long photo = ann.uploaded("The same", 2);
        bob.json("PUT", "/api/v1/users/ann_same/follow", Map.of());
        bob.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of());
        bob.with("Idempotency-Key", "same-1").json("POST", "/api/v1/photos/" + photo + "/comments", Map.of("text", "Is it?"));
        redis.changed();
        for (String path : List.of("/api/v1/feed", "/api/v1/explore", "/api/v1/me", "/api/v1/users/ann_same", "/api/v1/users/ann_same/photos", "/api/v1/photos/" + photo,
                "/api/v1/photos/" + photo + "/comments", "/api/v1/users/nobody_at_all", "/api/v1/photos/999999999")) {
            for (Client someone : List.of(ann, bob, Client.of(alone))) {
                Client.Got there = someone.at(cached).get(path);
                assertThat(withoutViews(there)).as(path).isEqualTo(withoutViews(someone.at(alone).get(path)));
                assertThat(there.status()).as(path).isEqualTo(someone.at(alone).get(path).status());
            }
        }
    }

    private static String withoutViews(Client.Got got) {
        return got.text().replaceAll("\"views\":\\d+", "");
    }

    @Test
    void whoSignsOutIsOutEverywhere_atOnce() throws Exception {
        Client ann = Client.of(cached).joined("ann_out");
        assertThat(ann.get("/api/v1/me").status()).isEqualTo(200);
        assertThat(ann.at(alsoCached).get("/api/v1/me").status()).isEqualTo(200);
        assertThat(ann.json("DELETE", "/api/v1/sessions/current", Map.of()).status()).isEqualTo(204);
        assertThat(ann.at(alsoCached).get("/api/v1/me").status()).isEqualTo(401);
        assertThat(ann.at(alone).get("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void aSessionThatIsOverIsNoSession_thoughTheCacheHasIt() throws Exception {
        Client ann = Client.of(cached).joined("ann_over");
        assertThat(ann.get("/api/v1/me").status()).isEqualTo(200);
        database.run("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE name = 'ann_over'");
        redis.changed();
        assertThat(ann.get("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void aViewerSeesTheirOwnChangesAtOnce_whateverTheCacheHad() throws Exception {
        Client ann = Client.of(cached).joined("ann_own");
        Client bob = Client.of(cached).joined("bob_own");
        long bobs = bob.uploaded("Bob's", 3);
        for (String path : List.of("/api/v1/me", "/api/v1/feed", "/api/v1/explore", "/api/v1/photos/" + bobs, "/api/v1/photos/" + bobs + "/comments", "/api/v1/users/bob_own")) {
            assertThat(ann.get(path).status()).isEqualTo(200);
        }
        Client other = ann.at(alsoCached);
        ann.json("PUT", "/api/v1/photos/" + bobs + "/like", Map.of());
        assertThat(other.get("/api/v1/photos/" + bobs).json().get("liked").asBoolean()).isTrue();
        assertThat(other.get("/api/v1/photos/" + bobs).json().get("likes").asInt()).isEqualTo(1);
        assertThat(ann.json("DELETE", "/api/v1/photos/" + bobs + "/like", Map.of()).json().get("likes").asInt()).isZero();
        assertThat(other.get("/api/v1/photos/" + bobs).json().get("liked").asBoolean()).isFalse();
        ann.json("PUT", "/api/v1/users/bob_own/follow", Map.of());
        assertThat(other.get("/api/v1/users/bob_own").json().get("followed").asBoolean()).isTrue();
        assertThat(other.get("/api/v1/users/bob_own").json().get("followers").asInt()).isEqualTo(1);
        assertThat(other.get("/api/v1/me").json().get("following").asInt()).isEqualTo(1);
        assertThat(other.get("/api/v1/feed").json().get("photos").get(0).get("id").asLong()).isEqualTo(bobs);
        ann.json("DELETE", "/api/v1/users/bob_own/follow", Map.of());
        assertThat(other.get("/api/v1/feed").json().get("photos")).isEmpty();
        ann.json("POST", "/api/v1/photos/" + bobs + "/comments", Map.of("text", "Mine, at once"));
        assertThat(other.get("/api/v1/photos/" + bobs + "/comments").text()).contains("Mine, at once");
        assertThat(other.get("/api/v1/photos/" + bobs).json().get("comments").asInt()).isEqualTo(1);
        long anns = ann.uploaded("Ann's", 4);
        for (String path : List.of("/api/v1/feed", "/api/v1/explore", "/api/v1/users/ann_own/photos")) {
            assertThat(other.get(path).json().get("photos").get(0).get("id").asLong()).as(path).isEqualTo(anns);
        }
        assertThat(other.get("/api/v1/me").json().get("photos").asInt()).isEqualTo(1);
        ann.json("DELETE", "/api/v1/photos/" + anns, Map.of());
        assertThat(other.get("/api/v1/photos/" + anns).status()).isEqualTo(404);
        assertThat(other.get("/api/v1/feed").json().get("photos")).isEmpty();
    }

    @Test
    void onlyTheWriterIsShownTheirIdempotencyKey_byTheCacheToo() throws Exception {
        Client ann = Client.of(cached).joined("ann_secret");
        Client bob = Client.of(cached).joined("bob_secret");
        long photo = ann.uploaded("Secret", 5);
        ann.with("Idempotency-Key", "hidden-7").json("POST", "/api/v1/photos/" + photo + "/comments", Map.of("text", "Once"));
        String path = "/api/v1/photos/" + photo + "/comments";
        assertThat(ann.get(path).text()).contains("hidden-7");
        assertThat(bob.get(path).text()).contains("Once").doesNotContain("hidden-7");
        assertThat(Client.of(alsoCached).get(path).text()).contains("Once").doesNotContain("hidden-7");
    }

    @Test
    void likesThroughInstancesWithAndWithoutACacheAreEachCountedOnce() throws Exception {
        long photo = Client.of(alone).joined("ann_mixed").uploaded("Liked from everywhere", 6);
        List<WebServer> instances = List.of(cached, alone, alsoCached);
        List<Client> fans = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            fans.add(Client.of(instances.get(i % 3)).joined("fan_mixed" + i));
        }
        inParallel(fans.stream().<Callable<Object>>map(fan -> () -> fan.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of()).status()).toList());
        assertThat(fans.getFirst().get("/api/v1/photos/" + photo).json().get("likes").asInt()).isEqualTo(15);
        inParallel(fans.stream().limit(5).<Callable<Object>>map(fan -> () -> fan.json("DELETE", "/api/v1/photos/" + photo + "/like", Map.of()).status()).toList());
        assertThat(fans.getFirst().get("/api/v1/photos/" + photo).json().get("likes").asInt()).isEqualTo(10);
        redis.drain();
        assertThat(fans.getFirst().at(alone).get("/api/v1/photos/" + photo).json().get("likes").asInt()).isEqualTo(10).isEqualTo(rows(photo));
    }

    @Test
    void aLikeWhoseCountGotNoAnswerIsThere_andCountedOnceInTheEnd() throws Exception {
        for (DeclaredRedis.Fault fault : List.of(DeclaredRedis.Fault.DONE_WITHOUT_ANSWER, DeclaredRedis.Fault.LOST)) {
            Client ann = Client.of(cached).joined("ann_" + fault.name().toLowerCase(Locale.ROOT));
            long photo = ann.uploaded("Doubtful " + fault, 7);
            List<Long> doubts = new ArrayList<>();
            try (RedisCache cache = new RedisCache(RedisAddress.of(redis.url()), "likes in doubt")) {
                Counters counters = new Counters(database, cache, doubts::add);
                redis.next(fault);
                assertThat(counters.like(userId(ann), photo)).as("the like itself").isPresent();
                assertThat(doubts).containsExactly(photo);
                assertThat(rows(photo)).isEqualTo(1);
                recounted(cache, doubts);
                assertThat(counter(photo)).as(fault.name()).isEqualTo(1);
                redis.drain();
                assertThat(counter(photo)).as("after the drain").isEqualTo(1);
            }
        }
    }

    private static void recounted(Cache cache, List<Long> doubts) throws Exception {
        Recount recount = new Recount(database, cache, Duration.ofMillis(20));
        doubts.forEach(recount::doubt);
        redis.drain();
        await(recount::idle);
        recount.stop();
    }

    @Test
    void aLikeThatCouldNotBeCountedBehindIsCountedInTheDatabase() throws Exception {
        Client ann = Client.of(alone).joined("ann_not");
        long photo = ann.uploaded("Counted here", 8);
        Cache knowsButCannot = new OneAnswer(List.of("likes:" + photo));
        assertThat(new Counters(database, knowsButCannot, doubt -> { }).like(userId(ann), photo)).map(Counters.Liked::likes).contains(1L);
        assertThat(counter(photo)).isEqualTo(1);
    }

    @Test
    void whatAnInstanceThatDiedHadLikedAndNotCounted_theNextOneCounts() throws Exception {
        Client ann = Client.of(alone).joined("ann_died");
        long photo = ann.uploaded("Liked by the dead", 9);
        database.run("INSERT INTO likes (photo_id, user_id) VALUES (?, ?)", photo, userId(ann));
        assertThat(counter(photo)).isZero();
        redis.drain();
        Recount next = new Recount(database, Cache.NONE, Duration.ofMillis(20));
        await(() -> counter(photo) == 1);
        next.stop();
    }

    @Test
    void twoInstancesThatRecountAtOncePutItRightOnce() throws Exception {
        Client ann = Client.of(alone).joined("ann_twice");
        long photo = ann.uploaded("Counted by two", 10);
        database.run("UPDATE photo_counts SET likes = 40 WHERE photo_id = ?", photo);
        List<Recount> recounts = IntStream.range(0, 4).mapToObj(i -> new Recount(database, Cache.NONE, Duration.ofMillis(15))).toList();
        recounts.forEach(recount -> recount.doubt(photo));
        for (Recount recount : recounts) {
            await(recount::idle);
            recount.stop();
        }
        assertThat(counter(photo)).isZero();
    }

    @Test
    void viewsAreCounted_behindWithACache_andInBatchesWithout() throws Exception {
        Client ann = Client.of(alone).joined("ann_views");
        long photo = ann.uploaded("Looked at", 11);
        for (int i = 0; i < 10; i++) {
            assertThat(ann.at(i % 2 == 0 ? alone : cached).get("/api/v1/photos/" + photo).status()).isEqualTo(200);
        }
        await(() -> {
            redis.changed();
            return views(ann.at(cached), photo) == 10;
        });
        redis.drain();
        await(() -> views(ann.at(alone), photo) == 10);
    }

    private static int views(Client client, long photo) {
        try {
            return client.get("/api/v1/explore").json().get("photos").valueStream().filter(it -> it.get("id").asLong() == photo)
                    .findFirst().orElseThrow().get("views").asInt() + (int) redis.pending(Counters.views(photo));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSilentCacheCostsAPageLittle_andOneThatAnswersAgainIsUsedAgain() throws Exception {
        Client ann = Client.of(cached).joined("ann_silent");
        long photo = ann.uploaded("In silence", 12);
        redis.silent(true);
        try {
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(ann.get("/api/v1/photos/" + photo).status()).isEqualTo(200);
                assertThat(ann.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of()).json().get("liked").asBoolean()).isTrue();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("forty requests").isLessThan(Duration.ofSeconds(10));
        } finally {
            redis.silent(false);
        }
        await(() -> {
            int before = redis.loads();
            redis.changed();
            get(ann, "/api/v1/me");
            return redis.loads() > before;
        });
    }

    private static void get(Client client, String path) {
        try {
            assertThat(client.get(path).status()).isEqualTo(200);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long userId(Client client) throws Exception {
        String name = client.get("/api/v1/me").json().get("name").asString();
        return database.first("SELECT id FROM users WHERE name = ?", row -> row.getLong(1), name).orElseThrow();
    }

    private static long rows(long photo) throws SQLException {
        return database.first("SELECT count(*) FROM likes WHERE photo_id = ?", row -> row.getLong(1), photo).orElseThrow();
    }

    private static long counter(long photo) {
        try {
            return database.first("SELECT likes FROM photo_counts WHERE photo_id = ?", row -> row.getLong(1), photo).orElseThrow();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void inParallel(List<Callable<Object>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Object> each : threads.invokeAll(calls)) {
                assertThat(each.get()).isEqualTo(200);
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in sixty seconds").isLessThan(deadline);
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }

    /** Knows counters, and cannot be reached when it is to add to them. */
    private record OneAnswer(List<String> known) implements Cache {
        @Override
        public Found ask(String... keys) {
            return new Found(known.stream().collect(Collectors.toMap(key -> key, key -> "0")));
        }

        @Override
        public void forget(String... keys) {
            // It has none.
        }

        @Override
        public Added add(String counter, long amount) {
            return new Added.Not();
        }

        @Override
        public Optional<byte[]> bytes(String key) {
            return Optional.empty();
        }

        @Override
        public void keep(String key, byte[] bytes, Duration time) {
            // It keeps none.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
