package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Cache;
import dev.banyan.topology.Decision;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Redis that Banyan brings, in a folder of its own for each test. */
class RedisServersTest {
    @TempDir
    private Path folder;

    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private Workplace place;

    @BeforeEach
    void open() {
        place = new Workplace(folder);
    }

    @AfterEach
    void close() {
        Orphans.end(place.folder, Clock.system());
        place.close();
    }

    @Test
    void aNodeAnswersWhoHasThePassword_andNobodyElse() throws Exception {
        RedisServers servers = servers("");
        RunningRedis node = servers.start("cache-1");
        assertThat(node.address().host()).isEqualTo("127.0.0.1");
        assertThat(node.version()).isEqualTo("Redis 7.0.15");
        try (RedisTalk talk = RedisTalk.to(node.address())) {
            assertThat(talk.say("PING")).startsWith("-NOAUTH");
            assertThat(talk.say("AUTH guess")).startsWith("-WRONGPASS");
            assertThat(talk.say("AUTH " + servers.password().reveal())).isEqualTo("+OK");
            assertThat(talk.say("SET a 1")).isEqualTo("+OK");
            assertThat(talk.say("GET a")).isEqualTo("1");
        }
        assertThat(servers.start("cache-1")).as("it runs already").isSameAs(node);
        servers.stop();
        assertThat(node.alive()).isFalse();
        assertThat(place.heard(ProcessEvent.Stopped.class)).containsExactly(new ProcessEvent.Stopped("cache-1", false));
    }

