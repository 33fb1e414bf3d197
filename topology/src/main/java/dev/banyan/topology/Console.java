package dev.banyan.topology;

/** The console, the admin API and the metrics. */
@Doc("The console, the admin API and the metrics.")
public record Console(@Default("127.0.0.1:9900") @Doc("Where it listens: HOST:PORT or a port.") HostPort listen) {}
