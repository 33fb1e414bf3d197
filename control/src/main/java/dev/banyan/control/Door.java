package dev.banyan.control;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.time.Duration;

/** The front door, as control uses it. Thread-safe; only {@link #drain} blocks. */
public interface Door {
    /**
     * Has a place for a service's servers, and its requests go to them. One that there is gets the new health path.
     *
     * @param healthPath answers 200 to 399 at a server that can serve
     */
    void service(String service, String healthPath);

    /**
     * Sends requests to a server from now on; one that is draining serves again, one that is there gets the new weight.
     *
     * @param service whose server it is; there is a place for it
     * @param proven it is known to be healthy; one that is not gets requests once a check of it has passed
     */
    void add(String service, String server, HostPort address, int weight, boolean proven);

    /** Sends it no new request and waits until none is in flight, at most that long. Nothing happens to a server it does not know. */
    Drained drain(String service, String server, Duration atMost) throws InterruptedException;

    /** Forgets a server; what is in flight there ends without it. Does nothing when it does not know it. */
    void remove(String service, String server);

    /** Upgraded connections, as WebSockets, that the server carries. */
    int tunnels(String service, String server);

    /** The front door, the gateway and the health paths of this site from now on, without closing a connection: all of it or, when it throws, nothing. */
    void reconfigure(Topology site);

    /**
     * How a drain ended.
     *
     * @param inFlight requests that were still not done when the time was over; 0 when all ended
     * @param tunnels upgraded connections it still carries
     */
    record Drained(int inFlight, int tunnels) {}
}
