package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadControlTest {
    private final Loops loops = Loops.open();
    private final LoadControl control = new LoadControl();
    /** Requests that succeeded while a test waited for one that fails. */
    private long before;

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void intervalsTellEveryRequestOnce_theUsersAreKeptBusyWhileAsked_andTheEndIsAudited() throws Exception {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        try (Origin origin = Origin.pages(loops, photos)) {
            CompletableFuture<LoadReport> report = run(LoadOptions.at(origin.url(""), LoadOptions.Script.PHOTOS).edit().users(4).rate(Rate.constant(20)).duration(Duration.ofMinutes(5)).done());
            control.begun().get(60, TimeUnit.SECONDS);
            long steady = untilRequests(20);
            control.saturate(true);
            long busy = untilRequests(2_000);
            control.saturate(false);
            photos.breakMedia();
            LoadInterval broken = untilFailed();
            control.end();
            LoadReport whole = report.get(60, TimeUnit.SECONDS);
            LoadInterval rest = control.cut();

            assertThat(steady + busy + broken.requests() + rest.requests() + before).isEqualTo(whole.requests());
            assertThat(broken.byKind()).containsOnlyKeys("wrong_body");
            assertThat(broken.failed()).isEqualTo(broken.byKind().get("wrong_body"));
            assertThat(broken.firstFailures()).isNotEmpty().allMatch(failed -> failed.kind().equals("wrong_body"));
            assertThat(whole.interrupted()).isFalse();
            assertThat(whole.writes().clean()).isTrue();
            assertThat(whole.arrivals()).as("more than 20 a second would have made").isGreaterThan((long) (2 * 20 * whole.seconds()));
        }
    }

    @Test
    void oneAddressHasNoUsersToKeepBusy_andNothingIsCutBeforeItBegins() throws Exception {
        assertThatThrownBy(control::cut).isInstanceOf(IllegalStateException.class).hasMessageContaining("has not begun");
        try (Origin origin = Origin.pages(loops, new PhotosDouble(PhotosDouble.Memory.GOOD))) {
            CompletableFuture<LoadReport> report = run(LoadOptions.at(origin.url("/"), LoadOptions.Script.URL).edit().duration(Duration.ofMinutes(5)).done());
            control.begun().get(60, TimeUnit.SECONDS);
            assertThatThrownBy(() -> control.saturate(true)).isInstanceOf(IllegalStateException.class).hasMessageContaining("only a script's users");
            control.end();
            assertThat(report.get(60, TimeUnit.SECONDS).interrupted()).isFalse();
        }
    }

    private CompletableFuture<LoadReport> run(LoadOptions options) {
        CompletableFuture<LoadReport> report = new CompletableFuture<>();
        loops.blocking().execute(() -> {
            try {
                report.complete(Load.run(options, loops, Clock.system(), Loops.random(3), _ -> {}, control));
            } catch (RuntimeException e) {
                report.completeExceptionally(e);
            }
        });
        return report;
    }

    private long untilRequests(long enough) {
        long requests = 0;
        while (requests < enough) {
            LoadInterval interval = control.cut();
            assertThat(interval.failed()).isZero();
            requests += interval.requests();
            LockSupport.parkNanos(5_000_000);
        }
        return requests;
    }

    private LoadInterval untilFailed() {
        while (true) {
            LoadInterval interval = control.cut();
            if (interval.failed() > 0) {
                return interval;
            }
            before += interval.requests();
            LockSupport.parkNanos(5_000_000);
        }
    }
}
