package dev.banyan.http;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;

/** Counts how clients' connections begin. Safe for any loop. */
final class Arrivals {
    private static final String NAME = "banyan_http_arrivals_total";
    private static final String HELP = "Clients' connections by how they began: with a protocol, or why not.";

    private final Counter http1;
    private final Counter http2;
    private final Counter silent;
    private final Counter badProxyHeader;
    private final Counter failedHandshake;
    private final Counter plainOnTls;
    private final Counter edge;
    private final Counter strangeEdge;
    private final Counter oneTooMany;

    Arrivals(Registry registry) {
        http1 = counter(registry, "http/1.1");
        http2 = counter(registry, "h2");
        silent = counter(registry, "silent");
        badProxyHeader = counter(registry, "bad PROXY header");
        failedHandshake = counter(registry, "failed TLS handshake");
        plainOnTls = counter(registry, "plain HTTP on the TLS port");
        edge = counter(registry, "edge");
        strangeEdge = counter(registry, "edge without its pass");
        oneTooMany = counter(registry, "over one client's share");
    }

    private static Counter counter(Registry registry, String how) {
        return registry.counter(NAME, HELP, Labels.of("how", how));
    }

    void speaks(boolean two) {
        (two ? http2 : http1).increment();
    }

    /** @param header whether a PROXY header was due */
    void silent(boolean header) {
        (header ? badProxyHeader : silent).increment();
    }

    void badProxyHeader() {
        badProxyHeader.increment();
    }

    void failedHandshake() {
        failedHandshake.increment();
    }

    void plainOnTls() {
        plainOnTls.increment();
    }

    /** An edge that showed its pass. */
    void edge() {
        edge.increment();
    }

    /** Over {@code edge.clients.connections}. */
    void oneTooMany() {
        oneTooMany.increment();
    }

    void strangeEdge() {
        strangeEdge.increment();
    }
}
