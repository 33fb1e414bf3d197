package dev.banyan.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Telemetry.Otlp;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Sends metrics and spans to a collector, each on a virtual thread of its own. A collector that is away costs nobody anything: figures are
 * totals, so that the next push has what the last had not; spans wait in the tracer's queue, and what does not fit there is dropped and counted.
 * The log has one line when it is lost and one when it is back.
 */
public final class OtlpPush implements AutoCloseable {
    private static final int MOST_SPANS = 512;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** So long the last of it may take when the site ends. */
    private static final long CLOSE_SECONDS = 2;

    private final Otlp settings;
    private final Clock clock;
    private final Registry registry;
    private final Tracer tracer;
    private final Collector collector;
    private final OtlpMetrics metrics;
    private final OtlpTraces traces;
    private final Reports reports;
    private final Counter lost;
    private final ExecutorService threads;
    private final CountDownLatch ended;
    private volatile boolean closing;

    private OtlpPush(Otlp settings, String site, String instance, Registry registry, Tracer tracer, Loops loops, Clock clock, EventLog log) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
        this.tracer = tracer;
        this.collector = new Collector(settings, loops.blocking());
        this.traces = new OtlpTraces(site, instance);
        Instant now = clock.now();
        this.metrics = new OtlpMetrics(traces.resource("banyan"), TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
        this.reports = new Reports(settings.endpoint(), registry, log);
        this.lost = Tracer.dropped(registry, "not-taken");
        this.threads = loops.blocking();
        this.ended = new CountDownLatch((settings.metrics() ? 1 : 0) + (settings.traces() ? 1 : 0));
    }

    /**
     * Begins to send what the settings say.
     *
     * @param site its name, which is what all that is sent is of
     * @param instance of this process, other after each start
     * @param tracer whose spans are sent
     */
    public static OtlpPush start(Otlp settings, String site, String instance, Registry registry, Tracer tracer, Loops loops, Clock clock, EventLog log) {
        OtlpPush push = new OtlpPush(settings, site, instance, registry, tracer, loops, clock, log);
        if (settings.metrics()) {
            push.threads.execute(() -> push.until("metrics", push::pushMetrics));
        }
        if (settings.traces()) {
            push.threads.execute(() -> push.until("traces", push::pushTraces));
        }
        return push;
    }

