package dev.banyan.cli;

import dev.banyan.console.Trickle;
import dev.banyan.drill.Load;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadReport;
import dev.banyan.drill.Rate;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.EventLog;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Sends a little traffic to the site's own front door, one trickle at a time. Safe for any thread. */
final class SiteTrickle {
    private static final int CONNECTIONS = 8;

    private final Supplier<List<String>> addresses;
    private final Loops loops;
    private final Clock clock;
    private final EventLog log;
    private final AtomicBoolean flows = new AtomicBoolean();

    /** @param addresses where users come in, as URLs; the first is asked */
    SiteTrickle(Supplier<List<String>> addresses, Ground ground) {
        this.addresses = addresses;
        this.loops = ground.loops();
        this.clock = ground.clock();
        this.log = ground.log();
    }

    /**
     * Begins and returns.
     *
     * @throws BanyanException BUSY while another flows
     */
    void begin(Trickle trickle, String who) {
        LoadOptions options = LoadOptions.at(URI.create(addresses.get().getFirst() + "/"), LoadOptions.Script.URL).edit()
                .rate(Rate.constant(trickle.rate())).duration(Duration.ofSeconds(trickle.seconds())).connections(CONNECTIONS).done();
        if (!flows.compareAndSet(false, true)) {
            throw new BanyanException(ErrorCode.BUSY, "the console sends requests already; wait until it is done, " + Trickle.MOST_SECONDS + " s at the most");
        }
        log.info("console", "sends " + trickle.rate() + " requests a second for " + trickle.seconds() + " s", "who", who, "url", options.url());
        loops.blocking().execute(() -> flow(options));
    }

    private void flow(LoadOptions options) {
        try {
            LoadReport report = Load.run(options, loops, clock, Loops.random(), _ -> { /* the drawing shows it */ });
            log.info("console", "sent " + report.requests() + " requests, " + report.failed() + " failed", "url", options.url());
        } catch (BanyanException e) {
            log.warn("console", "could not send requests: " + e.getMessage(), "url", options.url());
        } finally {
            flows.set(false);
        }
    }
}
