package dev.banyan.bench.cachekills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheKillsBenchTest {
    private static final Path JARS = Path.of("").toAbsolutePath().getParent().resolve("cli/target/lib");

    @Test
    void nothingIsLostWhenBanyanIsKilledInTheMiddleOfAFailover() throws Exception {
        assumeTrue(Files.isDirectory(JARS), "needs the jars that 'mvn package -pl cli -am' collects in " + JARS);
        List<String> banyan = List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", JARS + "/*", "dev.banyan.cli.Banyan");
        CacheKillsReport report = CacheKillsBench.run(banyan, CacheKillsBench.Plan.of(List.of("--kills", "1", "--workers", "8", "--only", "primary_then_banyan")));
        assertThat(report.ledger().passed()).as(report.table()).isTrue();
        assertThat(report.json().path("killed").path("primary_then_banyan").path("times").asInt()).isEqualTo(1);
    }

    @Test
    void whatCannotBeDoneIsSaidInASentence() {
        assertThatThrownBy(() -> CacheKillsBench.Plan.of(List.of("--only", "moon"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'moon'").hasMessageContaining("usage");
        assertThat(CacheKillsBench.Plan.of(List.of("--quick")).kills()).isEqualTo(3);
    }
}
