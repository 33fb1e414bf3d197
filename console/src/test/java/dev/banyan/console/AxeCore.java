package dev.banyan.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** axe-core, the reference set of rules on who can use a page, by npm; kept in the build's folder. */
final class AxeCore {
    static final String VERSION = "4.14.1";

    /** What it finds that keeps somebody from using the page: the rule and where, one a line; empty when nothing. */
    static final String SERIOUS = """
            axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
              .flatMap(v => v.nodes.map(n => v.id + ' at ' + n.target.join(' ') + ': ' + n.failureSummary)).join('\\n'))""";

    private static final Path FOLDER = Path.of("target", "axe-core-" + VERSION);
    private static final int INSTALL_MINUTES = 3;

    private AxeCore() {}

    /** Its script; empty where npm or its registry cannot be had. */
    static Optional<String> script() throws IOException, InterruptedException {
        Path script = FOLDER.resolve("node_modules/axe-core/axe.min.js");
        if (!Files.exists(script)) {
            install();
        }
        return Files.exists(script) ? Optional.of(Files.readString(script)) : Optional.empty();
    }

    private static void install() throws IOException, InterruptedException {
        Path unfinished = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "axe-core");
        Process npm;
        try {
            npm = new ProcessBuilder("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
                    "--fetch-timeout=20000", "axe-core@" + VERSION).directory(unfinished.toFile()).redirectErrorStream(true).redirectOutput(unfinished.resolve("npm.log").toFile()).start();
        } catch (IOException thereIsNoNpm) {
            return;
        }
        if (npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) && npm.exitValue() == 0) {
            try {
                Files.move(unfinished, FOLDER);
            } catch (IOException e) {
                if (!Files.exists(FOLDER)) { // else another has been faster
                    throw e;
                }
            }
        } else {
            npm.destroyForcibly();
        }
    }
}
