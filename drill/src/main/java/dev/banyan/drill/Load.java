package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/**
 * Open-loop load: requests are sent when their time has come, whether or not earlier ones were answered, and their latency counts from that
 * time. A site that stalls for a second so shows what all who came in that second felt, which a generator that waits for answers hides
 * (coordinated omission, Gil Tene, "How NOT to Measure Latency", 2013).
 */
public final class Load {
    private final LoadOptions options;
    private final Clock clock;
    private final Consumer<LoadProgress> progress;
    private final LoadWatch watch;
    private final Tally tally;
    private final LoadControl control;
    private boolean interrupted;
    private long requestsSoFar;
    private long failedSoFar;

    private Load(LoadOptions options, Clock clock, Consumer<LoadProgress> progress, LoadWatch watch, LoadControl control) {
        this.options = options;
        this.clock = clock;
        this.progress = progress;
        this.watch = watch;
        this.tally = new Tally(clock, watch::ended);
        this.control = control;
    }

    /**
     * Loads a site and reports. Blocks until the last answer is there and the writes are audited; an interrupt of the calling thread ends
     * the arrivals early, and the report says so.
     *
     * @param random makes the arrivals and the users' choices; the same seed makes the same arrivals
     * @param progress called on the calling thread, each second and for each user who joins
     * @throws dev.banyan.topology.BanyanException USAGE, when an option is out of bounds or the target is remote without a reason; DISK,
     *     when the ledger cannot be written
     */
    public static LoadReport run(LoadOptions options, Loops loops, Clock clock, RandomGenerator random, Consumer<LoadProgress> progress) {
        return run(options, loops, clock, random, progress, LoadWatch.NONE);
    }

    /** The same for somebody who looks on, and may end the arrivals. */
    public static LoadReport run(LoadOptions options, Loops loops, Clock clock, RandomGenerator random, Consumer<LoadProgress> progress, LoadWatch watch) {
        options.check();
        return new Load(options, clock, progress, watch, new LoadControl()).run(loops, random);
    }

    /** The same, in the hands of another thread meanwhile. */
    public static LoadReport run(LoadOptions options, Loops loops, Clock clock, RandomGenerator random, Consumer<LoadProgress> progress, LoadControl control) {
        options.check();
        return new Load(options, clock, progress, LoadWatch.NONE, control).run(loops, random);
    }

    private LoadReport run(Loops loops, RandomGenerator random) {
        Target target = Target.of(options.url(), options.allowRemote());
        try {
            return run(target, loops, random);
        } catch (InterruptedException e) {
            throw new BanyanException(ErrorCode.TIMED_OUT, "the load of " + options.url() + " was interrupted outside its arrivals; its writes were not audited", e);
        }
    }

    private LoadReport run(Target target, Loops loops, RandomGenerator random) throws InterruptedException {
        Transport transport = loops.transport();
        Span span;
        AuditReport writes;
        Optional<LoadReport.WebSockets> held;
        try (Client client = new Client(transport, target, clock, options.connections(), options.timeout().toNanos(), tally);
                Traffic traffic = traffic(client, target, loops, random)) {
            Optional<Sockets> sockets = options.websockets() == 0 ? Optional.empty()
                    : Optional.of(Sockets.open(options.websockets(), options.wsPath(), target, transport, clock, options.timeout()));
            Arrivals arrivals = new Arrivals(options.rate(), options.arrivals(), options.duration().toNanos(), options.requests(), random);
            Pacer pacer = new Pacer(transport.loops().next(), clock, arrivals, traffic::arrive, tally::noMore);
            long start = clock.nanos();
            watch.begun();
            pacer.start();
            watch.enough().thenRun(pacer::stop);
            control.begun(tally, traffic, pacer);
            await(pacer, start);
            span = new Span((clock.nanos() - start) / 1e9, (tally.lastNanos() - start) / 1e9);
            held = sockets.isPresent() ? Optional.of(sockets.get().end()) : Optional.empty();
            writes = traffic.audit();
        }
        return report(span, writes, held);
    }

    private Traffic traffic(Client client, Target target, Loops loops, RandomGenerator random) throws InterruptedException {
        return switch (options.script()) {
            case URL -> new UrlTraffic(client, target, tally, options);
            case PHOTOS -> PhotosTraffic.open(options, client, target, tally, loops, clock, random, progress);
        };
    }

    /** Each request ends within its timeouts, so this ends too. */
    private void await(Pacer pacer, long start) {
        for (long second = 1; ; second++) {
            long nextLine = start + Duration.ofSeconds(second).toNanos();
            try {
                tally.allEnded().get(Math.max(0, nextLine - clock.nanos()), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                progress.accept(second(second));
            } catch (InterruptedException e) {
                interrupted = true;
                pacer.stop();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the end of the arrivals cannot fail", e);
            }
        }
    }

    private LoadProgress.Second second(long second) {
        Histogram times = tally.latency().interval();
        long requests = tally.requests();
        long failed = tally.failed();
        LoadProgress.Second line = new LoadProgress.Second(second, requests - requestsSoFar, failed - failedSoFar, failed, Latencies.percentileMillis(times, 50),
                Latencies.percentileMillis(times, 99), tally.underWay());
        requestsSoFar = requests;
        failedSoFar = failed;
        return line;
    }

    /** Seconds from the first arrival's time to the end of the last answer, and to the last arrival. */
    private record Span(double all, double arriving) {}

    private LoadReport report(Span span, AuditReport writes, Optional<LoadReport.WebSockets> sockets) {
        Histogram latency = tally.latency().total();
        Histogram lag = tally.lag();
        return new LoadReport(options.url().toString(), span.all(), tally.arrivals(), tally.requests(), tally.failed(), tally.byKind(), tally.firstFailures(), options.rate().mean(),
                tally.arrivals() / Math.max(span.arriving(), 1e-3), Latencies.percentileMillis(latency, 50), Latencies.percentileMillis(latency, 90),
                Latencies.percentileMillis(latency, 99), Latencies.maxMillis(latency), Latencies.percentileMillis(tally.service(), 99), tally.late(),
                Latencies.percentileMillis(lag, 99), Latencies.maxMillis(lag), tally.staleRetried(), writes, tally.bySteps(), tally.byInstance(), tally.caches(), sockets,
                interrupted, options.maxFailed());
    }
}
