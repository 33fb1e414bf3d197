package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Coordinated omission: a stall counts for everybody who came while it lasted, not only for the one request that was on the wire. */
class OmissionTest {
    @Test
    void aStallOfOneSecondShowsInTheLatency_thoughTheServiceTimeHardlyKnowsIt() {
        AtomicInteger count = new AtomicInteger();
        try (Loops loops = Loops.open();
                Origin origin = Origin.pages(loops, asked -> {
                    if (count.incrementAndGet() == 50) {
                        Clock.system().sleep(Duration.ofSeconds(1));
                    }
                    return Origin.Reply.of(200, "ok");
                })) {
            LoadOptions options = LoadOptions.at(origin.url("/"), LoadOptions.Script.URL).edit().connections(1).arrivals(Arrivals.Kind.CONSTANT)
                    .rate(Rate.constant(200)).duration(Duration.ofSeconds(2)).done();
            LoadReport report = Load.run(options, loops, Clock.system(), Loops.random(1), second -> {});

            assertThat(report.failed()).isZero();
            assertThat(report.arrivals()).isEqualTo(400);
            assertThat(report.maxMs()).isGreaterThanOrEqualTo(950.0);
            assertThat(report.p90Ms()).as("half of all came during the stall, or queued behind it").isGreaterThan(600);
            assertThat(report.serviceP99Ms()).as("one of 400 took a second: a measure that does not count the queue hides it").isLessThan(report.p90Ms());
            assertThat(report.late()).as("those that had no connection to go out on").isGreaterThan(100);
        }
    }
}
