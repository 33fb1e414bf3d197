package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appending: who waits, who is refused, and with what words. */
class CommitsTest {
    @TempDir
    private Path folder;

    private final Journals journals = new Journals();
    private final Held database = new Held();

    @AfterEach
    void close() {
        journals.close();
    }

    /** A database that can be held up, and counts what it is given. */
    private static final class Held implements Target {
        volatile boolean up = true;
        volatile long watermark;
        final List<Stretch> stretches = new CopyOnWriteArrayList<>();

        @Override
        public long claim(UUID journal) {
            return watermark;
        }

        @Override
        public void lower(UUID journal, long applied) {
            watermark = applied;
        }

        @Override
        public Outcome apply(Stretch stretch) throws SQLException {
            if (!up) {
                throw new SQLException("the database is being held", "57P03");
            }
            stretches.add(stretch);
            watermark = stretch.upTo();
            return new Outcome.Done(7, List.of());
        }

        @Override
        public void close() {}
    }

    private WriteBehindJournal open(Disk disk, String bytes, Duration patience) {
        return WriteBehindJournal.open(journals.setup(folder, null, bytes, Duration.ofMillis(1), 100, patience), disk, database);
    }

    private static RowWrite large(int id) {
        return Writes.put("t", id, "v", "x".repeat(100_000));
    }

