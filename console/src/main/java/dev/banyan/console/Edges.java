package dev.banyan.console;

import tools.jackson.databind.JsonNode;

/** The edges: purging all of them, and what those on other machines ask the site for. Safe for any thread. */
public interface Edges {
    /**
     * Purges at every edge and waits for each, for a few seconds at most.
     *
     * @throws dev.banyan.topology.BanyanException USAGE when it names no URL that could be stored
     */
    PurgeReport purge(Purge purge);

    /**
     * An edge on another machine joins.
     *
     * @param body {@code name}, {@code version} and {@code address} of the edge
     * @return all it needs; an answer for its eyes only, for a secret is in it
     * @throws dev.banyan.topology.BanyanException USAGE when the site lets none in, BUSY when another has the name
     */
    Object join(JsonNode body);

    /**
     * An edge that has joined reports, and waits for news: purges, other settings. Blocks for as long as there is none, some seconds at most.
     *
     * @throws dev.banyan.topology.BanyanException NO_SUCH_THING when it has not joined since the site came up
     */
    Object poll(String name, JsonNode body) throws InterruptedException;

    /** An edge says goodbye: nobody waits for it any more. */
    void leave(String name);
}
