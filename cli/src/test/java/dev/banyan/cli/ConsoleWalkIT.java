package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/test/browser/walk.mjs}: a person's walk through the console of the sample site, in Chromium by Playwright. Its pictures stay in {@code target/walk}. */
@Timeout(1_500)
class ConsoleWalkIT {
    private static final Path SCRIPT = Path.of("src/test/browser").toAbsolutePath();
    private static final Path PICTURES = Path.of("target/walk").toAbsolutePath();
    private static final int FEWEST_STEPS = 15;

    @TempDir
    private Path folder;

    @Test
    void aPersonSeesTheSite_sendsTraffic_growsIt_killsAServer_andIsShownWhatBanyanDidAboutIt() throws Exception {
        Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
        assumeTrue(chromium.isPresent(), "the walk through the console needs Chromium; on Debian: apt install chromium");
        assumeTrue(program("node").isPresent() && program("npm").isPresent(), "the walk through the console needs Node.js and npm; on Debian: apt install nodejs npm");
        Path packages = installed();
        Files.copy(SCRIPT.resolve("walk.mjs"), packages.resolve("walk.mjs"), StandardCopyOption.REPLACE_EXISTING);
        Process walk = new ProcessBuilder("node", "walk.mjs", chromium.get().toString(), folder.resolve(".banyan").toString(), PICTURES.toString())
                .directory(packages.toFile()).redirectErrorStream(true).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = walk.inputReader()) {
            assertThat(lines.readLine()).as("the browser").isEqualTo("ready");
            CompletableFuture<Void> heard = CompletableFuture.runAsync(() -> lines.lines().forEach(line -> {
                System.out.println(line);
                said.add(line);
            }));
            try (LaunchedSite _ = LaunchedSite.up(folder)) {
                heard.get(1_200, TimeUnit.SECONDS);
            }
        } finally {
            walk.descendants().forEach(ProcessHandle::destroyForcibly);
            walk.destroyForcibly().waitFor();
        }
        assertThat(said).filteredOn(line -> line.startsWith("not ok")).isEmpty();
        assertThat(said).filteredOn(line -> line.startsWith("ok")).hasSizeGreaterThanOrEqualTo(FEWEST_STEPS);
        assertThat(walk.exitValue()).isZero();
    }

    /** Where the packages that the walk needs are installed; skips when npm cannot. */
    private static Path installed() throws Exception {
        Path home = Files.createDirectories(Path.of("target/browser").toAbsolutePath());
        if (!Files.exists(home.resolve("node_modules/axe-core/axe.min.js"))) {
            Files.copy(SCRIPT.resolve("package.json"), home.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
            Path log = home.resolve("npm.log");
            Process npm = new ProcessBuilder("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1", "--fetch-timeout=20000")
                    .directory(home.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            boolean done = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
            npm.destroyForcibly();
            assumeTrue(done, () -> "npm could not install playwright-core and axe-core (is its registry within reach? see " + log + ")");
        }
        return home;
    }

    private static Optional<Path> program(String... names) {
        return Arrays.stream(System.getenv("PATH").split(":")).flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
    }
}
