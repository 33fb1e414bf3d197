package dev.banyan.control;

import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Topology;

/**
 * A server that runs already, of the application or of a service.
 *
 * @param service the application's is {@value dev.banyan.topology.Topology#APPLICATION}
 */
public record ServiceServer(String service, ServerUrl server) {
    /** What it is called behind the front door: {@code 10.0.0.1:3000}. */
    public String name() {
        return server.url().toString();
    }

    boolean sameAddress(ServiceServer other) {
        return service.equals(other.service) && server.url().equals(other.server.url());
    }

    /** Its address, and whose server it is where that is not the application. */
    @Override
    public String toString() {
        return server.url() + (service.equals(Topology.APPLICATION) ? "" : " (" + service + ")");
    }
}
