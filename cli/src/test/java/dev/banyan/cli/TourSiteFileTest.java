package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TourSiteFileTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @Test
    void theSampleIsAsItIs_atPortsThatTheSystemChooses() throws IOException {
        String sample = Files.readString(REPOSITORY.resolve("site.yaml"));
        Topology theirs = SiteFile.read(sample, _ -> Optional.empty()).orThrow("the sample");
        Topology ours = SiteFile.read(TourSiteFile.text(sample), _ -> Optional.empty()).orThrow("the tour's");
        assertThat(ours.frontDoor().listen().port()).isZero();
        assertThat(ours.console().listen().port()).isZero();
        assertThat(ours.database().router().listen().port()).isZero();
        assertThat(ours.cache().router().listen().port()).isZero();
        assertThat(ours.cache().keys()).isEqualTo(theirs.cache().keys());
        assertThat(ours.application().command()).isEqualTo(theirs.application().command());
        assertThat(ours.application().environment()).containsKeys("HOST", "PASSWORD_ROUNDS");
        assertThat(ours.stage().number()).isEqualTo(1);
    }

    @Test
    void withoutTheSampleApplicationItSaysWhereToRunIt(@TempDir Path empty) {
        assertThatThrownBy(() -> TourSiteFile.into(empty, empty)).isInstanceOf(BanyanException.class).hasMessageContaining("the sample application").hasMessageContaining(empty.toString());
    }
}
