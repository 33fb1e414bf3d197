package dev.banyan.console;

import java.util.List;

/**
 * What the database's router would do with a statement.
 *
 * @param kind {@code reads only} or {@code may write}
 * @param servers those that could get it now from a new session, the likeliest first; empty when none is known
 * @param why one sentence
 * @param effects what it leaves at the server, so that its session keeps a connection of its own; mostly empty
 */
public record Explanation(String kind, List<String> servers, String why, List<String> effects) {
    public Explanation {
        servers = List.copyOf(servers);
        effects = List.copyOf(effects);
    }
}
