package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    private Path here;
    private Path sample;

    @BeforeEach
    void plantTheSampleSiteThatRuns(@TempDir Path temp) throws IOException {
        here = Files.createDirectories(temp.resolve("here")).resolve("site.yaml");
        sample = Files.createDirectories(temp.resolve("banyan")).resolve("site.yaml");
        Files.createFile(sample);
        Files.createFile(Files.createDirectories(sample.resolveSibling(".banyan")).resolve(Running.FILE));
    }

    @Test
    void inAFolderWithoutASiteTheSampleIsMeant() {
        assertThat(Place.stateFolder(List.of(here, sample))).isEqualTo(sample.resolveSibling(".banyan"));
    }

    @Test
    void inTheFolderOfASiteThatIsDownTheSampleIsNotMeant_thoughItRuns() throws IOException {
        Files.createFile(here);
        assertThat(Place.stateFolder(List.of(here, sample))).isEqualTo(here.resolveSibling(".banyan"));
    }

    @Test
    void aSiteFileOfAnotherNameLeavesItsStateFolder() throws IOException {
        Files.createDirectories(here.resolveSibling(".banyan"));
        assertThat(Place.stateFolder(List.of(here, sample))).isEqualTo(here.resolveSibling(".banyan"));
    }

    @Test
    void withoutAnySiteItIsTheCurrentFolder() {
        assertThat(Place.stateFolder(List.of(here))).isEqualTo(here.resolveSibling(".banyan"));
    }
}
