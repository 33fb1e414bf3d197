package dev.banyan.drill.bank;

import dev.banyan.topology.Secret;

/**
 * A server behind the address that is written to, asked directly whether it is a primary.
 *
 * @param name as {@code db-2}; it never names another server
 */
public record Server(String name, Secret url) {}
