package dev.banyan.console;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A test of the page in a real browser: one browser for all tests of a class, a made-up site for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InBrowser {
    Chromium browser;
    LivingConsole console;

    @BeforeAll
    void openBrowser(@TempDir Path profile) throws Exception {
        Optional<Path> program = Chromium.installed();
        Assumptions.assumeTrue(program.isPresent(), "Chromium is not installed (Debian: apt-get install chromium): the page was not looked at");
        browser = new Chromium(program.orElseThrow(), profile);
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        console = new LivingConsole(folder, "127.0.0.1", Duration.ofMillis(300));
        browser.size(1280, 900);
        browser.complaints().clear();
    }

    @AfterEach
    void stop() {
        browser.open("about:blank");
        console.close();
    }
}
