package dev.banyan.http.gateway.callers;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.EnumMap;
import java.util.Map;

/** What came of one way of showing who calls. */
final class CallerMetrics {
    private final Counter known;
    private final Counter denied;
    private final Counter tooMany;
    private final Counter unavailable;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

    CallerMetrics(Registry registry, Way way) {
        known = counter(registry, way, "known");
        denied = counter(registry, way, "denied");
        tooMany = counter(registry, way, "too_many");
        unavailable = counter(registry, way, "unavailable");
        for (Reason reason : Reason.values()) {
            refused.put(reason, counter(registry, way, reason.label()));
        }
    }

    private static Counter counter(Registry registry, Way way, String outcome) {
        return registry.counter("banyan_gateway_callers_total", "What callers showed, and what came of it.", Labels.of("way", way.name(), "outcome", outcome));
    }

    void known() {
        known.increment();
    }

    void denied() {
        denied.increment();
    }

    void tooMany() {
        tooMany.increment();
    }

    void unavailable() {
        unavailable.increment();
    }

    void refused(Reason reason) {
        refused.get(reason).increment();
    }
}
