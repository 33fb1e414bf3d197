package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.journal.RowWrite.Cell;
import dev.banyan.cache.journal.RowWrite.Effect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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
}
