package dev.banyan.topology;

import java.time.Duration;
import java.util.Optional;

/** Service level objectives: what users are promised. */
@Doc("What users are promised (service level objectives), measured at what the front door and edges answer them; nothing where nothing is said.")
public record Slo(
        @Range(from = "50%", to = "99.999%") @Doc("The share of requests that do not fail: not answered with 5xx, as 99.9%. 100% is no objective: nothing could ever be changed.") Optional<Share> availability,
        @Doc("How many of the answers that did not fail come in good time.") Optional<Latency> latency,
        @Range(from = "1d", to = "90d") @Default("30d") @Doc("The time over which the promises hold, always the latest so long: what may fail in it is the budget.") Duration window) {

    /** How fast answers are to be. */
    @Doc("How many of the answers that did not fail come in good time.")
    public record Latency(
            @Range(from = "50%", to = "99.999%") @Doc("The share of answers that are whole in time, as 99%.") Share share,
            @Range(from = "1ms", to = "10m") @Doc("From a request's head to the end of its answer, as 300ms.") Duration within) {}
}
