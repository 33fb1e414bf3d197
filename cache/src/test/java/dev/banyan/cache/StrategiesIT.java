package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.OnChange;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strategies with a real database, its real log, and a real node. */
class StrategiesIT {
    @TempDir
    static Path shared;

    private static RealPostgres postgres;
    private static RealRedis redis;

    @TempDir
    Path folder;

    private RedisStore store;

    @BeforeAll
    static void start() throws Exception {
        postgres = RealPostgres.start(shared, "wal_level=logical");
        redis = RealRedis.start(shared.resolve("redis"));
    }

    @AfterAll
    static void stop() {
        redis.close();
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        store = redis.store();
        store.command("FLUSHALL");
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
                "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, age int, tags text[], extra jsonb, seen timestamptz)",
                "CREATE TABLE counts (id text PRIMARY KEY, n bigint)",
                "CREATE TABLE pairs (a int, b text, v text, PRIMARY KEY (a, b))",
                "INSERT INTO users VALUES (1, 'Ada', 36, '{x,y}', '{\"a\": 1}', '2020-01-01T00:00:00Z'), (2, 'Bob', NULL, NULL, NULL, NULL)",
                "INSERT INTO pairs VALUES (1, 'x', 'one'), (1, 'y', 'two')");
    }

    @AfterEach
    void disconnect() {
        store.close();
    }

    private CacheBed bed(Declared... declared) {
        return new CacheBed(folder, postgres, store, Stream.of(declared).map(Declared::keys).toList());
    }

    private static void execute(String... statements) throws Exception {
        postgres.execute(statements);
    }

    @Test
    void aDocumentIsLoadedOnce_andThenComesFromTheNode() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "id", "name", "age"))) {
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"id\":1,\"name\":\"Ada\",\"age\":36}");
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"id\":1,\"name\":\"Ada\",\"age\":36}");
            assertThat(bed.loads("user:")).isEqualTo(1);
            assertThat(bed.ask("GET", "user:3")).isEqualTo("(nil)");
            assertThat(bed.ask("GET", "user:3")).isEqualTo("(nil)");
            assertThat(bed.loads("user:")).isEqualTo(2);
            assertThat(bed.ask("MGET", "user:1", "user:3", "user:2")).isEqualTo("{\"id\":1,\"name\":\"Ada\",\"age\":36} (nil) {\"id\":2,\"name\":\"Bob\",\"age\":null}");
            assertThat(bed.ask("EXISTS", "user:1", "user:2", "user:3")).isEqualTo("2");
            assertThat(bed.ask("TYPE", "user:1")).isEqualTo("string");
            assertThat(bed.ask("TTL", "user:1")).isEqualTo("-1");
            assertThat(bed.ask("PTTL", "user:3")).isEqualTo("-2");
            assertThat(bed.ask("STRLEN", "user:1")).isEqualTo("30");
            assertThat(bed.ask("GETRANGE", "user:1", "0", "5")).isEqualTo("{\"id\":");
            assertThat(bed.ask("HGET", "user:1", "name")).startsWith("WRONGTYPE");
            assertThat(bed.ask("SET", "user:1", "{}")).startsWith("ERR 'SET' is not possible on keys of the declared prefix 'user:' (cache.keys)");
            assertThat(bed.ask("LPUSH", "user:1", "x")).startsWith("ERR 'LPUSH' is not possible");
            assertThat(bed.total("hits", "user:")).isGreaterThan(5);
        }
    }

    @Test
    void aKeyThatIsNotWrittenAsTheDatabaseWritesIt_isAnswered_andNotStored() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "name"))) {
            assertThat(bed.ask("GET", "user:01")).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(bed.ask("GET", "user:01")).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(bed.loads("user:")).isEqualTo(2);
            assertThat(bed.ask("GET", "user:abc")).isEqualTo("(nil)");
            assertThat(bed.ask("GET", "user:99999999999999999999")).isEqualTo("(nil)");
        }
    }

    @Test
    void hashes_columns_andKeysOfSeveralParts() {
        try (CacheBed bed = bed(Declared.of("h:", Strategy.READ_THROUGH).table("users", "name", "age").value(Shape.HASH), Declared.of("n:", Strategy.READ_THROUGH).table("users", "name").value(Shape.COLUMN),
                Declared.of("pair:", Strategy.READ_THROUGH).table("pairs", "v").value(Shape.COLUMN), Declared.of("by-b:", Strategy.READ_THROUGH).table("pairs", "v").key("b", "a").value(Shape.COLUMN))) {
            assertThat(bed.ask("HGETALL", "h:1")).isEqualTo("name Ada age 36");
            assertThat(bed.ask("HGETALL", "h:2")).isEqualTo("name Bob");
            assertThat(bed.ask("HGETALL", "h:9")).isEqualTo("");
            assertThat(bed.ask("HMGET", "h:1", "age", "none", "name")).isEqualTo("36 (nil) Ada");
            assertThat(bed.ask("HLEN", "h:2")).isEqualTo("1");
            assertThat(bed.ask("HEXISTS", "h:2", "age")).isEqualTo("0");
            assertThat(bed.ask("HKEYS", "h:1")).isEqualTo("name age");
            assertThat(bed.ask("HVALS", "h:1")).isEqualTo("Ada 36");
            assertThat(bed.ask("TYPE", "h:1")).isEqualTo("hash");
            assertThat(bed.ask("GET", "h:1")).startsWith("WRONGTYPE");
            assertThat(bed.ask("GET", "n:1")).isEqualTo("Ada");
            assertThat(bed.ask("GET", "pair:1:y")).isEqualTo("two");
            assertThat(bed.ask("GET", "by-b:y:1")).isEqualTo("two");
            assertThat(bed.ask("GET", "pair:1")).isEqualTo("ERR a key of the declared prefix 'pair:' (cache.keys) has 2 parts with colons between after it, not 1");
        }
    }

    @Test
    void statements_oneRowIsAnObject_severalAreAnArray() {
        try (CacheBed bed = bed(Declared.of("of:", Strategy.READ_THROUGH).sql("SELECT v FROM pairs WHERE a = $1 AND (b = $2 OR $2 = 'any') ORDER BY b"),
                Declared.of("all:", Strategy.READ_THROUGH).sql("SELECT coalesce(json_agg(p ORDER BY p.b), '[]') AS ps FROM pairs p WHERE a = $1").value(Shape.COLUMN).evictedBy("pairs", "a"),
                Declared.of("front", Strategy.READ_THROUGH).sql("SELECT count(*) FROM users").value(Shape.COLUMN))) {
            assertThat(bed.ask("GET", "of:1:x")).isEqualTo("{\"v\":\"one\"}");
            assertThat(bed.ask("GET", "of:1:any")).isEqualTo("[{\"v\":\"one\"}, {\"v\":\"two\"}]");
            assertThat(bed.ask("GET", "of:2:x")).isEqualTo("(nil)");
            assertThat(bed.ask("GET", "all:2")).isEqualTo("[]");
            assertThat(bed.ask("GET", "all:1")).contains("\"v\":\"two\"");
            assertThat(bed.ask("GET", "front")).isEqualTo("2");
            assertThat(bed.ask("GET", "front:2")).contains("has no parameters");
        }
    }

    @Test
    void aPrefixWhoseTableIsNotThereSaysSo_andWorksWhenItHasCome() throws Exception {
        try (CacheBed bed = bed(Declared.of("late:", Strategy.READ_THROUGH).table("late_ones"))) {
            assertThat(bed.ask("GET", "late:1")).isEqualTo("ERR the declared prefix 'late:' (cache.keys) cannot be used: table late_ones is not there: create it, or mend its name");
            execute("CREATE TABLE late_ones (id int PRIMARY KEY, v text)", "INSERT INTO late_ones VALUES (1, 'x')");
            CacheBed.await("the table to be found", () -> bed.ask("GET", "late:1").equals("{\"id\":1,\"v\":\"x\"}"));
            execute("ALTER TABLE late_ones RENAME COLUMN v TO w");
            store.command("FLUSHALL");
            CacheBed.await("the column to be found", () -> bed.ask("GET", "late:1").equals("{\"id\":1,\"w\":\"x\"}"));
        }
    }

    @Test
    void tenThousandMissesOfOneKeyAreOneQuery() throws Exception {
        try (CacheBed bed = bed(Declared.of("slow:", Strategy.READ_THROUGH).sql("SELECT $1::text AS k, pg_sleep(0.2)::text AS s"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            bed.ask("GET", "slow:warm");
            long before = bed.loads("slow:");
            List<CompletableFuture<Reply>> answers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> bed.send("GET", "slow:1").toCompletableFuture().join(), threads));
            }
            for (CompletableFuture<Reply> answer : answers) {
                assertThat(CacheBed.text(answer.join())).isEqualTo("{\"k\":\"1\",\"s\":\"\"}");
            }
            assertThat(bed.loads("slow:") - before).isEqualTo(1);
        }
    }

    @Test
    void twoRoutersMissOneKey_andOneOfThemLoadsIt() throws Exception {
        Declared slow = Declared.of("slow:", Strategy.READ_THROUGH).sql("SELECT $1::text AS k, pg_sleep(0.3)::text AS s");
        try (CacheBed one = bed(slow); RedisStore second = redis.store();
                CacheBed other = new CacheBed(folder, postgres, second, List.of(slow.keys()))) {
            var first = one.send("GET", "slow:1");
            var later = other.send("GET", "slow:1");
            assertThat(CacheBed.text(first.toCompletableFuture().join())).isEqualTo(CacheBed.text(later.toCompletableFuture().join()));
            assertThat(one.loads("slow:") + other.loads("slow:")).isEqualTo(1);
        }
    }

    @Test
    void aNodeThatIsDownIsAsOneThatHasNothing() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "name"), Declared.of("w:", Strategy.WRITE_THROUGH).table("users", "name", "age"))) {
            store.unreachable(true);
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(bed.ask("SET", "w:1", "{\"name\":\"Eve\"}")).isEqualTo("OK");
            assertThat(bed.ask("GET", "w:1")).isEqualTo("{\"name\":\"Eve\",\"age\":36}");
            store.unreachable(false);
            assertThat(bed.ask("GET", "w:1")).isEqualTo("{\"name\":\"Eve\",\"age\":36}");
        }
    }

    @Test
    void aChangeThatCouldNotBeToldToANode_isMadeUpForWhenTheNodeIsBack() throws Exception {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.WRITE_AROUND).table("users", "name"))) {
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"Ada\"}");
            store.unreachable(true);
            assertThat(bed.ask("SET", "user:1", "{\"name\":\"Eve\"}")).isEqualTo("OK");
            store.unreachable(false);
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"Eve\"}");
            CacheBed.await("the node to be told", () -> !Files.exists(folder.resolve("cache/owed")));
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"Eve\"}");
        }
    }

    @Test
    void writesAroundGoToTheDatabase_andTheNextReadSeesThem() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.WRITE_AROUND).table("users"))) {
            documents(bed);
        }
    }

    @Test
    void writesThroughGoToBoth() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.WRITE_THROUGH).table("users"))) {
            documents(bed);
            bed.ask("SET", "user:5", "{\"name\":\"Fay\"}");
            long before = bed.loads("user:");
            assertThat(bed.ask("GET", "user:5")).contains("Fay");
            assertThat(bed.ask("DEL", "user:5")).isEqualTo("1");
            assertThat(bed.ask("GET", "user:5")).isEqualTo("(nil)");
            assertThat(bed.loads("user:")).isEqualTo(before);
        }
    }

    private void documents(CacheBed bed) {
        assertThat(bed.ask("GET", "user:1")).contains("\"name\":\"Ada\"");
        assertThat(bed.ask("SET", "user:1", "{\"name\":\"Eve\",\"tags\":[\"p q\",\"r\\\"\"],\"extra\":{\"b\":[1,2.50]},\"seen\":\"2021-02-03T04:05:06Z\"}")).isEqualTo("OK");
        assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"id\":1,\"name\":\"Eve\",\"age\":36,\"tags\":[\"p q\",\"r\\\"\"],\"extra\":{\"b\": [1, 2.50]},\"seen\":\"2021-02-03T04:05:06+00:00\"}");
        assertThat(bed.ask("SET", "user:7", "{\"id\":7,\"name\":\"Gil\",\"age\":1}")).isEqualTo("OK");
        assertThat(bed.ask("GET", "user:7")).contains("\"age\":1");
        assertThat(bed.ask("SET", "user:7", "{\"id\":8,\"name\":\"Gil\"}")).isEqualTo("ERR 'id' is part of the key of 'user:' and cannot become another value: it is the key's own");
        assertThat(bed.ask("SET", "user:7", "{\"nome\":\"Gil\"}")).isEqualTo("ERR 'nome' is no column of 'user:' (cache.keys); they are name, age, tags, extra, seen");
        assertThat(bed.ask("SET", "user:7", "[1]")).contains("is a JSON object with a member for each column");
        assertThat(bed.ask("SET", "user:7", "{\"name\":")).contains("this is no JSON at line 1");
        assertThat(bed.ask("SET", "user:8", "{\"age\":1}")).isEqualTo("ERR a write of 'user:' failed: null value in column \"name\" of relation \"users\" violates not-null constraint (SQLSTATE 23502)");
        assertThat(bed.ask("SET", "user:7", "{\"age\":\"secret\"}")).isEqualTo("ERR a write of 'user:' failed: a value does not fit its column's type (SQLSTATE 22P02)");
        assertThat(bed.ask("SET", "user:7", "{\"age\":2}", "NX")).isEqualTo("(nil)");
        assertThat(bed.ask("SET", "user:9", "{\"name\":\"Ivy\"}", "XX")).isEqualTo("(nil)");
        assertThat(bed.ask("SET", "user:9", "{\"name\":\"Ivy\"}", "NX")).isEqualTo("OK");
        assertThat(bed.ask("SET", "user:9", "{\"age\":3}", "XX", "GET")).contains("\"age\":null");
        assertThat(bed.ask("GET", "user:9")).contains("\"age\":3");
        assertThat(bed.ask("SETNX", "user:9", "{\"age\":4}")).isEqualTo("0");
        assertThat(bed.ask("GETSET", "user:9", "{\"age\":5}")).contains("\"age\":3");
        assertThat(bed.ask("SET", "user:9", "{\"age\":4}", "EX", "10")).contains("cannot set an expiry on keys of the declared prefix 'user:'");
        assertThat(bed.ask("EXPIRE", "user:9", "10")).contains("'EXPIRE' is not possible on keys of the declared prefix 'user:'");
        assertThat(bed.ask("PERSIST", "user:9")).isEqualTo("0");
        assertThat(bed.ask("GETDEL", "user:9")).contains("\"age\":5");
        assertThat(bed.ask("GET", "user:9")).isEqualTo("(nil)");
        assertThat(bed.ask("DEL", "user:7", "user:9", "user:1")).isEqualTo("2");
        assertThat(bed.ask("EXISTS", "user:7", "user:1")).isEqualTo("0");
    }

    @Test
    void fieldsAndCountersWrittenDirectly() {
        try (CacheBed bed = bed(Declared.of("h:", Strategy.WRITE_THROUGH).table("users", "name", "age").value(Shape.HASH), Declared.of("c:", Strategy.WRITE_AROUND).table("counts").value(Shape.COLUMN))) {
            assertThat(bed.ask("HSET", "h:1", "age", "37", "name", "Eve")).isEqualTo("0");
            assertThat(bed.ask("HSET", "h:2", "age", "20")).isEqualTo("1");
            assertThat(bed.ask("HGETALL", "h:2")).isEqualTo("name Bob age 20");
            assertThat(bed.ask("HINCRBY", "h:2", "age", "-5")).isEqualTo("15");
            assertThat(bed.ask("HDEL", "h:2", "age")).isEqualTo("1");
            assertThat(bed.ask("HDEL", "h:2", "age")).isEqualTo("0");
            assertThat(bed.ask("HGETALL", "h:2")).isEqualTo("name Bob");
            assertThat(bed.ask("HSET", "h:2", "nome", "x")).contains("'nome' is no column of 'h:'");
            assertThat(bed.ask("HINCRBY", "h:1", "name", "1")).contains("only smallint, integer and bigint count up");
            assertThat(bed.ask("INCR", "c:a")).isEqualTo("1");
            assertThat(bed.ask("INCRBY", "c:a", "10")).isEqualTo("11");
            assertThat(bed.ask("DECR", "c:a")).isEqualTo("10");
            assertThat(bed.ask("DECRBY", "c:a", "3")).isEqualTo("7");
            assertThat(bed.ask("GET", "c:a")).isEqualTo("7");
            assertThat(bed.ask("INCRBY", "c:a", Long.toString(Long.MAX_VALUE))).contains("would overflow");
            assertThat(bed.ask("SET", "c:a", "5")).isEqualTo("OK");
            assertThat(bed.ask("SET", "c:a", "six")).contains("SQLSTATE 22P02").doesNotContain("six");
            assertThat(bed.ask("GET", "c:a")).isEqualTo("5");
            assertThat(bed.ask("DEL", "c:a")).isEqualTo("1");
        }
    }

    @Test
    void theLogPutsAwayWhatAnyProgramChanges() throws Exception {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "name"), Declared.of("n:", Strategy.READ_THROUGH).table("users", "name").value(Shape.COLUMN).onChange(OnChange.REFRESH),
                Declared.of("old:", Strategy.READ_THROUGH).table("users", "name").value(Shape.COLUMN).onChange(OnChange.IGNORE),
                Declared.of("of:", Strategy.READ_THROUGH).sql("SELECT count(*) FROM pairs WHERE a = $1").value(Shape.COLUMN).evictedBy("pairs", "a"),
                Declared.of("count", Strategy.READ_THROUGH).sql("SELECT count(*) FROM users").value(Shape.COLUMN).evictedBy("users"))) {
            bed.follow().followed();
            for (String key : List.of("user:1", "n:1", "old:1", "of:1", "of:2", "count", "user:5")) {
                bed.ask("GET", key);
            }
            CacheBed.await("values to come from the node", () -> bed.ask("GET", "user:1").equals("{\"name\":\"Ada\"}") && bed.total("hits", "user:") > 0);
            execute("UPDATE users SET name = 'Eve' WHERE id = 1");
            CacheBed.await("the change to be seen", () -> bed.ask("GET", "user:1").equals("{\"name\":\"Eve\"}"));
            CacheBed.await("the refresh", () -> bed.ask("GET", "n:1").equals("Eve"));
            assertThat(bed.ask("GET", "old:1")).isEqualTo("Ada");
            execute("INSERT INTO users (id, name) VALUES (5, 'Fay')", "UPDATE pairs SET a = 2 WHERE b = 'y'");
            CacheBed.await("the new row to be seen", () -> bed.ask("GET", "user:5").equals("{\"name\":\"Fay\"}"));
            CacheBed.await("both its keys to be seen", () -> bed.ask("GET", "of:1").equals("1") && bed.ask("GET", "of:2").equals("1"));
            CacheBed.await("any change", () -> bed.ask("GET", "count").equals("3"));
            execute("DELETE FROM users WHERE id = 5");
            CacheBed.await("the end of a row", () -> bed.ask("GET", "user:5").equals("(nil)"));
            execute("TRUNCATE users");
            CacheBed.await("the end of all", () -> bed.ask("GET", "user:1").equals("(nil)") && bed.ask("GET", "count").equals("0"));
        }
    }

    /** An entry names its last eight transactions: by a log that is further behind it would be put away, to be on the safe side. */
    @Test
    void whatIsWrittenThroughStaysWhenTheLogTellsOfIt() throws Exception {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.WRITE_THROUGH).table("users", "name"))) {
            bed.follow().followed();
            for (int i = 0; i < 50; i++) {
                assertThat(bed.ask("SET", "user:1", "{\"name\":\"n" + i + "\"}")).isEqualTo("OK");
                assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"n" + i + "\"}");
                int written = i + 1;
                CacheBed.await("the log to be four writes behind at most", () -> bed.total("invalidations", "user:") >= written - 4);
            }
            CacheBed.await("all to be told", () -> bed.total("invalidations", "user:") >= 50);
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"n49\"}");
            assertThat(bed.loads("user:")).isZero();
        }
    }

    @Test
    void anEntryIsLoadedAnewAheadOfItsEnd() {
        try (CacheBed bed = bed(Declared.of("t:", Strategy.READ_THROUGH).sql("SELECT clock_timestamp()::text AS at WHERE $1 <> ''").value(Shape.COLUMN).ttl(Duration.ofSeconds(3), 0.9))) {
            String first = bed.ask("GET", "t:1");
            assertThat(bed.ask("GET", "t:1")).isEqualTo(first);
            CacheBed.await("the refresh", () -> !bed.ask("GET", "t:1").equals(first));
            assertThat(bed.total("misses", "t:")).isEqualTo(1);
            assertThat(bed.total("refreshes", "t:")).isPositive();
        }
    }

    @Test
    void countersWrittenBehindAreExact() throws Exception {
        try (CacheBed bed = bed(Declared.of("c:", Strategy.WRITE_BEHIND).table("counts").value(Shape.COLUMN)); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            execute("INSERT INTO counts VALUES ('a', 100)");
            bed.follow().followed();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> bed.ask("INCR", "c:a"), threads));
            }
            List<Long> seen = answers.stream().map(answer -> Long.parseLong(answer.join())).sorted().toList();
            assertThat(seen.getFirst()).isEqualTo(101);
            assertThat(seen.getLast()).isEqualTo(2_100);
            assertThat(seen.stream().distinct().count()).isEqualTo(2_000);
            assertThat(bed.ask("GET", "c:a")).isEqualTo("2100");
            CacheBed.await("the database to have them", () -> number("SELECT n FROM counts WHERE id = 'a'") == 2_100);
            assertThat(bed.ask("GET", "c:a")).isEqualTo("2100");
            execute("UPDATE counts SET n = 5");
            CacheBed.await("another program's change", () -> bed.ask("GET", "c:a").equals("5"));
            CacheBed.await("the counter to know it", () -> bed.ask("INCR", "c:a").equals("6") || bed.ask("SET", "c:a", "5").isEmpty());
        }
    }

    @Test
    void aCounterNeverGoesBack_howeverItsWritesAreTakenToTheDatabase() throws Exception {
        try (CacheBed bed = bed(Declared.of("c:", Strategy.WRITE_BEHIND).table("counts").value(Shape.COLUMN))) {
            bed.follow().followed();
            long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            for (long i = 1; System.nanoTime() - until < 0; i++) {
                assertThat(askUntilLoaded(bed, "INCR", "c:a")).isEqualTo(Long.toString(i));
                assertThat(askUntilLoaded(bed, "GET", "c:a")).isEqualTo(Long.toString(i));
            }
        }
    }

    /** A machine that takes longer for a batch than a client waits makes the client come again: then nothing was done. */
    private static String askUntilLoaded(CacheBed bed, String... words) {
        String answer = bed.ask(words);
        while (answer.startsWith("ERR a value of 'c:' could not be loaded within 5000 ms, for its writes are on their way")) {
            answer = bed.ask(words);
        }
        return answer;
    }

    @Test
    void documentsWrittenBehindAreReadAtOnce() throws Exception {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.WRITE_BEHIND).table("users", "name", "age", "extra"), Declared.of("h:", Strategy.WRITE_BEHIND).table("users", "name", "age").value(Shape.HASH))) {
            assertThat(bed.ask("SET", "user:1", "{\"age\":40,\"extra\":{\"z\":1}}")).isEqualTo("OK");
            assertThat(bed.ask("GET", "user:1")).isIn("{\"name\":\"Ada\",\"age\":40,\"extra\":{\"z\":1}}", "{\"name\":\"Ada\",\"age\":40,\"extra\":{\"z\": 1}}");
            assertThat(bed.ask("HSET", "h:2", "age", "7")).isEqualTo("1");
            assertThat(bed.ask("HGETALL", "h:2")).isEqualTo("name Bob age 7");
            assertThat(bed.ask("HINCRBY", "h:2", "age", "3")).isEqualTo("10");
            assertThat(bed.ask("DEL", "user:1")).isEqualTo("1");
            assertThat(bed.ask("GET", "user:1")).isEqualTo("(nil)");
            assertThat(bed.ask("DEL", "user:1")).isEqualTo("0");
            assertThat(bed.ask("SET", "user:1", "{\"age\":\"x\"}")).contains("does not fit column age of type integer");
            assertThat(bed.ask("SET", "user:01", "{\"age\":1}")).contains("written as the database writes column id");
            CacheBed.await("the database to have it", () -> number("SELECT count(*) FROM users WHERE id = 1") == 0 && number("SELECT age FROM users WHERE id = 2") == 10);
            assertThat(bed.ask("GET", "user:1")).isEqualTo("(nil)");
            assertThat(bed.ask("HGETALL", "h:2")).isEqualTo("name Bob age 10");
        }
    }

    private static long number(String query) {
        try (var connection = postgres.admin(); var row = connection.createStatement().executeQuery(query)) {
            return row.next() ? row.getLong(1) : -1;
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withALeaseOneClientIsToldOfAMiss_andTheOthersGetWhatItSets() throws Exception {
        try (CacheBed bed = bed(Declared.of("aside:", Strategy.CACHE_ASIDE).lease()); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(bed.ask("GET", "aside:1")).isEqualTo("(nil)");
            List<CompletableFuture<String>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(CompletableFuture.supplyAsync(() -> bed.ask("GET", "aside:1"), threads));
            }
            assertThat(bed.ask("SET", "aside:1", "loaded", "EX", "100")).isEqualTo("OK");
            for (CompletableFuture<String> other : others) {
                assertThat(other.join()).isEqualTo("loaded");
            }
            assertThat(bed.ask("LPUSH", "aside:list", "x")).isEqualTo("1");
            assertThat(bed.ask("DEL", "aside:1", "aside:list")).isEqualTo("2");
            assertThat(bed.ask("GET", "aside:1")).isEqualTo("(nil)");
            assertThat(bed.ask("BLPOP", "aside:list", "1")).contains("'BLPOP' is not possible");
        }
    }

    @Test
    void aColumnThatIsAddedLaterIsPartOfTheValue() throws Exception {
        try (CacheBed bed = bed(Declared.of("pair:", Strategy.READ_THROUGH).table("pairs"))) {
            bed.follow().followed();
            assertThat(bed.ask("GET", "pair:1:x")).isEqualTo("{\"a\":1,\"b\":\"x\",\"v\":\"one\"}");
            execute("ALTER TABLE pairs ADD COLUMN w int", "UPDATE pairs SET w = 5 WHERE b = 'x'");
            CacheBed.await("the column", () -> bed.ask("GET", "pair:1:x").equals("{\"a\":1,\"b\":\"x\",\"v\":\"one\",\"w\":5}"));
        }
    }

    @Test
    void aKeyOfAnotherFormIsNotWritten_soThatNothingIsStoredUnderIt() {
        try (CacheBed bed = bed(Declared.of("t:", Strategy.WRITE_THROUGH).table("users", "name"), Declared.of("a:", Strategy.WRITE_AROUND).table("users", "name"))) {
            assertThat(bed.ask("SET", "t:01", "{\"name\":\"x\"}")).contains("is written as the database writes column id of type bigint");
            assertThat(bed.ask("DEL", "a:+1")).contains("is written as the database writes column id of type bigint");
            assertThat(bed.ask("GET", "t:1")).isEqualTo("{\"name\":\"Ada\"}");
        }
    }

    @Test
    void keysThatBanyanLoadsAndKeysWithLeasesDoNotStandInOneCommand() {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "name"), Declared.of("aside:", Strategy.CACHE_ASIDE).lease())) {
            bed.ask("GET", "user:1");
            assertThat(bed.ask("MGET", "aside:1", "user:1")).startsWith("CROSSSLOT");
            assertThat(bed.ask("MGET", "user:1", "aside:1")).startsWith("CROSSSLOT");
            assertThat(bed.ask("COPY", "aside:1", "user:1")).startsWith("CROSSSLOT");
            assertThat(bed.ask("DEL", "aside:1", "user:1")).startsWith("CROSSSLOT");
            assertThat(bed.ask("GET", "user:1")).isEqualTo("{\"name\":\"Ada\"}");
        }
    }

    @Test
    void aKeyIsExplained() throws Exception {
        try (CacheBed bed = bed(Declared.of("user:", Strategy.READ_THROUGH).table("users", "name"))) {
            bed.follow().followed();
            bed.ask("GET", "user:1");
            Explained known = bed.strategies.explain("user:1").orElseThrow();
            assertThat(known.strategy()).isEqualTo("read-through");
            assertThat(known.entry()).isEqualTo("a value of 14 bytes");
            assertThat(known.leftMillis()).isBetween(500_000L, 600_000L);
            assertThat(known.parameters()).containsExactly("1", "1");
            assertThat(known.sql()).contains("\"public\".\"users\"");
            assertThat(bed.strategies.explain("user:2").orElseThrow().entry()).isEqualTo("nothing");
            assertThat(bed.strategies.explain("other:2")).isEmpty();
        }
    }

    @Test
    void declarationsAreCheckedAgainstTheRealTables_allAtOnce() throws Exception {
        execute("CREATE TABLE plain (a int, t timestamptz)");
        List<CacheKeys> keys = Stream.of(Declared.of("a:", Strategy.READ_THROUGH).table("nowhere"), Declared.of("b:", Strategy.READ_THROUGH).table("plain"), Declared.of("c:", Strategy.WRITE_THROUGH).table("users", "nome").key("name"),
                Declared.of("d:", Strategy.READ_THROUGH).sql("UPDATE users SET name = 'x' RETURNING *"), Declared.of("e:", Strategy.READ_THROUGH).table("users", "name").evictedBy("pairs", "c").evictedBy("gone"),
                Declared.of("f:", Strategy.READ_THROUGH).table("users").value(Shape.COLUMN), Declared.of("g:", Strategy.WRITE_BEHIND).table("users", "name", "age").value(Shape.HASH)).map(Declared::keys).toList();
        try (var connection = postgres.admin()) {
            assertThat(Declarations.check(keys, connection).stream().map(problem -> problem.path() + " " + problem.message())).containsExactly(
                    "cache.keys[0] table nowhere is not there: create it, or mend its name",
                    "cache.keys[1] key is not given, and table plain has no primary key: name the columns that find a row",
                    "cache.keys[2].columns table public.users has no column nome (it has id, name, age, tags, extra, seen)",
                    "cache.keys[2].key name is not unique in table public.users, so a key is no one row: create a unique index on it, or declare a statement (sql)",
                    "cache.keys[3].sql PostgreSQL does not accept it as a query: syntax error at or near \"SET\" (SQLSTATE 42601)",
                    "cache.keys[4].evicted-by table public.pairs has no column c (it has a, b, v)",
                    "cache.keys[4].evicted-by table gone is not there: create it, or mend its name",
                    "cache.keys[5].columns a value of one column needs one, not 5: name it");
        }
    }
}
