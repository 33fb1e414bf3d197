package dev.banyan.postgres;

import dev.banyan.topology.HostPort;

/**
 * A PostgreSQL server behind the router.
 *
 * @param name as {@code db-2}; it never names another server
 */
public record Member(String name, HostPort address) {
    /** As messages name it: {@code db-2 at 127.0.0.1:5432}. */
    @Override
    public String toString() {
        return name + " at " + address;
    }
}
