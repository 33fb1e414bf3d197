package dev.banyan.topology;

import java.util.List;

/** What the front door does with a request before and after a service answers it. */
@Doc("What the front door does with a request before and after a service answers it.")
public record Gateway(@Doc("Rules for requests; the first that matches counts, and what none matches goes to the application.") List<Route> routes) {

    public Gateway {
        routes = List.copyOf(routes);
    }
}
