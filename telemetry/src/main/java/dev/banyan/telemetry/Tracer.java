package dev.banyan.telemetry;

import dev.banyan.net.Clock;
import dev.banyan.topology.Telemetry.Traces;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Has some requests' way through the site recorded, and keeps what was recorded until it is sent: at most {@value #WAITING} spans, what finds
 * the queue full is counted and gone. Nobody waits. Safe for any thread.
 */
public final class Tracer {
    /** Spans that wait to be sent. */
    public static final int WAITING = 4_096;

    private static final long BILLION = 1_000_000_000;

    private final String service;
    private final Clock clock;
    private final Sampling sampling;
    private final BlockingQueue<Span> ended;
    private final Counter recorded;
    private final Counter dropped;

    private Tracer(String service, Clock clock, Sampling sampling, BlockingQueue<Span> ended, Counter recorded, Counter dropped) {
        this.service = service;
        this.clock = clock;
        this.sampling = sampling;
        this.ended = ended;
        this.recorded = recorded;
        this.dropped = dropped;
    }

    public static Tracer of(Traces traces, Clock clock, Registry registry) {
        return new Tracer("banyan", clock, new Sampling(traces), new ArrayBlockingQueue<>(WAITING),
                registry.counter("banyan_spans_total", "Spans of traces that were recorded.", Labels.NONE), dropped(registry, "queue-full"));
    }

    static Counter dropped(Registry registry, String why) {
        return registry.counter("banyan_spans_dropped_total", "Those of them that were not sent.", Labels.of("why", why));
    }

    /** The same for another part of the site, which its spans are said to be of: {@code front-door}. */
    public Tracer of(String part) {
        return new Tracer(part, clock, sampling, ended, recorded, dropped);
    }

    /** From now on other requests are traced. */
    public void use(Traces traces) {
        sampling.use(traces);
    }

    /** Whether a trace that begins here is recorded. */
    public boolean begins(long traceLow, long nowNanos) {
        return sampling.begins(traceLow, nowNanos);
    }

    /** Whether a trace is recorded because a client that nobody knows asks for it. */
    public boolean asked(long nowNanos) {
        return sampling.asked(nowNanos);
    }

    /** Whether a trace is recorded because an edge of this site says that it is. */
    public boolean told(long nowNanos) {
        return sampling.told(nowNanos);
    }

    /**
     * Begins.
     *
     * @param id not 0
     * @param parent 0 when it is the first of its trace
     * @param nowNanos by the clock
     */
    public Span begin(long traceHigh, long traceLow, long id, long parent, Span.Kind kind, String name, long nowNanos) {
        Instant now = clock.now();
        long sinceThen = clock.nanos() - nowNanos;
        return new Span(service, traceHigh, traceLow, id, parent, kind, name, now.getEpochSecond() * BILLION + now.getNano() - sinceThen, nowNanos);
    }

    /** Begins a part of another's work. */
    public Span below(Span parent, long id, Span.Kind kind, String name, long nowNanos) {
        return new Span(service, parent.traceHigh, parent.traceLow, id, parent.id, kind, name, parent.beganEpochNanos + nowNanos - parent.beganNanos, nowNanos);
    }

    /** It is over: hands it on, never blocking. */
    public void end(Span span, long nowNanos) {
        span.endedEpochNanos = span.beganEpochNanos + Math.max(0, nowNanos - span.beganNanos);
        recorded.increment();
        if (!ended.offer(span)) {
            dropped.increment();
        }
    }

    /** Takes what was recorded, at most so many; nothing is waited for. */
    public int take(Collection<Span> into, int most) {
        return ended.drainTo(into, most);
    }

    int waiting() {
        return ended.size();
    }
}
