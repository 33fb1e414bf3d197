package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page costs while it shows 60 servers at 1,000 requests a second: processor time of all of Chromium's processes, headless and drawing in software,
 * less what they take for an empty page. Prints it; what else runs on the machine makes it more (2.6 % in its first seconds, with 40 who
 * want its two cores), so that only three times as much fails. Each part is measured for 3 s, or as many as {@code -Dpage.cost.seconds=30} says.
 */
@Timeout(200)
class PageCostTest {
    private static final long SECONDS = Long.getLong("page.cost.seconds", 3);
    private static final double FAR_TOO_MUCH = 8;
    private static final int TIMES = 200;

    @TempDir
    Path folder;

    @TempDir
    Path profile;

    @Test
    void sixtyServersAtAThousandRequestsASecond() throws Exception {
        Optional<Path> program = Chromium.installed();
        Assumptions.assumeTrue(program.isPresent(), "Chromium is not installed (Debian: apt-get install chromium): the page's cost was not measured");
        try (LivingConsole console = new LivingConsole(folder, "127.0.0.1", Duration.ofMillis(300)); Chromium browser = new Chromium(program.orElseThrow(), profile)) {
            console.site.load(1_000).large();
            browser.size(1280, 900);
            browser.open(console.url());
            browser.await("document.querySelectorAll('.node').length === 64 && document.querySelector('.flow').dataset.moving === 'true'", 60_000);
            double live = percent(console, browser);
            browser.value("document.querySelector('.draw').style.display = 'none'");
            double undrawn = percent(console, browser);
            browser.open("about:blank");
            double empty = percent(console, browser);
            System.out.printf(Locale.ROOT, "the page, 60 servers, 1,000 requests/s, %d s each: %.1f %% of a core; without the drawing %.1f %%; an empty page %.1f %%%n", SECONDS, live - empty, undrawn - empty, empty);
            assertThat(live - empty).isLessThan(FAR_TOO_MUCH);
        }
    }

    /** Of one core, in percent. The evaluation waits in the page, so that this process has nothing to do meanwhile. */
    private static double percent(LivingConsole console, Chromium browser) {
        browser.value("new Promise(end => setTimeout(end, 1500))");
        Duration before = browser.spent();
        long began = console.clock.nanos();
        for (long left = SECONDS; left > 0; left -= 10) {
            browser.value("new Promise(end => setTimeout(end, " + Math.min(10, left) * 1000 + "))");
        }
        return 100.0 * browser.spent().minus(before).toNanos() / (console.clock.nanos() - began);
    }

    /** What Banyan does each second for those who look, but for gathering the figures. */
    @Test
    void oneSiteAsJson() {
        try (LivingConsole console = new LivingConsole(folder)) {
            console.site.load(1_000).large();
            int bytes = 0;
            for (int i = 0; i < TIMES; i++) {
                bytes = Json.write(console.site.site()).length;
            }
            var threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < TIMES; i++) {
                Json.write(console.site.site());
            }
            double millis = (threads.getCurrentThreadCpuTime() - before) / 1e6 / TIMES;
            System.out.printf(Locale.ROOT, "the site as JSON, 60 servers: %.2f ms of a core each second, %,d bytes%n", millis, bytes);
            assertThat(millis).as("1 %% of a core is 10 ms a second").isLessThan(10);
        }
    }
}
