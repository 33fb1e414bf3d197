package dev.banyan.http.gateway;

import dev.banyan.topology.Route;
import java.util.List;
import java.util.Optional;

/** Which checks the requests of a route are asked; made once for each table of routes, when a site begins or changes. */
public interface Checks {
    /** No checks at all. */
    Checks NONE = new Checks() {
        @Override
        public List<Check> ofRoute(Optional<Route> route) {
            return List.of();
        }

        @Override
        public List<Check> ofService(Optional<Route> route, String service) {
            return List.of();
        }
    };

    /**
     * Who calls, then how often: asked first, in this order.
     *
     * @param route empty for requests that no route takes
     */
    List<Check> ofRoute(Optional<Route> route);

    /** Whether a service can take more: asked last, when it is known which service it is. */
    List<Check> ofService(Optional<Route> route, String service);
}
