package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Window;

/**
 * What an edge did, since it was opened where it does not say otherwise.
 *
 * @param traffic of its clients, in the last seconds
 * @param answers how long those took, in the last seconds
 * @param fetches of what it asked the front door or the shield for, in the last seconds
 * @param failed of all requests those that got 5xx
 * @param asked requests that it sent to the front door or the shield
 * @param responses stored now
 * @param bytes of them
 */
record EdgeFigures(Figures traffic, Distribution answers, Figures fetches, long failed, long asked, long responses, long bytes, long evictions, int connections) {
    private static final String DURATION = "http_server_request_duration_seconds";
    private static final String OF_EDGES = "banyan_edge_fetch_duration_seconds";
    private static final Labels FAILED = Labels.of("class", "5xx");

    /** Of the registry that only this edge writes to. */
    static EdgeFigures of(Window window, ResponseStore.Figures stored, int connections) {
        Distribution answers = window.distribution(DURATION, Labels.NONE).plus(window.distribution(OF_EDGES, Labels.NONE));
        double failed = window.distribution(DURATION, FAILED).count() + window.distribution(OF_EDGES, FAILED).count();
        long total = (long) (window.to().total(DURATION, Labels.NONE) + window.to().total(OF_EDGES, Labels.NONE));
        Figures traffic = Figures.of(answers, window.seconds(), failed, (long) window.level("banyan_server_in_flight", Labels.NONE), total);
        long failedEver = window.to().distribution(DURATION, FAILED).count() + window.to().distribution(OF_EDGES, FAILED).count();
        long asked = (long) window.to().total("banyan_server_requests_total", Labels.NONE);
        Distribution waits = window.distribution("banyan_server_first_byte_seconds", Labels.NONE);
        Figures fetches = Figures.of(waits, window.seconds(), window.count("banyan_server_failures_total", Labels.NONE), (long) window.level("banyan_server_in_flight", Labels.NONE), asked);
        return new EdgeFigures(traffic, answers, fetches, failedEver, asked, stored.responses(), stored.bytes(), stored.evictions(), connections);
    }
}
