package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real PostgreSQL servers: cloned, followed, promoted, fenced, killed. */
class PostgresServersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String SIXTY_MEGABYTES =
            "CREATE TABLE photo AS SELECT id, repeat(md5(id::text), 12) AS title FROM generate_series(1, 130000) id";

    @TempDir
    private Path folder;

    private Workplace place;
    private PostgresServers servers;

    @BeforeEach
    void open() throws IOException {
        place = new Workplace(folder);
        MadeOnce.into(place.folder);
        servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
    }

    @AfterEach
    void close() throws IOException {
        servers.stop();
        Orphans.end(place.folder, Clock.system());
        place.close();
        UnpackedOnce.outOf(place.folder);
    }

    @Test
    void copiesARunningPrimary_andTheCopyFollowsIt() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, SIXTY_MEGABYTES);
        AtomicLong copied = new AtomicLong();
        RunningPostgres standby = timed("a clone of 60 MB, until it streams", () -> servers.cloneFrom("db-2", primary, (bytes, expected) -> {
            assertThat(bytes).isBetween(copied.get(), expected);
            copied.set(bytes);
        }));
        assertThat(copied.get()).isGreaterThan(60_000_000);
        Sql.run(primary, "INSERT INTO photo VALUES (0, 'after the copy')");
        awaitSame(primary, standby);
        assertThat(Sql.one(standby, "SELECT count(*) FROM photo")).isEqualTo("130001");
        assertThatThrownBy(() -> Sql.run(standby, "INSERT INTO photo VALUES (1)")).hasMessageContaining("read-only transaction");

        Standing own = standby.look(SOON);
        assertThat(own.inRecovery()).isTrue();
        assertThat(own.timeline()).isEqualTo(1);
        assertThat(own.receiving()).contains(new Standing.Receiving(primary.endpoint().address().port(), true));
        assertThat(own.stranded()).isEmpty();
        assertThat(standby.follows()).contains("db-1");
        Standing of = primary.look(SOON);
        assertThat(of.inRecovery()).isFalse();
        assertThat(of.standby("db-2")).get().satisfies(seen -> {
            assertThat(seen.state()).isEqualTo("streaming");
            assertThat(seen.synchronous()).isFalse();
        });
        assertThat(of.slots()).containsExactly(new Standing.Slot("db-2", true, false));
        assertThat(servers.known()).containsExactly("db-1", "db-2");
        assertThat(place.folder.postgres("db-2").resolve("data.unfinished")).doesNotExist();
    }

    @Test
    void promotesOneStandbyAndTheOtherFollows_withEveryRow_whenThePrimaryIsKilled() throws Exception {
        RunningPostgres first = servers.start("db-1");
        Sql.run(first, SIXTY_MEGABYTES);
        RunningPostgres second = servers.cloneFrom("db-2", first, Progress.NONE);
        RunningPostgres third = servers.cloneFrom("db-3", first, Progress.NONE);
        first.synchronousWith(List.of("db-2", "db-3"), 1);
        first.whenItEnds(WhenItEnds.TELL);
        AtomicLong told = new AtomicLong();
        first.onEnd(() -> told.set(System.nanoTime()));
        Sql.run(first, "INSERT INTO photo VALUES (0, 'acknowledged')");

        long killed = System.nanoTime();
        Signal.KILL.send(pidOf("db-1"));
        Workplace.await(() -> told.get() != 0);
        print("told of the end of a killed primary", told.get() - killed);
        timed("fence of a dead primary", () -> fence(first));
        assertThat(first.alive()).isFalse();
        boolean secondIsFurther = second.look(SOON).written().compareTo(third.look(SOON).written()) >= 0;
        RunningPostgres next = secondIsFurther ? second : third;
        RunningPostgres other = secondIsFurther ? third : second;
        servers.clusterFile().write(new ClusterFile.Content(2, next.name(), List.of("db-2", "db-3"), List.of(), 3));
        timed("a promotion, until it takes writes", () -> {
            next.promote(SOON);
            Sql.run(next, "INSERT INTO photo VALUES (131072, 'after the promotion')");
            return next;
        });
        timed("another standby follows, until it has a write of the new primary", () -> {
            other.follow(next);
            awaitSame(next, other);
            return other;
        });
        assertThat(Sql.one(other, "SELECT count(*) FROM photo WHERE title IN ('acknowledged', 'after the promotion') OR id BETWEEN 1 AND 130000")).isEqualTo("130002");
        assertThat(other.look(SOON)).satisfies(standing -> {
            assertThat(standing.timeline()).isEqualTo(2);
            assertThat(standing.stranded()).isEmpty();
        });
        assertThat(next.follows()).isEmpty();
        assertThat(other.follows()).contains(next.name());
        assertThat(place.heard(ProcessEvent.Restarting.class)).isEmpty();
    }

    private static RunningPostgres fence(RunningPostgres server) {
        server.fence();
        return server;
    }

    private long pidOf(String name) {
        return place.heard(ProcessEvent.Started.class).stream().filter(event -> event.name().equals(name)).toList().getLast().pid();
    }

    private static void awaitSame(RunningPostgres primary, RunningPostgres standby) {
        WalPosition position = primary.look(SOON).written();
        Workplace.await(() -> standby.look(SOON).replayed().compareTo(position) >= 0);
    }

    private static <R> R timed(String what, Callable<R> work) throws Exception {
        long began = System.nanoTime();
        R result = work.call();
        print(what, System.nanoTime() - began);
        return result;
    }

    private static void print(String what, long nanos) {
        System.out.println(String.format(Locale.ROOT, "%s: %.1f ms", what, nanos / 1e6));
    }
}
