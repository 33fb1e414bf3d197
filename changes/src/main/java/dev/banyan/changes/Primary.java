package dev.banyan.changes;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.util.Map;

/**
 * The server whose log is read, and as whom.
 *
 * @param address its own, not a router's or a pooler's: the replication protocol does not pass through one
 * @param user with the attribute REPLICATION and the right to publish the tables: their owner, or a superuser
 * @param password empty when the server asks for none
 * @param properties pgjdbc's connection properties besides, as {@code sslmode}
 * @param epoch larger after each change of the primary
 */
public record Primary(HostPort address, String database, String user, Secret password, Map<String, String> properties, long epoch) {
    public Primary {
        properties = Map.copyOf(properties);
    }

    @Override
    public String toString() {
        return database + " at " + address + " as " + user;
    }
}
