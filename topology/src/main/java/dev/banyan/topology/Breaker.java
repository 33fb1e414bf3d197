package dev.banyan.topology;

import java.time.Duration;
import java.util.Optional;

/** A service whose requests mostly fail is left alone for a while. */
@Doc("A service whose requests mostly fail, at whichever server, is left alone for a while: its requests get 503 with Retry-After at once.")
public record Breaker(
        @Default("50%") @Doc("The share of failed requests (5xx, no answer in time, no connection) in ten seconds that opens it.") Share failureShare,
        @Range(from = "1", to = "1000000") @Default("20") @Doc("Requests in ten seconds below which the share says nothing.") int minimumRequests,
        @Range(from = "1ms", to = "1h") @Default("5s") @Doc("How long it stays open at first; twice as long each time it opens again at once.") Duration pause,
        @Range(from = "1ms", to = "1d") @Default("1m") @Doc("The longest it stays open.") Duration longestPause,
        @Range(from = "1", to = "1000") @Default("3") @Doc("Requests that are let through to try the service afterwards; when all of them succeed it closes, when one fails it opens again.") int probes,
        @Range(from = "1ms", to = "1h") @Doc("An answer that begins later than this counts as failed; none does when absent.") Optional<Duration> slow) {}
