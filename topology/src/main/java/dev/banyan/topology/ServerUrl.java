package dev.banyan.topology;

/** An application server that runs already: where it is, and its share. */
@Doc("An application server that runs already; a plain string is its url.")
public record ServerUrl(
        @Doc("Its address: http://HOST:PORT.") HostPort url,
        @Default("1") @Doc("Its share of the requests beside the others, 1 to 1000.") int weight) {}
