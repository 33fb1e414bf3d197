package dev.banyan.http.gateway.limits;

import dev.banyan.balance.BreakerChange;
import dev.banyan.balance.CircuitBreaker;
import dev.banyan.balance.GradientLimit;
import dev.banyan.balance.Outcome;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Breaker;
import dev.banyan.topology.Concurrency;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Route.Priority;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What stands before one service, asked for each request that really goes there, so behind the cache: its circuit breaker and its adaptive
 * concurrency limit. Safe for any thread.
 */
public final class ServiceGuard {
    private static final int RETRY_SECONDS = 1;

    private final String service;
    private final Optional<Concurrency> concurrency;
    private final Optional<Breaker> breakerSettings;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final GradientLimit limit;
    private final CircuitBreaker breaker;
    private final Counter[] shed = new Counter[Priority.values().length];
    private final Counter broken;
    private final LocalAnswer busy;

    ServiceGuard(String service, Optional<Concurrency> concurrency, Optional<Breaker> breaker, Clock clock, Registry registry, Consumer<Decision> decisions) {
        this.service = service;
        this.concurrency = concurrency;
        this.breakerSettings = breaker;
        this.clock = clock;
        this.decisions = decisions;
        this.limit = concurrency.map(of -> new GradientLimit(of.initial(), of.minimum(), of.maximum(), of.slack().of1(), clock.nanos())).orElse(null);
        this.breaker = breaker.map(of -> new CircuitBreaker(of, service, clock.nanos(), this::changed)).orElse(null);
        this.busy = new LocalAnswer(503, "service " + service + " has as many requests as it can do in good time", RETRY_SECONDS);
        Labels labels = Labels.of("service", service);
        for (Priority priority : Priority.values()) {
            shed[priority.ordinal()] = registry.counter("banyan_service_shed_total", "Requests refused because a service had as many as it can do in good time.",
                    Labels.of("service", service, "priority", priority.name().toLowerCase(Locale.ROOT)));
        }
        broken = registry.counter("banyan_service_broken_total", "Requests refused because a service's circuit breaker was open.", labels);
        if (limit != null) {
            registry.gauge("banyan_service_limit", "Requests that a service may have at a time now.", labels, limit::limit);
            registry.gauge("banyan_service_in_flight", "Requests at a service now.", labels, limit::inFlight);
        }
        if (this.breaker != null) {
            registry.gauge("banyan_service_breaker", "A service's circuit breaker: 0 closed, 1 half open, 2 open.", labels, () -> this.breaker.state().ordinal());
        }
    }

    /** Whether it still is what this gateway asks for. */
    boolean fits(Optional<Concurrency> otherConcurrency, Optional<Breaker> otherBreaker) {
        return concurrency.equals(otherConcurrency) && breakerSettings.equals(otherBreaker);
    }

    /**
     * Lets a request in, or says what it is answered.
     *
     * @param pass not open; then open when the request is let in, and to be {@linkplain ServicePass#ended ended} once
     * @return null when it is let in
     */
    public LocalAnswer admit(ServicePass pass, Priority priority, long nowNanos) {
        int ofBreaker = breaker == null ? ServicePass.NO_BREAKER : breaker.admit(nowNanos);
        if (breaker != null && ofBreaker == CircuitBreaker.REFUSED) {
            broken.increment();
            return left(nowNanos);
        }
        if (limit != null && !limit.admit(share(priority))) {
            if (breaker != null) {
                breaker.withdrawn(ofBreaker);
            }
            shed[priority.ordinal()].increment();
            return busy;
        }
        pass.begin(this, ofBreaker, nowNanos);
        return null;
    }

    void ended(int ofBreaker, Outcome outcome, long firstByteNanos, long nowNanos) {
        if (breaker != null) {
            breaker.ended(ofBreaker, outcome, firstByteNanos, nowNanos);
        }
        if (limit != null) {
            limit.ended(outcome, firstByteNanos, nowNanos);
        }
    }

    private double share(Priority priority) {
        return switch (priority) {
            case HIGH -> 1;
            case NORMAL -> concurrency.orElseThrow().normal().of1();
            case LOW -> concurrency.orElseThrow().low().of1();
        };
    }

    private LocalAnswer left(long nowNanos) {
        long seconds = Meter.seconds(breaker.pauseLeftNanos(nowNanos));
        return new LocalAnswer(503, "service " + service + " failed most of its requests and is left alone for a while", (int) seconds);
    }

    private void changed(BreakerChange change) {
        decisions.accept(new Decision(change.what(), change.why(), change.seen(), clock.now()));
    }
}
