package dev.banyan.balance;

import dev.banyan.balance.BreakerChange.State;
import dev.banyan.topology.Breaker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Leaves a service alone for a while when most of its requests fail (Nygard, "Release It!", 2007), whichever of its servers they went to.
 * Any thread may call; a request costs two or three atomic steps and takes no lock.
 *
 * <p>It does the opposite of ejection and so does not fight with it: ejection takes out single servers while the others do well, and spares
 * the rest; the breaker counts what is left after retries, so it opens only when the service as a whole fails. It does not count requests
 * that no server had, for they would keep a service shut whose servers are back.
 *
 * <p>Holds whatever the interleaving: between an opening and the end of its pause no request is admitted; half open at most the probes are
 * under way; what was admitted before a change of state does not count after it.
 */
public final class CircuitBreaker {
    /** A request is refused. */
    public static final int REFUSED = -1;

    private static final int WINDOW_SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 30;

    private final Breaker settings;
    private final String service;
    private final Consumer<BreakerChange> changes;
    private final AtomicReference<Phase> phase;

    /**
     * @param service for sentences
     * @param changes told each change by the thread that made it; hands over and returns
     */
    public CircuitBreaker(Breaker settings, String service, long nowNanos, Consumer<BreakerChange> changes) {
        this.settings = settings;
        this.service = service;
        this.changes = changes;
        this.phase = new AtomicReference<>(new Closed(0, 0, nowNanos));
    }

    /** A pass for one request, which ends with {@link #ended} or {@link #withdrawn}, once; or {@link #REFUSED}. */
    public int admit(long nowNanos) {
        while (true) {
            Phase now = phase.get();
            switch (now) {
                case Closed closed -> {
                    return closed.number;
                }
                case HalfOpen half -> {
                    return half.takePlace(settings.probes()) ? half.number : REFUSED;
                }
                case Open open -> {
                    if (nowNanos - open.untilNanos < 0) {
                        return REFUSED;
                    }
                    if (phase.compareAndSet(open, new HalfOpen(open.number + 1, open.times))) {
                        tell(State.HALF_OPEN, "try service " + service + " with " + settings.probes() + " requests", "its pause is over", "opened " + open.times + " times in a row");
                    }
                }
            }
        }
    }

    /**
     * An admitted request has ended.
     *
     * @param firstByteNanos from its sending to the first byte of its answer; 0 when there was none
     */
    public void ended(int pass, Outcome outcome, long firstByteNanos, long nowNanos) {
        Phase now = phase.get();
        if (now.number() != pass) {
            return;
        }
        boolean slow = settings.slow().isPresent() && firstByteNanos > settings.slow().get().toNanos();
        if (outcome == Outcome.CLIENT_LEFT) {
            withdrawn(pass);
        } else if (now instanceof Closed closed) {
            count(closed, outcome.failed() || slow, nowNanos);
        } else if (now instanceof HalfOpen half) {
            probed(half, outcome.failed() || slow, outcome, nowNanos);
        }
    }

    /** An admitted request came to no server, or its client left: it says nothing about the service. */
    public void withdrawn(int pass) {
        if (phase.get() instanceof HalfOpen half && half.number == pass) {
            half.underWay.decrementAndGet();
        }
    }

    public State state() {
        return switch (phase.get()) {
            case Closed _ -> State.CLOSED;
            case HalfOpen _ -> State.HALF_OPEN;
            case Open _ -> State.OPEN;
        };
    }

    /** For how long it surely admits nothing, 0 while it may. */
    public long pauseLeftNanos(long nowNanos) {
        return phase.get() instanceof Open open ? Math.max(0, open.untilNanos - nowNanos) : 0;
    }

    private void count(Closed closed, boolean failed, long nowNanos) {
        long second = Math.floorDiv(nowNanos, SECOND_NANOS);
        closed.requests.add(second);
        if (!failed) {
            return;
        }
        closed.failures.add(second);
        long requests = closed.requests.sum(second - WINDOW_SECONDS + 1, second);
        long failures = closed.failures.sum(second - WINDOW_SECONDS + 1, second);
        if (requests >= settings.minimumRequests() && failures >= settings.failureShare().of1() * requests) {
            boolean lasted = nowNanos - closed.sinceNanos > pauseNanos(closed.times);
            open(closed, lasted ? 1 : closed.times + 1, failures + " of " + requests + " requests failed in " + WINDOW_SECONDS + " s", nowNanos);
        }
    }

    private void probed(HalfOpen half, boolean failed, Outcome outcome, long nowNanos) {
        half.underWay.decrementAndGet();
        if (failed) {
            open(half, half.times + 1, "a request that tried it failed (" + (outcome.failed() ? outcome.words() : "too slow") + ")", nowNanos);
        } else if (half.succeeded.incrementAndGet() == settings.probes() && phase.compareAndSet(half, new Closed(half.number + 1, half.times, nowNanos))) {
            tell(State.CLOSED, "send to service " + service + " again", settings.probes() + " requests that tried it succeeded", "opened " + half.times + " times in a row");
        }
    }

    private void open(Phase from, int times, String why, long nowNanos) {
        long pause = pauseNanos(times);
        if (phase.compareAndSet(from, new Open(from.number() + 1, times, nowNanos + pause))) {
            tell(State.OPEN, "leave service " + service + " alone for " + pause / 1_000_000 + " ms", why, "opened " + times + " times in a row");
        }
    }

    private long pauseNanos(int times) {
        long longest = settings.longestPause().toNanos();
        long first = settings.pause().toNanos();
        int doublings = Math.clamp(times - 1L, 0, MOST_DOUBLINGS);
        return first > longest >> doublings ? Math.max(first, longest) : first << doublings;
    }

    private void tell(State state, String what, String why, String seen) {
        changes.accept(new BreakerChange(state, what, why, seen));
    }

    /** A state from its beginning to its end; its number is the pass of who is admitted in it. */
    private sealed interface Phase {
        int number();
    }

    private record Closed(int number, int times, long sinceNanos, SecondCounts requests, SecondCounts failures) implements Phase {
        Closed(int number, int times, long sinceNanos) {
            this(number, times, sinceNanos, new SecondCounts(), new SecondCounts());
        }
    }

    private record Open(int number, int times, long untilNanos) implements Phase {}

    private record HalfOpen(int number, int times, AtomicInteger underWay, AtomicInteger succeeded) implements Phase {
        HalfOpen(int number, int times) {
            this(number, times, new AtomicInteger(), new AtomicInteger());
        }

        /** So that no more are under way or done than are needed. */
        boolean takePlace(int probes) {
            while (true) {
                int seen = underWay.get();
                if (seen + succeeded.get() >= probes) {
                    return false;
                }
                if (underWay.compareAndSet(seen, seen + 1)) {
                    return true;
                }
            }
        }
    }
}
