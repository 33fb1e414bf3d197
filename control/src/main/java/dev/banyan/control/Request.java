package dev.banyan.control;

import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.Optional;

/** What a user may ask of a running site. */
public sealed interface Request {
    /** Bring up what is wanted, after the start. */
    record Up() implements Request {}

    /** Move to a stage, up or down. */
    record To(Stage stage) implements Request {}

    /**
     * Replace every instance of a service, one after the other.
     *
     * @param service the application's is {@value dev.banyan.topology.Topology#APPLICATION}
     */
    record Deploy(String service) implements Request {}

    /** No requests for a server from now on; it goes on running. */
    record SetAside(String server) implements Request {}

    /** Requests for a server that was set aside. */
    record PutBack(String server) implements Request {}

    /** Move the database's primary to another of its servers: the one named, or the one with the longest log. */
    record SwitchOver(Optional<String> to) implements Request {}

    /** Become what an edited site file says. */
    record Apply(Topology file) implements Request {}
}