    @Test
    void thePasswordIsInNoCommandLine_noEnvironment_noLog_andInFilesOfTheOwnerOnly() throws Exception {
        RedisServers servers = servers("");
        RunningRedis node = servers.start("cache-1");
        String password = servers.password().reveal();
        assertThat(password).hasSize(32);
        long pid = node.process().pid().orElseThrow();
        if (Files.exists(Path.of("/proc/self/cmdline"))) {
            assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline"))).doesNotContain(password);
            assertThat(Files.readString(Path.of("/proc/" + pid + "/environ"))).doesNotContain(password).contains(Kin.PROCESS + "=cache-1");
        }
        assertThat(Files.readString(LogFile.in(place.folder, "cache-1"))).doesNotContain(password);
        for (Path file : List.of(place.folder.redis("cache-1").resolve(RedisConf.FILE), place.folder.secrets().resolve("redis-nodes"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------");
        }
        servers.stop();
        assertThat(servers("").password().reveal()).as("kept").isEqualTo(password);
    }

    @Test
    void aKilledNodeComesBackAtItsPort_empty() throws Exception {
        RedisServers servers = servers("");
        RunningRedis node = servers.start("cache-1");
        try (RedisTalk talk = talk(servers, node)) {
            talk.say("SET a 1");
        }
        Signal.KILL.send(node.process().pid().orElseThrow());
        Workplace.await(() -> place.heard(ProcessEvent.Started.class).size() == 2 && node.answers());
        try (RedisTalk talk = talk(servers, node)) {
            assertThat(talk.say("GET a")).isEqualTo("$-1");
        }
        assertThat(node.lastEnd().orElseThrow()).startsWith("cache-1 was killed by signal 9");
        servers.stop();
    }

    @Test
    void withAppendOnly_itKeepsWhatItHad_overACleanStopAndANewStart() throws Exception {
        RedisServers servers = servers("persistence: append-only");
        RunningRedis first = servers.start("cache-1");
        try (RedisTalk talk = talk(servers, first)) {
            talk.say("SET a kept");
        }
        servers.stop();
        RunningRedis second = servers("persistence: append-only").start("cache-1");
        assertThat(second.address()).as("its port is kept").isEqualTo(first.address());
        try (RedisTalk talk = talk(servers, second)) {
            assertThat(talk.say("GET a")).isEqualTo("kept");
        }
        second.stop();
    }

    @Test
    void itsMemoryIsBounded_byThePolicyOfTheSite() throws Exception {
        RedisServers lru = servers("memory: 8MiB");
        try (RedisTalk talk = talk(lru, lru.start("cache-1"))) {
            assertThat(fill(talk)).as("writes that were refused").isZero();
            assertThat(Long.parseLong(talk.say("DBSIZE").substring(1))).isPositive().isLessThan(2000);
        }
        lru.delete("cache-1");
        for (String wish : List.of("eviction: none", "eviction: ttl", "eviction: fifo")) {
            RedisServers servers = servers("memory: 8MiB, " + wish);
            try (RedisTalk talk = talk(servers, servers.start("cache-1"))) {
                assertThat(fill(talk)).as("%s: keys without an expiry stay, and writes are refused", wish).isPositive();
            }
            servers.delete("cache-1");
        }
        RedisServers lfu = servers("eviction: lfu");
        try (RedisTalk talk = talk(lfu, lfu.start("cache-1"))) {
            assertThat(talk.say("CONFIG GET maxmemory-policy")).contains("allkeys-lfu");
            assertThat(talk.say("CONFIG GET save")).endsWith("save ");
        }
        lfu.stop();
    }

    /** 2000 values of 8 KiB into 8 MiB; returns how many were refused. */
    private static int fill(RedisTalk talk) throws IOException {
        int refused = 0;
        String value = "x".repeat(8 << 10);
        for (int i = 0; i < 2000; i++) {
            refused += talk.say("SET key" + i + " " + value).startsWith("-OOM") ? 1 : 0;
        }
        return refused;
    }

    @Test
    void aNodeSaysWhatItHolds_andHowOftenItHadIt() throws Exception {
        RedisServers servers = servers("");
        RunningRedis node = servers.start("cache-1");
        try (RedisTalk talk = talk(servers, node)) {
            talk.say("SET a 1");
            talk.say("SET b 1");
            talk.say("GET a");
            talk.say("GET c");
        }
        RedisFigures figures = node.figures().orElseThrow();
        assertThat(figures.keys()).isEqualTo(2);
        assertThat(figures.hits()).isEqualTo(1);
        assertThat(figures.misses()).isEqualTo(1);
        assertThat(figures.memory()).isBetween(100_000L, 64L << 20);
        assertThat(figures.mostMemory()).isEqualTo(64L << 20);
        assertThat(figures.commands()).isGreaterThan(4);
        servers.stop();
        assertThat(node.figures()).isEmpty();
    }

    @Test
    void aSweepTakesTheStraysOfAllItsDatabases_andNothingElse() throws Exception {
        RedisServers servers = servers("");
        RunningRedis node = servers.start("cache-1");
        try (RedisTalk talk = talk(servers, node)) {
            for (int i = 0; i < 3000; i++) {
                talk.say("SET key" + i + " 1");
            }
            talk.say("SELECT 3");
            talk.say("SET key7 1");
            talk.say("SET key8 1");
            assertThat(node.sweep(key -> new String(key, StandardCharsets.US_ASCII).endsWith("7"))).isEqualTo(301);
            assertThat(talk.say("EXISTS key8 key7")).isEqualTo(":1");
            talk.say("SELECT 0");
            assertThat(talk.say("DBSIZE")).isEqualTo(":2700");
            assertThat(talk.say("EXISTS key17")).isEqualTo(":0");
        }
        servers.stop();
        assertThatThrownBy(() -> node.sweep(_ -> true)).isInstanceOf(BanyanException.class).hasMessageContaining("could not be swept");
    }

    @Test
    void deletingANodeStopsItAndLeavesNothing() throws Exception {
        RedisServers servers = servers("persistence: append-only");
        RunningRedis node = servers.start("cache-2");
        assertThat(servers.running()).extracting(RunningRedis::name).containsExactly("cache-2");
        servers.delete("cache-2");
        assertThat(node.alive()).isFalse();
        assertThat(place.folder.redis("cache-2")).doesNotExist();
        assertThat(servers.running()).isEmpty();
        servers.delete("cache-2");
    }

    @Test
    void aNodeThatCannotStartIsToldWithItsLastLines_andStopped() throws Exception {
        RedisServers servers = servers("memory: 1MiB");
        Path log = Files.createDirectories(place.folder.redis("cache-1")).resolve("appendonlydir");
        Files.writeString(log, "a file where Redis wants a folder");
        RedisServers appends = servers("persistence: append-only");
        assertThatThrownBy(() -> appends.start("cache-1")).isInstanceOf(BanyanException.class).hasMessageContaining("cache-1 did not start; its last lines:").hasMessageContaining("appendonlydir");
        assertThat(appends.running()).isEmpty();
        assertThat(servers.running()).isEmpty();
    }

    @Test
    void theProgramIsCheckedBeforeItIsRun_andUnpackedAnewWhenItIsAnother() throws Exception {
        Path program = RedisBinary.unpack(place.folder).file();
        Files.writeString(program, "#!/bin/sh\necho something else\n");
        assertThat(RedisBinary.unpack(place.folder).file()).isEqualTo(program);
        assertThat(Files.size(program)).isGreaterThan(1_000_000);
        assertThat(program).isExecutable();
    }

    @Test
    void aNewerOneOfThePathIsTaken_anOlderOrEqualOneIsNot_andItIsSaidWhy() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Tool tool = new Tool(place.folder, place.folder.redis().resolve("setup.log"));
        says(bin.resolve("redis-server"), "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0");
        RedisProgram ours = RedisProgram.choose(place.folder, List.of(bin), tool);
        assertThat(ours.path()).isEqualTo(RedisBinary.unpack(place.folder).file());
        assertThat(ours.why()).isEqualTo("the PATH's " + bin.resolve("redis-server") + " is 7.0.15, which is not newer");
        says(bin.resolve("valkey-server"), "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1");
        RedisProgram newer = RedisProgram.choose(place.folder, List.of(folder, bin), tool);
        assertThat(newer).hasToString("Valkey 8.1.1 (" + bin.resolve("valkey-server") + ")");
        assertThat(newer.why()).isEqualTo("it is newer than the Redis 7.0.15 that Banyan brings");
        says(bin.resolve("redis-server"), "Redis server v=10.0 sha=00000000:0");
        assertThat(RedisProgram.choose(place.folder, List.of(bin), tool).version()).isEqualTo("10.0");
        assertThat(RedisProgram.choose(place.folder, List.of(), tool).why()).isEqualTo("the PATH has neither valkey-server nor redis-server");
        RedisServers servers = servers("");
        servers.start("cache-1");
        servers.stop();
        assertThat(decisions).singleElement().satisfies(chosen -> assertThat(chosen.what()).startsWith("run Redis 7.0.15 (").endsWith(") for the cache"));
    }

    private static void says(Path program, String words) throws IOException {
        Files.writeString(program, "#!/bin/sh\necho '" + words + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private RedisServers servers(String settings) {
        Cache cache = SiteFile.read("{site: a, application: {command: x}, cache: {kind: redis, " + settings + "}}", _ -> Optional.empty()).orThrow("test").cache();
        return new RedisServers(place.supervisor, cache, new FreePorts(), List.of(), decisions::add);
    }

    private static RedisTalk talk(RedisServers servers, RunningRedis node) throws IOException {
        RedisTalk talk = RedisTalk.to(node.address());
        talk.say("AUTH " + servers.password().reveal());
        return talk;
    }
}
