package dev.banyan.bench.footprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.bench.bed.Memory;
import dev.banyan.bench.bed.TestBed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteUnderTestTest {
    private static final Path JARS = Path.of("").toAbsolutePath().getParent().resolve("cli/target/lib");

    @Test
    void aSiteIsStartedMeasuredStoppedAndStartedAgain() throws Exception {
        assumeTrue(Files.isDirectory(JARS) && Files.exists(Path.of("/proc/self/smaps_rollup")), "needs Linux, and the jars that 'mvn package -pl cli -am' collects in " + JARS);
        List<String> banyan = List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", JARS + "/*", "dev.banyan.cli.Banyan");
        try (TestBed bed = TestBed.open()) {
            SiteUnderTest site = new SiteUnderTest(bed, banyan);
            SiteUnderTest.Start first = site.start();
            assertThat(first.console()).isPositive().isLessThanOrEqualTo(first.site());
            SiteUnderTest.Parts parts = site.memory();
            assertThat(List.of(parts.banyan(), parts.postgresql(), parts.application())).allMatch(memory -> memory.residentKib() > 1024).allMatch(SiteUnderTestTest::sharesAreNoMoreThanAll);
            site.stop();
            assertThat(site.start().site()).isPositive();
            site.stop();
        }
    }

    private static boolean sharesAreNoMoreThanAll(Memory memory) {
        return memory.proportionalKib() <= memory.residentKib();
    }
}