    /** Sends what there is once more, for at most two seconds. Close it before the loops that it runs on. */
    @Override
    public void close() {
        closing = true;
        try {
            ended.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            collector.close();
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void until(String signal, Work work) {
        try {
            while (!isDone(signal, work)) {
                rest(LONGEST_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** A fault of our own, as in a figure that cannot be read, must not end what nobody would miss until it is needed. */
    private boolean isDone(String signal, Work work) throws InterruptedException {
        try {
            work.run();
            return true;
        } catch (RuntimeException e) {
            reports.failed(signal, "what is to be sent could not be put together: " + e);
            return closing;
        }
    }

    private void pushMetrics() throws InterruptedException {
        Duration pause = settings.every();
        boolean last;
        do {
            rest(pause);
            last = closing;
            pause = settings.every();
            switch (collector.send("metrics", metrics.of(registry.snapshot()))) {
                case Collector.Outcome.Taken taken -> reports.metricsTaken(taken.answer());
                case Collector.Outcome.Refused refused -> reports.failed("metrics", refused.why());
                case Collector.Outcome.Later later -> {
                    reports.failed("metrics", later.why());
                    pause = max(pause, later.pause());
                }
            }
        } while (!last);
    }

    private void pushTraces() throws InterruptedException {
        List<Span> batch = new ArrayList<>(MOST_SPANS);
        long since = clock.nanos();
        boolean last;
        do {
            last = closing;
            boolean due = last || tracer.waiting() >= MOST_SPANS || clock.nanos() - since >= settings.every().toNanos();
            if (due) {
                since = clock.nanos();
                while (tracer.take(batch, MOST_SPANS) > 0) {
                    deliver(batch, last);
                    batch.clear();
                }
            }
            if (!last) {
                clock.sleep(LOOK);
            }
        } while (!last);
    }

    /** Sends until it is taken or refused; meanwhile the queue fills and overflows. When all ends it is sent once. */
    private void deliver(List<Span> batch, boolean once) throws InterruptedException {
        MessageLite message = traces.of(batch);
        Duration pause = FIRST_PAUSE;
        while (true) {
            switch (collector.send("traces", message)) {
                case Collector.Outcome.Taken taken -> {
                    reports.tracesTaken(taken.answer(), lost);
                    return;
                }
                case Collector.Outcome.Refused refused -> {
                    reports.failed("traces", refused.why());
                    lost.add(batch.size());
                    return;
                }
                case Collector.Outcome.Later later -> {
                    reports.failed("traces", later.why());
                    if (once || closing) {
                        lost.add(batch.size());
                        return;
                    }
                    rest(max(pause, later.pause()));
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        }
    }

    /** For so long, or until it is closed. */
    private void rest(Duration pause) throws InterruptedException {
        long until = clock.nanos() + pause.toNanos();
        while (!closing && clock.nanos() - until < 0) {
            clock.sleep(max(Duration.ofMillis(1), min(LOOK, Duration.ofNanos(until - clock.nanos()))));
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Counts what was sent, and tells the log when it begins to fail and when it works again. */
    private static final class Reports {
        private final String endpoint;
        private final Registry registry;
        private final EventLog log;
        private final Signal metrics;
        private final Signal traces;

        private static final class Signal {
            private final Counter taken;
            private final Counter failed;
            private Optional<String> failing = Optional.empty();
            private long failures;

            Signal(String name, Registry registry) {
                taken = registry.counter("banyan_otlp_pushes_total", "Pushes to the collector, by what became of them.", Labels.of("signal", name, "outcome", "taken"));
                failed = registry.counter("banyan_otlp_pushes_total", "Pushes to the collector, by what became of them.", Labels.of("signal", name, "outcome", "failed"));
            }
        }

        Reports(String endpoint, Registry registry, EventLog log) {
            this.endpoint = endpoint;
            this.registry = registry;
            this.log = log;
            this.metrics = new Signal("metrics", registry);
            this.traces = new Signal("traces", registry);
        }

        synchronized void failed(String signal, String why) {
            Signal of = signal.equals("metrics") ? metrics : traces;
            of.failed.increment();
            of.failures++;
            if (of.failing.isEmpty()) {
                of.failing = Optional.of(why);
                log.warn("telemetry", signal + " cannot be sent to " + endpoint + "; goes on trying, and says when it works: check that the collector of telemetry.otlp.endpoint runs there and takes them",
                        "error", why);
            }
        }

        synchronized void metricsTaken(byte[] answer) {
            try {
                var partly = ExportMetricsServiceResponse.parseFrom(answer).getPartialSuccess();
                if (partly.getRejectedDataPoints() > 0) {
                    failed("metrics", "it refused " + partly.getRejectedDataPoints() + " points: " + partly.getErrorMessage());
                    return;
                }
            } catch (InvalidProtocolBufferException e) {
                // An answer in words, or of another version, to what was taken.
            }
            taken(metrics, "metrics");
        }

        synchronized void tracesTaken(byte[] answer, Counter lost) {
            try {
                var partly = ExportTraceServiceResponse.parseFrom(answer).getPartialSuccess();
                if (partly.getRejectedSpans() > 0) {
                    lost.add(partly.getRejectedSpans());
                    failed("traces", "it refused " + partly.getRejectedSpans() + " spans: " + partly.getErrorMessage());
                    return;
                }
            } catch (InvalidProtocolBufferException e) {
                // As above.
            }
            taken(traces, "traces");
        }

        private void taken(Signal of, String signal) {
            of.taken.increment();
            if (of.failing.isPresent()) {
                double dropped = registry.snapshot().total("banyan_spans_dropped_total", Labels.NONE);
                log.info("telemetry", signal + " are sent to " + endpoint + " again", "failed", of.failures, "before", of.failing.get(), "spans dropped so far", (long) dropped);
                of.failing = Optional.empty();
                of.failures = 0;
            }
        }
    }
}
