package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the front door counts: a counter or two a request. Safe for any loop. */
final class DoorMetrics {
    private static final String DURATION = "http_server_request_duration_seconds";
    private static final String OF_EDGES = "banyan_edge_fetch_duration_seconds";

    private final Registry registry;
    private static final String TOLD = "From a request's head to the end of its answer, at the front door.";
    private static final String ASKED = "http_client_request_duration_seconds";

    private final Histogram[] byClass = new Histogram[6];
    private final Map<String, Histogram[]> byRoute = new ConcurrentHashMap<>();
    private final Histogram[] ofEdges = new Histogram[6];
    private final Counter[] retries = new Counter[Failure.values().length];
    private final Counter bugs;
    private final Counter leftUnread;
    private final Map<Server, ServerHistograms> ofServers = new ConcurrentHashMap<>();

    DoorMetrics(Registry registry) {
        this.registry = registry;
        for (int i = 1; i < byClass.length; i++) {
            byClass[i] = duration(i, "");
            ofEdges[i] = registry.histogram(OF_EDGES, "The same for requests of edges, which users' requests made.", Labels.of("class", i + "xx"));
        }
        for (Failure failure : Failure.values()) {
            retries[failure.ordinal()] = registry.counter("banyan_http_retries_total", "Requests sent again, by what failed before.", Labels.of("failure", failure.word()));
        }
        leftUnread = registry.counter("banyan_http_unread_closed_total", "Connections of clients closed because they left too much of their answers unread.", Labels.NONE);
        bugs = registry.counter("banyan_http_bugs_total", "Connections closed by a fault of our own.", Labels.NONE);
    }

    /**
     * A request has ended.
     *
     * @param edge whether it was an edge's, so that no user is counted twice
     * @param route the template of the route that took it, or empty
     */
    void ended(int status, long nanos, boolean edge, String route) {
        int index = Math.clamp(status / 100, 1, 5);
        Histogram of = edge ? ofEdges[index] : route.isEmpty() ? byClass[index] : ofRoute(route, index);
        of.record(nanos);
    }

    /** Made with the first of its class: a site may have many routes. */
    private Histogram ofRoute(String route, int index) {
        Histogram[] known = byRoute.get(route);
        if (known == null) {
            known = byRoute.computeIfAbsent(route, _ -> new Histogram[6]);
        }
        if (known[index] == null) {
            known[index] = duration(index, route); // whoever else does so gets the same
        }
        return known[index];
    }

    private Histogram duration(int index, String route) {
        return registry.histogram(DURATION, TOLD, Labels.of("class", index + "xx", "http_route", route));
    }

    /** A client has lost its connection because too much lay here that clients did not take. */
    void leftUnread() {
        leftUnread.increment();
    }

    /** A server's answer begins, so long after it was asked. */
    void answered(Server server, long nanos) {
        ServerHistograms ofServer = ofServers.get(server);
        if (ofServer != null) {
            ofServer.firstByte.record(nanos);
        }
    }

    /** What a server was asked has ended. @param status 0 when it has not answered */
    void ended(Server server, int status, long nanos) {
        ServerHistograms ofServer = ofServers.get(server);
        if (ofServer != null) {
            ofServer.of(status).record(nanos);
        }
    }

    /** How long a server took; those of a class of answers are made with the first of it. */
    private final class ServerHistograms {
        private final String server;
        private final Histogram firstByte;
        private final Histogram[] byClass = new Histogram[6];
        private boolean forgotten;

        ServerHistograms(String server, Histogram firstByte) {
            this.server = server;
            this.firstByte = firstByte;
        }

        Histogram of(int status) {
            int index = Math.clamp(status / 100, 0, 5);
            Histogram known = byClass[index];
            return known != null ? known : begin(index);
        }

        private synchronized Histogram begin(int index) {
            if (byClass[index] == null && !forgotten) {
                byClass[index] = registry.histogram(ASKED, "From a request's sending to the end of its server's answer; class 'none' got no answer.",
                        Labels.of("server", server, "class", index == 0 ? "none" : index + "xx"));
            }
            return forgotten ? firstByte : byClass[index];
        }

        synchronized void forget() {
            forgotten = true;
        }
    }

    void retried(Failure failure) {
        retries[failure.ordinal()].increment();
    }

    /** A connection ended with an exception: a peer's reset or broken TLS is no fault of ours, all else is. */
    void faulted(Throwable cause) {
        boolean peers = cause instanceof IOException || cause instanceof DecoderException && cause.getCause() instanceof IOException;
        if (!peers) {
            bug(cause);
        }
    }

    void bug(Throwable cause) {
        bugs.increment();
        io.netty.util.internal.logging.InternalLoggerFactory.getInstance(DoorMetrics.class).error("a front door connection was closed by a fault of our own", cause);
    }

    /** Levels that are read when they are asked for. */
    void observe(FrontDoor door) {
        registry.gauge("http_server_open_connections", "Connections of clients.", Labels.NONE, door::connections);
        registry.gauge("http_server_queued_requests", "Requests that wait for a place at a server.", Labels.NONE, door::waiting);
    }

    /** A server's figures; call again for a server that is new. */
    void observe(ServerGroup group, Server server) {
        Labels labels = Labels.of("server", server.name());
        registry.total("banyan_server_requests_total", "Requests a server has ended.", labels, server::requests);
        registry.total("banyan_server_failures_total", "Those it failed: 5xx, no answer, or a broken one.", labels, server::failures);
        registry.gauge("banyan_server_in_flight", "Requests at a server now.", labels, server::inFlight);
        registry.gauge("banyan_server_tunnels", "WebSockets and other upgraded connections at a server now.", labels, server::tunnels);
        ofServers.put(server, new ServerHistograms(server.name(), registry.histogram("banyan_server_first_byte_seconds", "From a request's sending to the first byte of its server's answer.", labels)));
        registry.gauge("banyan_server_state", "Which state a server is in: 0 unproven, 1 healthy, 2 sick, 3 ejected, 4 draining, 5 removed.", labels, () -> server.state().ordinal());
    }

    /** @param successor whether another server has its name, and so its figures, by now */
    void forget(Server server, boolean successor) {
        ServerHistograms left = ofServers.remove(server);
        if (left != null) {
            left.forget();
        }
        if (!successor) {
            registry.removeAll(Labels.of("server", server.name()));
        }
    }
}
