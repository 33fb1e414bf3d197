package dev.banyan.cli;

import dev.banyan.console.Site;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Window;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.history.HistoryFile;
import dev.banyan.telemetry.history.HistoryReader;
import dev.banyan.telemetry.history.Sample;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Keeps what the site did, every five seconds. A disk that refuses is told once and tried again each minute; nothing else notices. Owned by its one thread.
 */
final class SiteHistory implements AutoCloseable {
    private static final long STEP_MILLIS = History.STEP_SECONDS * 1_000L;
    private static final int TRY_AGAIN_STEPS = 60 / History.STEP_SECONDS;
    private static final String PROCESS = "banyan";

    private final Path path;
    private final Supplier<Site> site;
    private final SitePicture.Recent recent;
    private final SiteUsage usage;
    private final Clock clock;
    private final EventLog log;
    private Future<?> recording;
    private HistoryFile file;
    private int stepsToWait;
    private boolean refusedSaid;
    private boolean fullSaid;

    private SiteHistory(Ground ground, Supplier<Site> site, SitePicture.Recent recent, SiteUsage usage) {
        this.path = path(ground.folder().path());
        this.site = site;
        this.recent = recent;
        this.usage = usage;
        this.clock = ground.clock();
        this.log = ground.log();
    }

    private static Path path(Path stateFolder) {
        return stateFolder.resolve("history").resolve("figures.ring");
    }

    /** What was kept; of a site that is down, too. */
    static HistoryReader of(Path stateFolder, Clock clock) {
        return new HistoryReader(path(stateFolder), clock);
    }

    /** Keeps it from now on. */
    static SiteHistory open(Ground ground, Supplier<Site> site, SitePicture.Recent recent, SiteUsage usage) {
        SiteHistory kept = new SiteHistory(ground, site, recent, usage);
        kept.recording = ground.loops().blocking().submit(kept::run);
        return kept;
    }

    @Override
    public void close() {
        recording.cancel(true);
    }

    private void run() {
        try {
            while (true) {
                clock.sleep(Duration.ofMillis(STEP_MILLIS - Math.floorMod(clock.now().toEpochMilli(), STEP_MILLIS)));
                step();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** The step that has just ended. */
    private void step() {
        if (stepsToWait > 0) {
            stepsToWait--;
            return;
        }
        try {
            if (file == null) {
                file = HistoryFile.open(path, clock.now());
                if (file.wasDamaged()) {
                    log.warn("history", "the history of figures was damaged: it begins anew", "aside", path + ".damaged");
                }
            }
            said(file.record(clock.now(), samples()));
        } catch (IOException | BanyanException e) {
            refused(e);
        } catch (RuntimeException e) {
            log.error("history", "the figures of a step could not be put together", "error", e.toString());
        }
    }

    private List<Sample> samples() {
        Site now = site.get();
        Window window = recent.window();
        HistorySamples samples = new HistorySamples().add(now).add(now, window)
                .add(PROCESS, window.rate("process_cpu_seconds_total", Labels.NONE), window.level("process_resident_memory_bytes", Labels.NONE));
        usage.uses().forEach((server, use) -> samples.add(server, use.cores(), use.memoryBytes()));
        return samples.all();
    }

    private void said(int withoutPlace) {
        if (withoutPlace > 0 && !fullSaid) {
            log.warn("history", "some series find no place in the history: all are taken by those of the last 24 hours", "series", withoutPlace);
        }
        fullSaid = withoutPlace > 0;
        if (refusedSaid) {
            log.info("history", "the history of figures is kept again");
        }
        refusedSaid = false;
    }

    private void refused(Exception e) {
        if (!refusedSaid) {
            log.warn("history", "the history of figures is not kept for now; it is tried again each minute", "error", e.getMessage() == null ? e.toString() : e.getMessage());
        }
        refusedSaid = true;
        stepsToWait = TRY_AGAIN_STEPS - 1;
        end();
    }

    private void end() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // What it holds is on the disk, or is not.
        }
        file = null;
    }
}
