package dev.banyan.cli;

import dev.banyan.balance.Server;
import dev.banyan.console.Figures;
import dev.banyan.console.Site.Totals;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Snapshot;
import dev.banyan.telemetry.Window;

/** The console's figures from the front door's metrics. */
final class TrafficFigures {
    static final String DURATION = "http_server_request_duration_seconds";
    private static final String REQUESTS = "banyan_server_requests_total";
    private static final String FIRST_BYTE = "banyan_server_first_byte_seconds";
    private static final String FAILURES = "banyan_server_failures_total";
    static final Labels FAILED = Labels.of("class", "5xx");

    private TrafficFigures() {}

    static Figures ofDoor(Window window) {
        double failed = window.distribution(DURATION, FAILED).count();
        return Figures.of(window.distribution(DURATION, Labels.NONE), window.seconds(), failed,
                (long) window.level("banyan_server_in_flight", Labels.NONE), (long) window.to().total(DURATION, Labels.NONE));
    }

    /** How long users waited for the front door's answers; requests of edges are not among them. */
    static Distribution answers(Window window) {
        return window.distribution(DURATION, Labels.NONE);
    }

    /** Of one server its rates, and how long it took to the first byte of its answers. */
    static Figures of(Server server, Window window) {
        Labels labels = Labels.of("server", server.name());
        Distribution waits = window.distribution(FIRST_BYTE, labels);
        return new Figures(window.rate(REQUESTS, labels), waits.quantileNanos(.5) / 1e6, waits.quantileNanos(.95) / 1e6, waits.quantileNanos(.99) / 1e6,
                window.rate(FAILURES, labels), server.inFlight(), server.requests());
    }

    static Totals totals(Snapshot now) {
        return new Totals((long) now.total(DURATION, Labels.NONE), now.distribution(DURATION, FAILED).count());
    }
}
