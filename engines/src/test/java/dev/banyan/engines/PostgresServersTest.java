package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    void aPrimaryThatWasStoppedEndsBehindItsLastCheckpoint_andItsStandbyHasAllOfIt() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        Sql.run(primary, "CREATE TABLE t AS SELECT generate_series(1, 10000)");
        WalPosition written = primary.look(SOON).written();
        primary.stop();
        WalPosition end = servers.logEnd("db-1").orElseThrow();
        assertThat(end.bytes()).isGreaterThan(written.bytes()).isLessThan(written.bytes() + 100_000);
        assertThat(standby.look(SOON).written()).as("sent before it ended").isGreaterThanOrEqualTo(end);

        RunningPostgres again = servers.start("db-1");
        assertThat(again.look(SOON).written().bytes()).as("goes on at the next place that is aligned").isGreaterThanOrEqualTo(end.bytes());
        again.fence();
        assertThat(servers.logEnd("db-1")).as("killed").isEmpty();
        standby.stop();
        assertThat(servers.logEnd("db-2")).as("a standby's log ends where its primary's does").isEmpty();
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

    @Test
    void fencesAPrimaryWithBusyClients_thoughItsHeadIsStopped() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        primary.look(SOON);
        Future<?> busy = place.loops.blocking().submit(() -> Sql.one(primary, "SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 10) b"));
        Workplace.await(() -> busyOn(primary) == 1);
        signal("STOP", pidOf("db-1"));
        assertThatThrownBy(() -> primary.look(Duration.ofMillis(200)))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT))
                .hasMessage("db-1 let no new client in within 200 ms");
        timed("fence of a stopped primary with a busy client", () -> fence(primary));
        assertThat(Kin.of(place.folder, ProcessTable.ofThisMachine()).find(ProcessTable.ofThisMachine())).isEmpty();
        assertThatThrownBy(busy::get).hasCauseInstanceOf(SQLException.class);
        assertThat(place.events.getLast()).isInstanceOf(ProcessEvent.Killed.class);
        assertThat(servers.running("db-1")).isEmpty();
        assertThat(Sql.one(servers.start("db-1"), "SELECT 1")).as("it may be started again, by its own word").isEqualTo("1");
    }

    @Test
    void acknowledgesNoCommitThatNoStandbyHas_fromTheMomentSynchronousWithReturns() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        servers.cloneFrom("db-2", primary, Progress.NONE);
        servers.cloneFrom("db-3", primary, Progress.NONE);
        for (int round = 0; round < 3; round++) {
            primary.synchronousWith(List.of(), 0);
            Sql.run(primary, "INSERT INTO photo VALUES (0)");
            everyProcessOf("db-2", "STOP");
            everyProcessOf("db-3", "STOP");
            timed("asynchronous to synchronous", () -> {
                primary.synchronousWith(List.of("db-2", "db-3"), 1);
                return primary;
            });
            Future<?> commit = place.loops.blocking().submit(() -> {
                Sql.run(primary, "INSERT INTO photo VALUES (1)");
                return null;
            });
            Workplace.await(() -> commit.isDone() || waitingForStandbys(primary) == 1);
            assertThat(commit.isDone()).as("acknowledged, and no standby has it").isFalse();
            everyProcessOf("db-3", "CONT");
            commit.get(60, TimeUnit.SECONDS);
            everyProcessOf("db-2", "CONT");
        }
        assertThat(primary.look(SOON).standbys()).allMatch(Standing.Streaming::synchronous);
        primary.synchronousWith(List.of("db-3"), 1);
        assertThat(primary.look(SOON).standby("db-2").orElseThrow().synchronous()).isFalse();
    }

    @Test
    void lettingNobodyWait_letsGoOfThoseWhoWait() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        primary.synchronousWith(List.of("db-2"), 1);
        standby.fence();
        Future<?> commit = place.loops.blocking().submit(() -> {
            Sql.run(primary, "INSERT INTO photo VALUES (1)");
            return null;
        });
        Workplace.await(() -> waitingForStandbys(primary) == 1);
        primary.synchronousWith(List.of(), 0);
        commit.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aKilledStandbyComesBackAndCatchesUp() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        Signal.KILL.send(pidOf("db-2"));
        Workplace.await(() -> !standby.alive());
        Sql.run(primary, "INSERT INTO photo SELECT generate_series(1, 1000)");
        Workplace.await(() -> standby.alive() && standby.answers());
        awaitSame(primary, standby);
        assertThat(Sql.one(standby, "SELECT count(*) FROM photo")).isEqualTo("1000");
    }

    @Test
    void aStandbyThatIsStartedWithoutItsPrimaryIsSettled_whenItHasReadAllOfItsOwnLog() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        servers.cloneFrom("db-2", primary, Progress.NONE);
        Sql.run(primary, "CREATE TABLE photo AS SELECT generate_series(1, 100000) AS id");
        awaitSame(primary, servers.running("db-2").orElseThrow());
        WalPosition all = servers.running("db-2").orElseThrow().look(SOON).written();
        servers.running("db-2").orElseThrow().fence();
        primary.fence();
        RunningPostgres again = servers.start("db-2", ServerRole.STANDBY);
        Workplace.await(() -> again.look(SOON).settled());
        assertThat(again.look(SOON).written()).isGreaterThanOrEqualTo(all);
        assertThat(Sql.one(again, "SELECT count(*) FROM photo")).isEqualTo("100000");
    }

    @Test
    void promotesThoughAReadHoldsUpTheReplay_andCommitsWaitByTheRuleGivenBefore() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        standby.ask("ALTER SYSTEM SET max_standby_streaming_delay = '1h'", SOON);
        standby.ask("SELECT pg_reload_conf()", SOON);
        standby.synchronousWith(List.of("db-3"), 1);
        try (Connection reader = Sql.open(standby.endpoint())) {
            reader.setAutoCommit(false);
            assertThat(Sql.one(reader, "SELECT count(*) FROM photo")).isEqualTo("0");
            Sql.run(primary, "ALTER TABLE photo ADD COLUMN title text", "INSERT INTO photo VALUES (1, 'behind the lock')");
            WalPosition position = primary.look(SOON).written();
            Workplace.await(() -> standby.look(SOON).written().compareTo(position) >= 0);
            assertThat(standby.look(SOON).replayed()).isLessThan(position);
            primary.fence();
            servers.clusterFile().write(new ClusterFile.Content(2, "db-2", List.of("db-2"), List.of(), 2));
            timed("a promotion that a read holds up", () -> {
                standby.promote(SOON);
                return standby;
            });
        }
        assertThat(Sql.one(standby, "SELECT title FROM photo")).isEqualTo("behind the lock");
        Future<?> commit = place.loops.blocking().submit(() -> {
            Sql.run(standby, "INSERT INTO photo VALUES (2)");
            return null;
        });
        Workplace.await(() -> waitingForStandbys(standby) == 1);
        standby.synchronousWith(List.of(), 0);
        commit.get(60, TimeUnit.SECONDS);
    }

    @Test
    void neverStartsAPrimaryThatWasReplaced_andSetsItsDataAsideUntilItsNewCopyIsWhole() throws Exception {
        RunningPostgres first = servers.start("db-1");
        Sql.run(first, "CREATE TABLE photo (id bigint)");
        RunningPostgres second = servers.cloneFrom("db-2", first, Progress.NONE);
        first.fence();
        assertThatThrownBy(() -> second.promote(SOON)).hasMessageContaining("names nobody as the primary").hasMessageContaining("two primaries would lose writes");
        servers.clusterFile().write(new ClusterFile.Content(2, "db-2", List.of("db-1", "db-2"), List.of(), 2));
        second.promote(SOON);
        second.promote(SOON);
        Sql.run(second, "INSERT INTO photo VALUES (1)");

        assertThatThrownBy(() -> servers.start("db-1", ServerRole.STANDBY)).hasMessageContaining("db-1 is wanted as a standby and its data are a primary's");
        assertThatThrownBy(() -> servers.start("db-1")).hasMessageContaining("clone it anew");
        assertThatThrownBy(() -> servers.start("db-1", ServerRole.PRIMARY)).hasMessageContaining("was a primary and db-2 is since epoch 2");
        assertThatThrownBy(() -> servers.demote("db-1", second)).hasMessageContaining("was not shut down cleanly");

        AtomicLong aside = new AtomicLong();
        RunningPostgres again = servers.cloneFrom("db-1", second, (bytes, expected) -> aside.set(Files.exists(place.folder.postgres().resolve("db-1.old-2/data")) ? 1 : 2));
        assertThat(aside.get()).as("its data are there while it is copied").isEqualTo(1);
        assertThat(place.folder.postgres().resolve("db-1.old-2")).doesNotExist();
        assertThat(place.heard(ProcessEvent.Noted.class)).extracting(ProcessEvent::sentence).satisfiesExactly(
                sentence -> assertThat(sentence).contains("set aside in ").contains("db-1.old-2"),
                sentence -> assertThat(sentence).contains("is deleted: the new copy of db-2 is whole"));
        awaitSame(second, again);
        assertThat(Sql.one(again, "SELECT id FROM photo")).isEqualTo("1");
        assertThat(again.endpoint()).isEqualTo(first.endpoint());
    }

    @Test
    void aPrimaryThatWasStoppedCleanlyFollowsItsSuccessorWithoutACopy() throws Exception {
        RunningPostgres first = servers.start("db-1");
        Sql.run(first, "CREATE TABLE photo (id bigint)");
        RunningPostgres second = servers.cloneFrom("db-2", first, Progress.NONE);
        RunningPostgres third = servers.cloneFrom("db-3", first, Progress.NONE);
        Sql.run(first, "INSERT INTO photo VALUES (1)");
        first.stop();
        servers.clusterFile().write(new ClusterFile.Content(2, "db-2", List.of("db-1", "db-2", "db-3"), List.of(), 3));
        second.promote(SOON);
        third.follow(second);
        servers.demote("db-1", second);
        Sql.run(second, "INSERT INTO photo VALUES (2)");
        RunningPostgres again = timed("a cleanly stopped primary is a standby", () -> servers.start("db-1"));
        awaitSame(second, again);
        assertThat(Sql.one(again, "SELECT count(*) FROM photo")).isEqualTo("2");
        assertThat(again.look(SOON).slots()).as("what it kept as a primary is given up").isEmpty();
        assertThat(second.look(SOON).slots()).extracting(Standing.Slot::standby).containsExactlyInAnyOrder("db-1", "db-3");
    }

    @Test
    void saysThatAStandbyIsStranded_whenTheLogItNeedsIsGone() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        standby.stop();
        primary.ask("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'", SOON);
        primary.ask("ALTER SYSTEM SET wal_keep_size = 0", SOON);
        primary.ask("SELECT pg_reload_conf()", SOON);
        for (int i = 0; i < 4; i++) {
            Sql.run(primary, "INSERT INTO photo SELECT generate_series(1, 100000)");
            primary.ask("SELECT pg_switch_wal()", SOON);
        }
        primary.ask("CHECKPOINT", SOON);
        assertThat(primary.look(SOON).slots()).containsExactly(new Standing.Slot("db-2", false, true));
        RunningPostgres back = servers.start("db-2");
        Workplace.await(() -> back.look(SOON).stranded().isPresent());
        assertThat(back.look(SOON).stranded().orElseThrow()).containsAnyOf("has already been removed", "replication slot \"db_2\"");
        back.stop();
        RunningPostgres anew = servers.cloneFrom("db-2", primary, Progress.NONE);
        awaitSame(primary, anew);
        assertThat(anew.look(SOON).stranded()).isEmpty();
        assertThat(primary.look(SOON).slots()).containsExactly(new Standing.Slot("db-2", true, false));
    }

    @Test
    void aCopyThatIsBrokenOffLeavesNothing() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, SIXTY_MEGABYTES);
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> clone = place.loops.blocking().submit(() -> servers.cloneFrom("db-2", primary, (bytes, expected) -> begun.countDown()));
        begun.await();
        clone.cancel(true);
        Workplace.await(() -> !Files.exists(place.folder.postgres().resolve("db-2/data.unfinished")) && primary.look(SOON).slots().isEmpty());
        assertThat(servers.known()).containsExactly("db-1");
    }

    @Test
    void aCopyWhoseSourceIsKilledLeavesNothing() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        primary.whenItEnds(WhenItEnds.TELL);
        Sql.run(primary, SIXTY_MEGABYTES);
        assertThatThrownBy(() -> servers.cloneFrom("db-2", primary, (bytes, expected) -> everyProcessOf("db-1", "KILL")))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILED))
                .hasMessageContaining("db-1 could not be copied to ");
        assertThat(place.folder.postgres().resolve("db-2/data.unfinished")).doesNotExist();
        assertThat(place.folder.postgres().resolve("db-2/data")).doesNotExist();
        RunningPostgres again = servers.start("db-1");
        assertThat(again.look(SOON).slots()).as("the slot for a copy that never was").isEmpty();
        assertThat(Sql.one(again, "SELECT count(*) FROM photo")).isEqualTo("130000");
    }

    @Test
    void whatWasNotMadeHereCannotBeStarted() {
        assertThatThrownBy(() -> servers.start("db-2"))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_THING))
                .hasMessageContaining("there are data of [db-1]: clone it from one of them");
    }

    @Test
    void deletesAStoppedServerAndWhatWasKeptForIt() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        assertThatThrownBy(() -> servers.delete("db-2")).hasMessageContaining("db-2 runs and cannot be deleted");
        standby.stop();
        servers.forget("db-2", primary);
        servers.delete("db-2");
        assertThat(primary.look(SOON).slots()).isEmpty();
        assertThat(place.folder.postgres().resolve("db-2")).doesNotExist();
        servers.delete("db-2");
    }

    @Test
    void theOneServerOfEarlierVersionsIsTheFirst() throws Exception {
        Files.move(place.folder.postgres("db-1"), place.folder.postgres().resolve("primary"));
        servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
        assertThat(servers.known()).containsExactly("db-1");
        assertThat(Sql.one(servers.start("db-1"), "SELECT 1")).isEqualTo("1");
        assertThat(place.folder.postgres().resolve("primary")).doesNotExist();
    }

    private static int busyOn(RunningPostgres server) {
        return count(server, "state = 'active' AND query LIKE '%generate_series(1, 1000000000)%' AND pid <> pg_backend_pid()");
    }

    private static int waitingForStandbys(RunningPostgres server) {
        return count(server, "wait_event = 'SyncRep'");
    }

    private static int count(RunningPostgres server, String which) {
        return Integer.parseInt(server.ask("SELECT count(*) FROM pg_stat_activity WHERE " + which, SOON).getFirst().rows().getFirst().getFirst());
    }

    private void everyProcessOf(String name, String signal) {
        Path data = place.folder.postgres(name).resolve("data");
        ProcessTable table = ProcessTable.ofThisMachine();
        table.all().stream().filter(process -> table.folder(process.pid()).filter(data::equals).isPresent()).forEach(process -> signal(signal, process.pid()));
    }

    private static void signal(String name, long pid) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
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