    @Test
    void manyThreadsGetNumbersWithoutAGap_andFewForcesDoForMany() throws Exception {
        try (WriteBehindJournal journal = open(FolderDisk.open(folder), "64MiB", Duration.ofSeconds(5))) {
            List<CompletableFuture<Appended>> answers = new CopyOnWriteArrayList<>();
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                int id = thread;
                threads.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 250; i++) {
                        answers.add(journal.append(Writes.add("t", id, "n", 1)));
                    }
                }, journals.loops.blocking()));
            }
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
            assertThat(answers.stream().mapToLong(answer -> answer.join().sequence()).sorted()).containsExactlyElementsOf(LongStream.rangeClosed(1, 4_000).boxed().toList());
            assertThat(journals.registry.histogram("banyan_journal_force_seconds", "", Labels.NONE).distribution().count()).isLessThan(4_000);
            assertThat(journal.drain(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(database.stretches.stream().flatMap(stretch -> stretch.rows().stream()).map(row -> ((Pending.Column.Plus) ((Pending.Written) row.fold()).columns().get("n")).amount().longValue()).reduce(0L, Long::sum))
                .isEqualTo(4_000);
    }

    @Test
    void aWriteIsAppliedWhetherOrNotAnotherOneComes() throws Exception {
        try (WriteBehindJournal journal = open(FolderDisk.open(folder), "64MiB", Duration.ofSeconds(5))) {
            for (int i = 0; i < 1_000; i++) {
                long sequence = journal.append(Writes.add("t", i, "n", 1)).join().sequence();
                Journals.await("write " + sequence + " is applied", () -> database.watermark == sequence);
            }
        }
    }

    @Test
    void whereThereIsNoRoomWritesWaitInLine_andGoOnWhenThereIs() throws Exception {
        database.up = false;
        try (WriteBehindJournal journal = open(FolderDisk.open(folder), "1MiB", Duration.ofSeconds(20))) {
            List<Integer> order = new CopyOnWriteArrayList<>();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                int id = i;
                all.add(journal.append(large(i)).thenAccept(_ -> order.add(id)));
            }
            Journals.await("what has room is in", () -> order.size() >= 4);
            assertThat(journal.figures().bytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(all.getLast()).isNotDone();
            database.up = true;
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            assertThat(order).isSorted().hasSize(25);
        }
    }

    @Test
    void whoWaitedTooLongForRoomIsRefused_withTheNumbers() {
        database.up = false;
        try (WriteBehindJournal journal = open(FolderDisk.open(folder), "1MiB", Duration.ofMillis(200))) {
            List<CompletableFuture<Appended>> all = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                all.add(journal.append(large(i)));
            }
            assertThatThrownBy(() -> all.getLast().join()).cause().isInstanceOfSatisfying(BanyanException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.BUSY))
                    .hasMessageContaining("is full and the write waited 200 ms for room").hasMessageContaining("of at most 1MiB").hasMessageContaining("raise cache.write-behind.journal");
            long kept = all.stream().filter(answer -> !answer.isCompletedExceptionally()).count();
            assertThat(journal.figures().writes()).isEqualTo(kept);
            assertThatThrownBy(() -> journal.append(Writes.put("t", 1, "v", "x".repeat(2 << 20))).join()).hasMessageContaining("a write of 2097").hasMessageContaining("make the value smaller");
        }
    }

    @Test
    void aFullDiskRefusesWrites_andWhenThereIsRoomAgainTheyAreTakenAgain() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(Loops.random(5));
        try (WriteBehindJournal journal = open(disk, "16MiB", Duration.ofSeconds(5))) {
            journal.append(Writes.put("t", 1, "v", "before")).join();
            disk.room = 0;
            List<CompletableFuture<Appended>> all = new ArrayList<>();
            Journals.await("the segment is full", () -> {
                all.add(journal.append(large(all.size())));
                return all.getLast().handle((_, failure) -> failure != null).join();
            });
            assertThatThrownBy(() -> all.getLast().join()).isInstanceOf(CompletionException.class).cause().isInstanceOfSatisfying(BanyanException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.DISK))
                    .hasMessageContaining("No space left on device").hasMessageContaining("nothing is acknowledged");
            disk.room = Long.MAX_VALUE;
            Journals.await("writes are taken again", () -> journal.append(Writes.put("t", 2, "v", "after")).handle((_, failure) -> failure == null).join());
            assertThat(journals.decisions).extracting(Decision::what).containsExactly("refuse write-behind writes", "take write-behind writes again");
        }
    }

    @Test
    void afterAForceThatFailedNothingOfItIsFoundAgain() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(Loops.random(6));
        database.up = false;
        try (WriteBehindJournal journal = open(disk, "16MiB", Duration.ofSeconds(5))) {
            journal.append(Writes.put("t", 1, "v", "acknowledged")).join();
            disk.failing = 1;
            assertThatThrownBy(() -> journal.append(Writes.put("t", 2, "v", "refused")).join()).hasMessageContaining("Input/output error");
            disk.failing = 0;
            Journals.await("writes are taken again", () -> journal.append(Writes.put("t", 3, "v", "later")).handle((_, failure) -> failure == null).join());
        }
        List<RowWrite> found = new ArrayList<>();
        SegmentLog.open(disk, new UUID(0, 0), 1 << 20).log().read(0, Long.MAX_VALUE, write -> found.add(write.write()));
        assertThat(found).containsExactly(Writes.put("t", 1, "v", "acknowledged"), Writes.put("t", 3, "v", "later"));
    }

    @Test
    void aSecondOneCannotOpenTheFolder_andAfterClosingNothingIsTaken() {
        WriteBehindJournal journal = open(FolderDisk.open(folder), "1MiB", Duration.ofSeconds(5));
        assertThatThrownBy(() -> FolderDisk.open(folder)).isInstanceOfSatisfying(BanyanException.class, held -> assertThat(held.code()).isEqualTo(ErrorCode.SITE_IS_HELD));
        journal.close();
        assertThatThrownBy(() -> journal.append(Writes.delete("t", 1)).join()).hasMessageContaining("is closed");
        open(FolderDisk.open(folder), "1MiB", Duration.ofSeconds(5)).close();
    }

    @Test
    void readersSeeAWriteAsSoonAsItIsAcknowledged_andUntilListenersHaveHeardThatItIsApplied() throws Exception {
        try (WriteBehindJournal journal = open(FolderDisk.open(folder), "1MiB", Duration.ofSeconds(5))) {
            List<Boolean> pendingWhenHeard = new CopyOnWriteArrayList<>();
            journal.onApplied((rows, xid) -> pendingWhenHeard.add(xid == 7 && rows.stream().allMatch(row -> journal.pending(row.table(), row.key()).isPresent())));
            database.up = false;
            journal.append(Writes.add("t", 1, "n", 2)).join();
            journal.append(Writes.add("t", 1, "n", 3)).join();
            assertThat(journal.pending("t", Writes.key(1)).map(pending -> ((Pending.Written) pending).columns().get("n"))).contains(new Pending.Column.Plus(5));
            database.up = true;
            assertThat(journal.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(journal.pending("t", Writes.key(1))).isEmpty();
            assertThat(pendingWhenHeard).isNotEmpty().containsOnly(true);
        }
    }
}
