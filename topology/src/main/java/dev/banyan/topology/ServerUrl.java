package dev.banyan.topology;

import dev.banyan.topology.Written.Form;

/** An application server that runs already: where it is, and its share. */
@Doc("An application server that runs already; a plain string is its url.")
public record ServerUrl(
        @Plain @Written(Form.HTTP_URL) @Doc("Its address: http://HOST:PORT.") HostPort url,
        @Default("1") @Range(from = "1", to = "1000") @Doc("Its share of the requests beside the others.") int weight) {}
