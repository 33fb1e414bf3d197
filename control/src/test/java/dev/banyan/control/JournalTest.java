package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.Resumption.Reason;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    private Path folder;

    @Test
    void everyEntryIsReadBackAsItWasWritten() throws IOException {
        write(1, 3);
        List<JournalEntry> entries = Journal.read(folder.resolve("journal"));
        for (JournalEntry entry : entries) {
            assertThat(JournalLine.parse(JournalLine.of(entry), "here")).isEqualTo(entry);
        }
        assertThat(entries).hasAtLeastOneElementOfType(JournalEntry.Begun.class).hasAtLeastOneElementOfType(JournalEntry.Doing.class)
                .hasAtLeastOneElementOfType(JournalEntry.Done.class).hasAtLeastOneElementOfType(JournalEntry.Committed.class)
                .hasAtLeastOneElementOfType(JournalEntry.Over.class);
    }

    @Test
    void openingForgetsAllButTheLastCommitment() throws IOException {
        write(1, 3);
        try (Journal again = Journal.open(folder)) {
            assertThat(again.remembered().last().orElseThrow().stage()).isEqualTo(Stage.LOAD_BALANCER);
            assertThat(again.remembered().cutShort()).isEmpty();
        }
        assertThat(Files.readAllLines(folder.resolve("journal"))).hasSize(1);
    }

    @Test
    void afterACrashAtAnyByte_theSiteComesUpWhereItLastStood_andSaysSo() throws IOException {
        write(1, 3);
        byte[] whole = Files.readAllBytes(folder.resolve("journal"));
        for (int length = 0; length <= whole.length; length++) {
            Files.write(folder.resolve("journal"), Arrays.copyOf(whole, length));
            List<JournalEntry> left = Journal.read(folder.resolve("journal"));
            long commits = left.stream().filter(JournalEntry.Committed.class::isInstance).count();
            boolean over = left.isEmpty() || left.getLast() instanceof JournalEntry.Over;
            Resumption resumption = Resumption.of(Sites.photos(1), Journal.remembered(left));
            assertThat(resumption.wanted().stage()).isEqualTo(commits < 2 ? Stage.SINGLE_SERVER : Stage.LOAD_BALANCER);
            assertThat(resumption.why().isPresent()).as("crash at byte " + length).isEqualTo(!over || commits == 2);
            resumption.why().filter(_ -> !over && commits > 0).ifPresent(why -> assertThat(why.what())
                    .isEqualTo(left.stream().filter(JournalEntry.Over.class::isInstance).count() == commits ? "go back to stage 1"
                            : "go on to stage " + (commits == 1 ? 1 : 3)));
        }
    }

    @Test
    void aDamagedLineInTheMiddleIsNamed() throws IOException {
        Files.writeString(folder.resolve("journal"), "{\"entry\":\"begun\",\"move\":1\n");
        assertThatThrownBy(() -> Journal.open(folder)).isInstanceOf(BanyanException.class)
                .hasMessageContaining("journal line 1").hasMessageContaining("move the file away");
    }

    @Test
    void growWinsOverTheSiteFileUntilItsStageIsEdited() throws IOException {
        write(1, 3);
        try (Journal journal = Journal.open(folder)) {
            Remembered remembered = journal.remembered();
            assertThat(Resumption.of(Sites.photos(1), remembered).wanted().stage()).isEqualTo(Stage.LOAD_BALANCER);
            Resumption edited = Resumption.of(Sites.photos(3), remembered);
            assertThat(edited.wanted().stage()).isEqualTo(Stage.LOAD_BALANCER);
            assertThat(edited.why().map(Reason::why)).contains("the site file was edited since: it said stage 1, now stage 3");
        }
    }

    @Test
    void shrinkingBelowTheSiteFileIsRememberedToo() throws IOException {
        write(3, 1);
        try (Journal journal = Journal.open(folder)) {
            assertThat(Resumption.of(Sites.photos(3), journal.remembered()).wanted().stage()).isEqualTo(Stage.SINGLE_SERVER);
        }
    }

    @Test
    void withoutAJournalTheSiteFileSays() {
        Resumption first = Resumption.of(Sites.photos(3), Remembered.NOTHING);
        assertThat(first).isEqualTo(new Resumption(Wanted.of(Sites.photos(3)), Optional.empty()));
    }

    /** A start at the file's stage, then a move to another. */
    private void write(int fileStage, int movedTo) {
        FakeWorld world = new FakeWorld();
        Roster roster = new Roster();
        Supervisor supervisor = new Supervisor(roster, world.ports());
        DatabaseCluster database = world.cluster(roster);
        Topology file = Sites.photos(fileStage);
        Wanted moved = Wanted.of(file).at(Sites.photos(movedTo).stage());
        try (Journal journal = Journal.open(folder)) {
            new Mover(1, Course.to(Plan.Kind.UP, Wanted.of(file), roster.now()), journal, roster, world.ports(), database, supervisor, _ -> {}).run();
            new Mover(2, Course.to(Plan.Kind.GROW, moved, roster.now()), journal, roster, world.ports(), database, supervisor, _ -> {}).run();
        }
    }
}
