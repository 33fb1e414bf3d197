package dev.banyan.http.gateway.limits;

import dev.banyan.balance.SecretHash;
import dev.banyan.balance.SharedBuckets;
import dev.banyan.balance.TokenBuckets;
import dev.banyan.balance.TokenLimit;
import dev.banyan.balance.TokenRate;
import dev.banyan.http.gateway.Check;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.RateLimit;
import dev.banyan.topology.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All rate limits of a front door: makes each route's check, and keeps over a change of the site what callers have used of limits that
 * have not changed. Safe for any thread.
 */
public final class RateLimiting {
    private final SecretHash hash;
    private final Clock clock;
    private final Registry registry;
    private final Optional<Settling> settling;
    private volatile Made made = new Made(Map.of(), List.of(), Optional.empty(), Map.of());

    /**
     * @param hash hides what is counted apart; for shared limits the same at all front doors
     * @param counters where the front doors count together; a limit that is to be shared is each door's own without
     * @param decisions hears when each front door limits alone, and when together again
     */
    public RateLimiting(SecretHash hash, Optional<SharedCounters> counters, Clock clock, Registry registry, Consumer<Decision> decisions) {
        this.hash = hash;
        this.clock = clock;
        this.registry = registry;
        this.settling = counters.map(at -> new Settling(at, clock, decisions));
        settling.ifPresent(at -> registry.gauge("banyan_gateway_limits_alone", "1 while shared rate limits are each front door's own because Redis is away, else 0.",
                Labels.NONE, () -> at.away() ? 1 : 0));
    }

    /** How often {@link #settle} is to be called. */
    public static long settleEveryNanos() {
        return Settling.EVERY_NANOS;
    }

    /** Goes on with the limits of this gateway. */
    public synchronized void use(Gateway gateway) {
        Map<String, Meter> meters = new HashMap<>();
        List<Meter> ofAll = meters("", gateway.limits(), meters);
        Map<String, Check> checks = new HashMap<>();
        for (Route route : gateway.routes()) {
            List<Meter> all = new ArrayList<>(ofAll);
            all.addAll(meters(route.name().value(), route.limits(), meters));
            check(all).ifPresent(check -> checks.put(route.name().value(), check));
        }
        List<Meter> shared = meters.values().stream().filter(meter -> meter.tokens() instanceof SharedBuckets).toList();
        made = new Made(Map.copyOf(meters), shared, check(ofAll), Map.copyOf(checks));
    }

    /** The check of a route's requests, with the limits of all routes in it; none when it has no limits. */
    public Optional<Check> check(Route route) {
        return Optional.ofNullable(made.checks.get(route.name().value()));
    }

    /** The check of requests that no route is for. */
    public Optional<Check> check() {
        return made.check;
    }

    /** Settles shared limits with the counters; to be called every {@link #settleEveryNanos}, and never blocks. */
    public void settle() {
        settling.ifPresent(at -> at.tick(made.shared, clock.nanos()));
    }

    private static Optional<Check> check(List<Meter> meters) {
        return meters.isEmpty() ? Optional.empty() : Optional.of(new RateLimits(meters));
    }

    private List<Meter> meters(String scope, List<RateLimit> limits, Map<String, Meter> into) {
        List<Meter> meters = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            String plain = scope.isEmpty() ? "all" : scope;
            String name = limit.name().orElse(limits.size() == 1 ? plain : plain + "-" + (i + 1));
            Meter before = made.meters.get(scope + "/" + name);
            Meter meter = before != null && before.limit().equals(limit) ? before : meter(scope, name, limit);
            into.put(scope + "/" + name, meter);
            meters.add(meter);
        }
        return meters;
    }

    private Meter meter(String scope, String name, RateLimit limit) {
        TokenRate rate = TokenRate.of(limit.requests(), limit.per(), limit.atOnce());
        boolean shared = limit.shared() && settling.isPresent();
        TokenLimit tokens = shared
                ? new SharedBuckets(rate, limit.tolerance().of1(), limit.memory().bytes(), clock.nanos())
                : new TokenBuckets(rate, limit.memory().bytes(), clock.nanos());
        Labels labels = Labels.of("limit", scope.isEmpty() ? name : scope + "/" + name);
        return new Meter(name, scope, limit, tokens, new CountedBy(limit.by(), hash),
                registry.counter("banyan_gateway_over_limit_total", "Requests that exceeded a rate limit, whether refused or only marked.", labels));
    }

    /** What one gateway's limits were made into. */
    private record Made(Map<String, Meter> meters, List<Meter> shared, Optional<Check> check, Map<String, Check> checks) {}
}
