package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.LoadOptions;
import dev.banyan.engines.SiteHold;
import dev.banyan.engines.StateFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningTest {
    private static final Running SITE = new Running(4711, "shop", "/srv/shop/site.yaml", "http://127.0.0.1:9900", List.of("http://localhost:8080"),
            "postgresql://shop@127.0.0.1:6432/shop", "redis://127.0.0.1:6380");

    @TempDir
    private Path folder;

    @Test
    void aRunningSiteIsFoundByItsFile() {
        StateFolder state = StateFolder.at(folder);
        try (SiteHold hold = SiteHold.take(state)) {
            assertThat(hold).isNotNull();
            SITE.write(state);
            assertThat(Running.in(folder)).isEqualTo(SITE);
            Running.forget(state);
            assertThat(Running.find(folder)).isEmpty();
        }
    }

    @Test
    void virtualUsersOfTheSampleSiteVisitNoOtherSiteUnasked() {
        assertThat(LoadCommand.scriptFor(SITE)).isEqualTo(LoadOptions.Script.URL);
        assertThat(LoadCommand.scriptFor(new Running(4711, "photos", "/srv/site.yaml", "http://127.0.0.1:9900", List.of(), "", ""))).isEqualTo(LoadOptions.Script.PHOTOS);
    }

    @Test
    void theFileOfAKilledOneSaysNothing() {
        SITE.write(StateFolder.at(folder));
        assertThat(Running.find(folder)).isEmpty();
    }
}
