package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.cache.journal.RowWrite.Cell;
import dev.banyan.cache.journal.RowWrite.Effect;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole journal before a real PostgreSQL. */
class WriteBehindJournalIT {
    @TempDir
    private static Path home;

    private static JournalPostgres postgres;

    @TempDir
    private Path folder;

    private Journals journals;

    @BeforeAll
    static void start() {
        postgres = JournalPostgres.start(home);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void tables() throws Exception {
        journals = new Journals();
        postgres.execute("DROP SCHEMA IF EXISTS banyan CASCADE", "DROP TABLE IF EXISTS person, likes",
                "CREATE TABLE person (id bigint PRIMARY KEY, name varchar(10), age int DEFAULT 18, email text UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                "CREATE TABLE likes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0, person bigint REFERENCES person)");
    }

    @AfterEach
    void close() {
        journals.close();
    }

    @Test
    void takesWritesToTheirRows_insertsWhatIsNotThere_andTellsWho() throws Exception {
        postgres.execute("INSERT INTO person VALUES (1, 'Ada', 36), (2, 'Bob', 5)");
        List<AppliedListener.Row> heard = new CopyOnWriteArrayList<>();
        List<Long> xids = new CopyOnWriteArrayList<>();
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            journal.onApplied((rows, xid) -> {
                heard.addAll(rows);
                xids.add(xid);
            });
            List<CompletableFuture<Appended>> appended = new ArrayList<>();
            for (RowWrite write : List.of(
                    Writes.put("person", 1, "name", "Ada L."), Writes.add("person", 1, "age", 2), Writes.put("person", 3, "name", "Cy"), Writes.add("person", 3, "age", 1),
                    Writes.delete("person", 2), Writes.put("person", 2, "name", "Eve"), Writes.add("likes", 7, "n", 5), Writes.add("likes", 7, "n", -1), Writes.put("person", 4, "name", null))) {
                appended.add(journal.append(write));
            }
            CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new)).join();
            assertThat(appended.stream().map(one -> one.join().sequence())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(journal.pending("person", Writes.key(1))).isEmpty();
            assertThat(journal.figures()).extracting(Figures::writes, Figures::bytes, Figures::rows, Figures::applied, Figures::deadLetters).containsExactly(0L, 0L, 0L, 9L, 0L);
        }
        assertThat(postgres.rows("SELECT id, name, age FROM person ORDER BY id")).containsExactly("1,Ada L.,38", "2,Eve,18", "3,Cy,19", "4,null,18");
        assertThat(postgres.rows("SELECT id, n FROM likes")).containsExactly("7,4");
        assertThat(heard).extracting(row -> row.table() + row.key().getFirst().value().orElseThrow()).containsExactlyInAnyOrder("person1", "person2", "person3", "person4", "likes7");
        assertThat(postgres.rows("SELECT applied, xid, waiting, oldest FROM banyan.journal")).containsExactly("9," + xids.getLast() + ",0,null");
        assertThat(postgres.rows("SELECT xmin FROM person WHERE id = 1")).containsExactly(Long.toString(xids.getFirst() & 0xffff_ffffL));
        assertThat(postgres.rows("SELECT waiting, lag FROM banyan.lag")).containsExactly("0,00:00:00");
        assertThat(journals.decisions).isEmpty();
    }

    @Test
    void whatIsAcknowledgedUntilItIsFinishedIsInTheDatabase() throws Exception {
        WriteBehindJournal journal = journals.open(folder, postgres::connect);
        AtomicLong acknowledged = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (true) {
                journal.append(Writes.add("likes", 7, "n", 1)).join();
                acknowledged.incrementAndGet();
            }
        });
        while (acknowledged.get() < 100) {
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(journal.finish(Duration.ofSeconds(10))).isTrue();
        assertThatThrownBy(writer::join).hasRootCauseInstanceOf(BanyanException.class);
        assertThat(postgres.rows("SELECT n FROM likes WHERE id = 7")).containsExactly(Long.toString(acknowledged.get()));
    }

    @Test
    void keysOfSeveralColumnsAndQuotedNamesAreFoundAsSqlWritesThem() throws Exception {
        postgres.execute("DROP TABLE IF EXISTS \"Odd Table\"", "CREATE TABLE \"Odd Table\" (\"A\" int, b uuid, \"Select\" numeric(6,2), doc jsonb, tags text[], PRIMARY KEY (\"A\", b))");
        String uuid = "00000000-0000-0000-0000-00000000000a";
        List<Cell> key = List.of(new Cell("\"A\"", Optional.of("1")), new Cell("B", Optional.of(uuid)));
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            journal.append(new RowWrite("\"Odd Table\"", key, new Effect.Put(Map.of("\"Select\"", Optional.of("1.5"), "doc", Optional.of("{\"a\": 1}"), "TAGS", Optional.of("{x,y}")))));
            journal.append(new RowWrite("public.\"Odd Table\"", key, new Effect.Add(Map.of("\"Select\"", 3L)))).join();
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(postgres.rows("SELECT * FROM \"Odd Table\"")).containsExactly("1," + uuid + ",4.50,{\"a\": 1},{x,y}");
    }

    @Test
    void rowsThatTheDatabaseRefusesAreSetAside_andAllOthersAreWritten() throws Exception {
        postgres.execute("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name = 'refused' THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION refuse()");
        List<AppliedListener.Row> heard = new CopyOnWriteArrayList<>();
        try (WriteBehindJournal journal = WriteBehindJournal.open(journals.setup(folder, postgres::connect, "64MiB", Duration.ofMillis(200), 1_000, Duration.ofSeconds(5)))) {
            journal.onApplied((rows, _) -> heard.addAll(rows));
            for (int id = 1; id <= 200; id++) {
                journal.append(Writes.put("person", id, "name", "p" + id));
            }
            journal.append(Writes.put("person", 20, "name", "longer than ten"));
            journal.append(Writes.put("person", 40, "age", "old"));
            journal.append(Writes.add("person", 41, "name", 1));
            journal.append(Writes.put("person", 60, "name", "refused"));
            journal.append(Writes.put("person", 61, "name", "nul\u0000"));
            journal.append(Writes.add("person", 80, "age", 1L << 40));
            journal.append(Writes.put("person", "x", "name", "no number"));
            journal.append(Writes.add("likes", 90, "person", 12_345));
            journal.append(Writes.put("person", 100, "email", "one@example.org"));
            journal.append(Writes.put("person", 120, "email", "one@example.org"));
            journal.append(Writes.put("likes", 1, "nothing", "1"));
            journal.append(Writes.put("nowhere", 1, "n", "1"));
            journal.append(Writes.add("likes", 2, "n", 3)).join();
            assertThat(journal.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(journal.figures().deadLetters()).isEqualTo(11);
        }
        assertThat(postgres.rows("SELECT count(*) FROM person")).containsExactly("193");
        assertThat(postgres.rows("SELECT id, n FROM likes")).containsExactly("2,3");
        assertThat(postgres.rows("SELECT \"table\", key->>'id', sqlstate FROM banyan.dead_letters ORDER BY first_sequence")).containsExactly("person,20,22001", "person,40,22P02", "person,41,42883",
                "person,60,P0001", "person,61,22021", "person,80,22003", "person,120,23505", "person,x,22P02", "likes,90,23503", "likes,1,42703", "nowhere,1,42P01");
        assertThat(postgres.rows("SELECT effect, first_sequence, last_sequence, message LIKE '%value too long%' FROM banyan.dead_letters WHERE key->>'id' = '20'"))
                .containsExactly("{\"set\":{\"name\":\"longer than ten\"},\"add\":{}},20,201,t");
        assertThat(heard.stream().filter(AppliedListener.Row::refused)).hasSize(11);
        assertThat(journals.decisions).singleElement().satisfies(decision -> assertThat(decision.what()).isEqualTo("set aside writes to 11 rows"));
        assertThat(postgres.rows("SELECT applied FROM banyan.journal")).containsExactly("213");
    }

    @Test
    void rowsThatReferToOthersOfTheSameBatchAreWritten_inWhateverOrderTheyAreSorted() throws Exception {
        postgres.execute("INSERT INTO person (id, email) VALUES (1, 'a'), (2, 'b')", "INSERT INTO likes (id, person) VALUES (1, 1)");
        try (WriteBehindJournal journal = WriteBehindJournal.open(journals.setup(folder, postgres::connect, "64MiB", Duration.ofMillis(200), 1_000, Duration.ofSeconds(5)))) {
            journal.append(Writes.put("person", 9, "name", "parent"));
            journal.append(Writes.put("likes", 9, "person", "9"));
            journal.append(Writes.delete("likes", 1));
            journal.append(Writes.delete("person", 1));
            journal.append(Writes.put("person", 2, "email", "c")).join();
            assertThat(journal.drain(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(postgres.rows("SELECT id, email FROM person ORDER BY id")).containsExactly("2,c", "9,null");
        assertThat(postgres.rows("SELECT id, person FROM likes")).containsExactly("9,9");
        assertThat(postgres.rows("SELECT * FROM banyan.dead_letters")).isEmpty();
    }

    @Test
    void aConnectionThatIsCutAtACommitLeavesNothingOutAndNothingTwice() throws Exception {
        postgres.execute("INSERT INTO likes VALUES (1, 0)");
        try (CuttingProxy proxy = new CuttingProxy(postgres.port(), journals.loops.blocking());
                WriteBehindJournal journal = journals.open(folder, () -> JournalPostgres.connect(proxy.port()))) {
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            List<Long> heard = new CopyOnWriteArrayList<>();
            journal.onApplied((_, xid) -> heard.add(xid));
            long sum = 0;
            for (CuttingProxy.Cut cut : List.of(CuttingProxy.Cut.BEFORE_THE_COMMIT, CuttingProxy.Cut.BEHIND_THE_COMMIT, CuttingProxy.Cut.BEHIND_THE_COMMIT, CuttingProxy.Cut.BEFORE_THE_COMMIT)) {
                int before = proxy.cuts;
                proxy.cut = cut;
                journal.append(Writes.add("likes", 1, "n", ++sum)).join();
                Journals.await("a cut", () -> proxy.cuts > before);
                proxy.cut = CuttingProxy.Cut.NEVER;
                assertThat(journal.drain(Duration.ofSeconds(20))).isTrue();
                assertThat(postgres.rows("SELECT n FROM likes")).containsExactly(Long.toString(sum * (sum + 1) / 2));
                assertThat(postgres.rows("SELECT xmin FROM likes")).as("the listener heard of the transaction that did it").containsExactly(Long.toString(heard.getLast()));
            }
            assertThat(heard).hasSize(4);
        }
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfBatchesLosesNothing() throws Exception {
        try (JournalPostgres other = JournalPostgres.start(Files.createTempDirectory(home, "killed"));
                WriteBehindJournal journal = WriteBehindJournal.open(journals.setup(folder, other::connect, "64MiB", Duration.ofMillis(1), 50, Duration.ofSeconds(5)))) {
            other.execute("CREATE TABLE likes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)");
            long[] sums = new long[100];
            var random = Loops.random(3);
            for (int kill = 0; kill < 3; kill++) {
                long applied = journal.figures().applied();
                List<CompletableFuture<Appended>> appended = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    int id = random.nextInt(sums.length);
                    sums[id]++;
                    appended.add(journal.append(Writes.add("likes", id, "n", 1)));
                    if (i == 1_000) {
                        Journals.await("a batch", () -> journal.figures().applied() > applied);
                        other.kill();
                    }
                }
                CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new)).join();
                other.start();
            }
            assertThat(journal.drain(Duration.ofSeconds(30))).isTrue();
            List<String> expected = new ArrayList<>();
            for (int id = 0; id < sums.length; id++) {
                expected.add(id + "," + sums[id]);
            }
            assertThat(other.rows("SELECT id, n FROM likes ORDER BY id")).isEqualTo(expected);
        }
    }

    @Test
    void whatWasNotAppliedIsAppliedByTheNextRun_andUntilItIsKnownNobodyIsToldWrongly() throws Exception {
        postgres.execute("INSERT INTO likes VALUES (1, 100)");
        Primary down = () -> {
            throw new SQLException("Connection refused", "08001");
        };
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            journal.append(Writes.add("likes", 1, "n", 1)).join();
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
        }
        try (WriteBehindJournal journal = journals.open(folder, down)) {
            assertThat(journal.figures().settled()).as("all of the earlier run was applied, and its seal says so").isTrue();
            journal.append(Writes.add("likes", 1, "n", 10)).join();
            assertThat(journal.pending("likes", Writes.key(1))).contains(Pending.of(new Effect.Add(Map.of("n", 10L))));
            assertThat(journal.drain(Duration.ofMillis(50))).isFalse();
        }
        boolean[] up = new boolean[1];
        try (WriteBehindJournal journal = journals.open(folder, () -> up[0] ? postgres.connect() : down.connect())) {
            assertThat(journal.figures()).extracting(Figures::settled, Figures::writes).containsExactly(false, 1L);
            assertThatThrownBy(() -> journal.pending("likes", Writes.key(1))).hasMessageContaining("1 writes of an earlier run");
            journal.append(Writes.add("likes", 1, "n", 1_000)).join();
            up[0] = true;
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(postgres.rows("SELECT n FROM likes")).containsExactly("1111");
        assertThat(journals.decisions).isEmpty();
    }

    @Test
    void ofTwoCopiesOfAJournalOnlyTheLastThatClaimedItGoesOn() throws Exception {
        postgres.execute("INSERT INTO likes VALUES (1, 0)");
        Path copy = folder.resolve("copy");
        try (WriteBehindJournal first = journals.open(folder.resolve("one"), postgres::connect)) {
            first.append(Writes.add("likes", 1, "n", 1)).join();
            assertThat(first.drain(Duration.ofSeconds(10))).isTrue();
            Files.createDirectory(copy);
            try (var files = Files.list(folder.resolve("one"))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".segment")).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            try (WriteBehindJournal second = journals.open(copy, postgres::connect)) {
                second.append(Writes.add("likes", 1, "n", 10)).join();
                assertThat(second.drain(Duration.ofSeconds(10))).isTrue();
                first.append(Writes.add("likes", 1, "n", 100)).join();
                Journals.await("the first is fenced", () -> first.append(Writes.add("likes", 1, "n", 1)).handle((_, failure) -> failure != null).join());
                assertThat(second.drain(Duration.ofSeconds(10))).isTrue();
            }
            assertThatThrownBy(() -> first.append(Writes.add("likes", 1, "n", 1)).join()).hasMessageContaining("applied by another process").hasMessageContaining("its folder was copied");
        }
        assertThat(postgres.rows("SELECT n FROM likes")).containsExactly("11");
        assertThat(journals.decisions).extracting(Decision::what).contains("stop applying write-behind writes");
    }

    @Test
    void aDatabaseFromBeforeIsGivenWhatTheJournalStillHas_andTheRestIsTold() throws Exception {
        postgres.execute("INSERT INTO likes VALUES (1, 0)");
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            for (int i = 0; i < 10; i++) {
                journal.append(Writes.add("likes", 1, "n", 1)).join();
                assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            }
            postgres.execute("UPDATE likes SET n = 4", "UPDATE banyan.journal SET applied = 4"); // as a failover that lost the last six
            journal.append(Writes.add("likes", 1, "n", 1)).join();
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(postgres.rows("SELECT n FROM likes")).containsExactly("11");
            assertThat(journals.decisions).singleElement().satisfies(decision -> assertThat(decision.what()).isEqualTo("apply write-behind writes again from 5"));
        }
        journals.decisions.clear();
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            Journals.await("the first segment is gone", () -> !Files.exists(folder.resolve("0000000000000001.segment")));
        }
        postgres.execute("UPDATE likes SET n = 2", "UPDATE banyan.journal SET applied = 2"); // as a backup of last week
        try (WriteBehindJournal journal = journals.open(folder, postgres::connect)) {
            journal.append(Writes.add("likes", 1, "n", 1)).join();
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(postgres.rows("SELECT n FROM likes")).containsExactly("3");
        }
        assertThat(journals.decisions).singleElement().satisfies(decision -> assertThat(decision).asString().contains("apply write-behind writes from 12").contains("up to 2 only"));
    }

    @Test
    void withoutTheRightToMakeItsSchemaItSaysWhatToRun_andGoesOnWhenThatIsDone() throws Exception {
        postgres.execute("DROP ROLE IF EXISTS app", "CREATE ROLE app LOGIN", "INSERT INTO likes VALUES (1, 0)", "GRANT SELECT, UPDATE, INSERT, DELETE ON likes TO app");
        Primary app = () -> DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=app&sslmode=disable");
        try (WriteBehindJournal journal = journals.open(folder, app)) {
            journal.append(Writes.add("likes", 1, "n", 1)).join();
            Journals.await("it is said", () -> !journals.decisions.isEmpty());
            assertThat(journals.decisions.getFirst().why()).contains("CREATE SCHEMA IF NOT EXISTS banyan; GRANT CREATE, USAGE ON SCHEMA banyan TO \"app\"");
            postgres.execute("CREATE SCHEMA IF NOT EXISTS banyan", "GRANT CREATE, USAGE ON SCHEMA banyan TO \"app\"");
            assertThat(journal.drain(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(postgres.rows("SELECT n FROM likes")).containsExactly("1");
        postgres.execute("DROP SCHEMA banyan CASCADE", "DROP OWNED BY app", "DROP ROLE app");
    }
}
