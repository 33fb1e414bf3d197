package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What shall be broken, and for how long.
 *
 * @param target a node's id, or an arrow's from and to with a {@code >} between
 * @param lasts 100 ms to 10 minutes
 * @param latency how much later everything arrives, for {@link FaultKind#LATENCY} only: 1 ms to 1 minute; otherwise zero
 * @param jitter up to so much more, by chance; zero for none
 */
public record FaultOrder(FaultKind kind, String target, Duration lasts, Duration latency, Duration jitter) {
    /** How long a fault lasts when nobody says. */
    public static final Duration LASTS = Duration.ofSeconds(30);
    /** How long one may last. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final Duration MOST_LATENCY = Duration.ofMinutes(1);
    private static final Set<String> KEYS = Set.of("kind", "target", "for", "latency", "jitter");
    private static final String USAGE = "say what to break, as {\"kind\": \"stop\", \"target\": \"web-1\", \"for\": \"30s\"} or {\"kind\": \"latency\", \"target\": \"front-door>web-1\", \"latency\": \"200ms\"}";

    /** @throws BanyanException USAGE when it makes no sense */
    public FaultOrder {
        if (lasts.compareTo(SHORTEST) < 0 || lasts.compareTo(LONGEST) > 0) {
            throw wrong("a fault lasts from " + Durations.format(SHORTEST) + " to " + Durations.format(LONGEST) + ", not " + Durations.format(lasts));
        }
        if (kind != FaultKind.LATENCY && (!latency.isZero() || !jitter.isZero())) {
            throw wrong("only the kind latency has a latency or a jitter, not " + kind.word());
        }
        if (kind == FaultKind.LATENCY && (latency.toMillis() < 1 || latency.compareTo(MOST_LATENCY) > 0)) {
            throw wrong("a latency is from 1ms to " + Durations.format(MOST_LATENCY) + ", not " + Durations.format(latency));
        }
        if (jitter.isNegative() || jitter.compareTo(latency) > 0) {
            throw wrong("a jitter of " + Durations.format(jitter) + " is more than the latency, " + Durations.format(latency) + "; it is at most as much");
        }
    }

    /** With what is left out as it is by default. */
    public static FaultOrder of(FaultKind kind, String target, Optional<Duration> lasts, Optional<Duration> latency, Optional<Duration> jitter) {
        return new FaultOrder(kind, target, lasts.orElse(LASTS), latency.orElse(kind == FaultKind.LATENCY ? LATENCY : Duration.ZERO), jitter.orElse(Duration.ZERO));
    }

    /** From the admin API. */
    static FaultOrder of(JsonNode body) {
        Set<String> unknown = new TreeSet<>(body.propertyNames());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw wrong("a fault has no " + String.join(", ", unknown) + "; " + USAGE);
        }
        return of(FaultKind.of(text(body, "kind")), text(body, "target"), time(body, "for"), time(body, "latency"), time(body, "jitter"));
    }

    private static String text(JsonNode body, String key) {
        return Optional.ofNullable(body.get(key)).filter(JsonNode::isString).map(JsonNode::stringValue).filter(text -> !text.isBlank())
                .orElseThrow(() -> wrong(USAGE));
    }

    private static Optional<Duration> time(JsonNode body, String key) {
        JsonNode given = body.get(key);
        if (given == null || given.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Durations.parse(given.asString()));
        } catch (IllegalArgumentException e) {
            throw wrong("\"" + key + "\": " + e.getMessage());
        }
    }

    /** How much, as {@code 200ms} or {@code 200ms + up to 50ms}; empty for a kind that has no measure. */
    public String setting() {
        if (kind != FaultKind.LATENCY) {
            return "";
        }
        return Durations.format(latency) + (jitter.isZero() ? "" : " + up to " + Durations.format(jitter));
    }

    private static BanyanException wrong(String why) {
        return new BanyanException(ErrorCode.USAGE, why);
    }
}
