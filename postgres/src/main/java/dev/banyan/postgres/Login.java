package dev.banyan.postgres;

import java.util.Map;

/**
 * Who a client is, proved, and what it asked for when it connected.
 *
 * @param minor of the protocol version 3.minor that is spoken
 * @param settings the start-up packet's run-time parameters with {@code options} taken apart, names in lower case, without user and database;
 *     {@code replication} is among them when it is asked for
 * @param proof what lets the router log in to a server as this user
 */
public record Login(String user, String database, int minor, Map<String, String> settings, Proof proof) {
    public Login {
        settings = Map.copyOf(settings);
    }
}
