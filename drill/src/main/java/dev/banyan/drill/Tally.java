package dev.banyan.drill;

import dev.banyan.net.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * What happened, counted: each arrival begins once and ends once, each request is counted once with one outcome. Written from any thread;
 * the histograms are read by one.
 */
final class Tally implements Lane.Events {
    /** A request that was sent later than this after its intended time is late. */
    static final long LATE_NANOS = 10_000_000;

    /** Names of instances that are told apart; a server that makes them up must not fill the memory. */
    private static final int MOST_NAMES = 100;

    private final Clock clock;
    private final Consumer<EndedRequest> heard;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private final Map<String, LongAdder> kinds = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> instances = new ConcurrentHashMap<>();
    private final Map<CacheStatus, LongAdder> caches = new ConcurrentHashMap<>();
    private final Map<String, Step> steps = new ConcurrentHashMap<>();
    private final Latencies latency = new Latencies();
    private final Latencies service = new Latencies();
    private final Latencies lag = new Latencies();
    private final FirstFailures firstFailures;
    private final Cuts cuts;
    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
    private volatile long lastNanos;
    private volatile boolean noMore;

    /** One kind of step, or of request within it. */
    private record Step(LongAdder requests, LongAdder failed, Latencies latency) {
        static Step none() {
            return new Step(new LongAdder(), new LongAdder(), new Latencies());
        }
    }

    Tally(Clock clock) {
        this(clock, _ -> {});
    }

    /** @param heard told of each request, on the thread that counts it; must not block */
    Tally(Clock clock, Consumer<EndedRequest> heard) {
        this.clock = clock;
        this.heard = heard;
        this.firstFailures = new FirstFailures(clock);
        this.cuts = new Cuts(clock);
    }

    /** An arrival was let in, so long after it was meant to be. */
    void arrived(long intended) {
        arrived.incrementAndGet();
        underWay.incrementAndGet();
        lag.record(clock.nanos() - intended);
    }

    /** An arrival that was let in has ended. */
    void ended(long intended, long now) {
        latency.record(now - intended);
        cuts.ended(now - intended);
        leave();
    }

    private void leave() {
        if (underWay.decrementAndGet() == 0 && noMore) {
            allEnded.complete(null);
        }
    }

    /** No arrival is let in any more. */
    void noMore() {
        lastNanos = clock.nanos();
        underWay.incrementAndGet();
        noMore = true;
        leave();
    }

    /** When the last arrival had been let in; the clock's nanoseconds. */
    long lastNanos() {
        return lastNanos;
    }

    /** Completes when there is no more to come and all have ended. */
    CompletableFuture<Void> allEnded() {
        return allEnded;
    }

    /** A request that an arrival started with has begun: late or not. */
    void sent(Outcome.Times times) {
        if (times.started() - times.intended() > LATE_NANOS) {
            late.increment();
        }
    }

    /**
     * One request has ended.
     *
     * @param wrong what a check found wrong with an answer that came; empty when it was as it should be
     */
    void request(Request request, Outcome outcome, Optional<Failure> wrong) {
        Step row = row(request.step(), outcome.times());
        Optional<Failure> failure = switch (outcome) {
            case Outcome.Answered answered -> {
                instance(answered.answer().servedBy());
                caches.computeIfAbsent(answered.answer().from(), from -> new LongAdder()).increment();
                yield wrong;
            }
            case Outcome.Failed failed -> Optional.of(failed.why());
        };
        failure.ifPresent(why -> {
            fail(row, why);
            firstFailures.add(request, outcome, why);
            cuts.failed(request, outcome, why);
        });
        tell(request.step(), request.method(), failure, outcome.times());
    }

    private void tell(String step, String method, Optional<Failure> failure, Outcome.Times times) {
        heard.accept(new EndedRequest(step, method, failure.map(Failure::key), times.intended(), times.started(), times.ended()));
    }

    /** An arrival for which no request was even made. */
    void dropped(Outcome.Times times) {
        Failure why = Failure.of(Failure.Kind.DROPPED_BY_GENERATOR);
        fail(row("dropped", times), why);
        tell("dropped", "GET", Optional.of(why), times);
    }

    private Step row(String step, Outcome.Times times) {
        requests.increment();
        Step row = steps.computeIfAbsent(step, s -> Step.none());
        row.requests.increment();
        row.latency.record(times.latency());
        service.record(times.service());
        return row;
    }

    private void fail(Step row, Failure why) {
        row.failed.increment();
        failed.increment();
        kind(why);
    }

    private void kind(Failure why) {
        kinds.computeIfAbsent(why.key(), k -> new LongAdder()).increment();
    }

    private void instance(String name) {
        if (!name.isEmpty()) {
            String known = instances.size() < MOST_NAMES || instances.containsKey(name) ? name : "(others)";
            instances.computeIfAbsent(known, k -> new LongAdder()).increment();
        }
    }

    @Override
    public void staleConnectionRetried() {
        stale.increment();
    }

    @Override
    public void unsolicitedAnswer() {
        Failure why = Failure.of(Failure.Kind.UNSOLICITED_ANSWER);
        failed.increment();
        kind(why);
        long now = clock.nanos();
        tell("unsolicited", "GET", Optional.of(why), new Outcome.Times(now, now, now, now));
    }

    long requests() {
        return requests.sum();
    }

    long failed() {
        return failed.sum();
    }

    long late() {
        return late.sum();
    }

    long staleRetried() {
        return stale.sum();
    }

    long arrivals() {
        return arrived.get();
    }

    long underWay() {
        return underWay.get();
    }

    /** What happened since the last cut. */
    LoadInterval cut() {
        return cuts.cut(requests(), failed(), byKind());
    }

    Latencies latency() {
        return latency;
    }

    Histogram service() {
        return service.total();
    }

    Histogram lag() {
        return lag.total();
    }

    SortedMap<String, Long> byKind() {
        return sums(kinds);
    }

    List<LoadReport.FailedRequest> firstFailures() {
        return firstFailures.list();
    }

    SortedMap<String, Long> byInstance() {
        return sums(instances);
    }

    /** Empty when no answer has passed a cache. */
    Optional<LoadReport.Caches> caches() {
        long hits = answers(CacheStatus.HIT);
        long collapsed = answers(CacheStatus.COLLAPSED);
        long forwarded = answers(CacheStatus.FORWARDED);
        return hits + collapsed + forwarded == 0 ? Optional.empty() : Optional.of(new LoadReport.Caches(hits, collapsed, forwarded, answers(CacheStatus.NONE)));
    }

    private long answers(CacheStatus from) {
        return Optional.ofNullable(caches.get(from)).map(LongAdder::sum).orElse(0L);
    }

    SortedMap<String, LoadReport.Step> bySteps() {
        SortedMap<String, LoadReport.Step> rows = new TreeMap<>();
        steps.forEach((name, step) -> {
            Histogram times = step.latency.total();
            rows.put(name, new LoadReport.Step(step.requests.sum(), step.failed.sum(), Latencies.percentileMillis(times, 50),
                    Latencies.percentileMillis(times, 99), Latencies.maxMillis(times)));
        });
        return rows;
    }

    private static SortedMap<String, Long> sums(Map<String, LongAdder> counters) {
        SortedMap<String, Long> sums = new TreeMap<>();
        counters.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }
}
