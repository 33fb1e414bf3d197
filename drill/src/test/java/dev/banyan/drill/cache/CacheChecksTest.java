package dev.banyan.drill.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.cache.FakeCache.Misdeed;
import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks against caches that are right, and against each kind of wrong one: every one must be found out. The database is a real PostgreSQL. */
class CacheChecksTest {
    @TempDir
    private static Path folder;

    private static Loops loops;
    private static PostgresServers servers;
    private static RunningPostgres server;

    @BeforeAll
    static void startWithTheSamplesTables() throws Exception {
        Topology site = SiteFile.read("site: photos\napplication: { command: [none] }\ndatabase: { kind: postgresql, port: 0 }\n", _ -> Optional.empty()).orThrow("photos");
        loops = Loops.open(IoKind.NIO, 1);
        servers = new PostgresServers(new Supervisor(StateFolder.at(folder), loops.blocking(), Clock.system(), Loops.random(), _ -> {}), site.site(), site.database(), new FreePorts());
        server = servers.start(PostgresServers.FIRST);
        try (Connection connection = DriverManager.getConnection(jdbc()); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE NOT NULL, display_name text NOT NULL, password text NOT NULL,"
                    + " followers int NOT NULL DEFAULT 0)");
            statement.execute("CREATE TABLE photo_counts (photo_id bigint PRIMARY KEY, likes bigint NOT NULL DEFAULT 0, comments bigint NOT NULL DEFAULT 0)");
            statement.execute("CREATE TABLE photo_views (photo_id bigint PRIMARY KEY, views bigint NOT NULL DEFAULT 0)");
        }
    }

    @AfterAll
    static void stop() {
        servers.stop();
        loops.close();
    }

    private static String jdbc() {
        return server.endpoint().jdbcUrl().reveal();
    }

    private static CacheDrillOptions options(FakeCache cache, Duration duration) {
        return new CacheDrillOptions(cache.url(), server.endpoint().url(), duration, Duration.ofMillis(200), 5, 2, 2, 4, 3, 0, Duration.ofMillis(50), Duration.ofSeconds(2), 300,
                Optional.empty());
    }

    private static StalenessReport staleness(Misdeed misdeed) throws Exception {
        try (FakeCache cache = new FakeCache(jdbc(), loops, misdeed)) {
            return StalenessCheck.run(options(cache, Duration.ofMillis(700)), loops, Clock.system(), Loops.random(1));
        }
    }

    @Test
    void aCacheThatShowsWhatTheDatabaseHasHolds() throws Exception {
        StalenessReport report = staleness(Misdeed.NONE);
        assertThat(report.passed()).as(report.table()).isTrue();
        assertThat(report.writes()).isPositive();
        assertThat(report.visible().p50Ms()).isPositive();
        assertThat(report.json().path("passed").asBoolean()).isTrue();
        assertNothingIsLeft();
    }

    private static void assertNothingIsLeft() throws Exception {
        try (Connection connection = DriverManager.getConnection(jdbc()); Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM photo_counts) + (SELECT count(*) FROM photo_views)")) {
            row.next();
            assertThat(row.getLong(1)).isZero();
        }
    }

    @Test
    void whatIsShownForEverIsStaleAndForgotten() throws Exception {
        StalenessReport report = staleness(Misdeed.KEEPS_FOR_EVER);
        assertThat(report.passed()).isFalse();
        assertThat(report.stale()).isPositive();
        assertThat(report.forgotten()).isPositive();
        assertThat(report.stalestMs()).isGreaterThan(200);
        assertThat(report.examples()).isNotEmpty();
    }

    @Test
    void aReadBehindAnEarlierOneIsFoundOut() throws Exception {
        StalenessReport report = staleness(Misdeed.SHOWS_TURN_ABOUT);
        assertThat(report.back()).as(report.table()).isPositive();
        assertThat(report.passed()).isFalse();
    }

    @Test
    void whatNobodyWroteAndWhatIsMissingIsFoundOut() throws Exception {
        assertThat(staleness(Misdeed.INVENTS).invented()).isPositive();
        assertThat(staleness(Misdeed.SHOWS_NOTHING).missing()).isPositive();
    }

    private static WriteBehindReport behind(Misdeed misdeed, int faults) throws Exception {
        try (FakeCache cache = new FakeCache(jdbc(), loops, misdeed)) {
            CacheDrillOptions usual = options(cache, Duration.ofMillis(400));
            CacheDrillOptions options = new CacheDrillOptions(usual.redis(), usual.database(), usual.duration(), usual.bound(), usual.rows(), usual.writers(), usual.readers(),
                    usual.workers(), usual.counters(), faults, usual.pause(), usual.limit(), usual.misses(), usual.allowRemote());
            return WriteBehindCheck.run(options, new Nothing(), loops, Clock.system(), Loops.random(1), _ -> {});
        }
    }

    /** A fault that breaks nothing. */
    private record Nothing() implements Fault {
        @Override
        public String strike(int number) {
            return "nothing " + number;
        }

        @Override
        public boolean whole() {
            return true;
        }
    }

    @Test
    void writesThatAreAllThereHold_faultsAndLostAnswersNotwithstanding() throws Exception {
        WriteBehindReport report = behind(Misdeed.NONE, 2);
        assertThat(report.passed()).as(report.table()).isTrue();
        assertThat(report.faults()).hasSize(2);
        WriteBehindReport silent = behind(Misdeed.DOES_WITHOUT_ANSWER, 0);
        assertThat(silent.passed()).as(silent.table()).isTrue();
        assertThat(silent.unknown()).isPositive();
        assertThat(silent.failures()).isNotEmpty();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = {"LOSES_A_COUNT", "LOSES_A_VALUE"})
    void anAcknowledgedWriteThatIsNotThereIsLost(Misdeed misdeed) throws Exception {
        WriteBehindReport report = behind(misdeed, 0);
        assertThat(report.lost()).as(report.table()).isPositive();
        assertThat(report.passed()).isFalse();
        assertThat(report.examples()).isNotEmpty();
    }

    @Test
    void whatWasCountedTwiceIsFoundOut() throws Exception {
        WriteBehindReport report = behind(Misdeed.COUNTS_TWICE, 0);
        assertThat(report.doubled()).as(report.table()).isPositive();
    }

    @Test
    void aCacheThatDoesNotLoadIsToldWhatToDeclare() throws Exception {
        try (FakeCache cache = new FakeCache(jdbc(), loops, Misdeed.SHOWS_NOTHING)) {
            for (int i = 0; i < 60; i++) {
                try (CacheLink link = new CacheLink(RedisUrl.of(cache.url(), Optional.empty()), Duration.ofSeconds(5))) {
                    link.get("likes:1");
                }
            }
            assertThatThrownBy(() -> StalenessCheck.run(options(cache, Duration.ofMillis(100)), loops, Clock.system(), Loops.random(1)))
                    .isInstanceOf(BanyanException.class).hasMessageContaining("profile:").hasMessageContaining("site.yaml");
            assertThatThrownBy(() -> WriteBehindCheck.run(options(cache, Duration.ofMillis(100)), new Nothing(), loops, Clock.system(), Loops.random(1), _ -> {}))
                    .isInstanceOf(BanyanException.class).hasMessageContaining("likes:");
        }
    }

    @Test
    void oneQueryIsCountedByPostgreSqlItself() throws Exception {
        List<Secret> all = List.of(server.endpoint().url());
        try (FakeCache cache = new FakeCache(jdbc(), loops, Misdeed.NONE)) {
            CacheDrillOptions few = new CacheDrillOptions(cache.url(), server.endpoint().url(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, 1, 1, 1, 0, Duration.ZERO,
                    Duration.ofSeconds(1), 60, Optional.empty());
            OneQueryReport report = OneQueryCheck.run(few, all, loops, Clock.system());
            assertThat(report.passed()).as(report.table()).isTrue();
            assertThat(report.right()).isEqualTo(60);
        }
    }

    @Test
    void optionsOutOfBoundsAreNamedTogether_andForeignHostsNeedAReason() throws Exception {
        CacheDrillOptions wrong = new CacheDrillOptions(new Secret("redis://:x@127.0.0.1:1"), new Secret("postgresql://h/d"), Duration.ZERO, Duration.ofSeconds(1), 0, 1, 1, 1, 1, -1,
                Duration.ZERO, Duration.ofSeconds(1), 0, Optional.empty());
        assertThatThrownBy(() -> StalenessCheck.run(wrong, loops, Clock.system(), Loops.random(1))).hasMessageContaining("--duration").hasMessageContaining("--rows")
                .hasMessageContaining("--faults").hasMessageContaining("--misses");
        assertThatThrownBy(() -> RedisUrl.of(new Secret("redis://:hunter2@192.0.2.1:6379"), Optional.empty())).hasMessageContaining("--allow-remote").hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> RedisUrl.of(new Secret("http://:hunter2@h"), Optional.empty())).hasMessageContaining("redis://").hasMessageNotContaining("hunter2");
        assertThat(RedisUrl.of(new Secret("redis://a%40b:c%2Fd@127.0.0.1:7"), Optional.empty()).password().map(Secret::reveal)).contains("c/d");
    }
}
