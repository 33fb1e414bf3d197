package dev.banyan.drill.tour;

import java.util.OptionalLong;

/**
 * Where and with what the tour was made: figures of one machine say little about another.
 *
 * @param cores that the JVM may use
 * @param memoryBytes of the machine; empty when the JVM does not say
 * @param os as {@code Linux 6.1 amd64}
 * @param java as {@code 25+36 (Eclipse Adoptium)}
 * @param banyan version and commit
 * @param database as {@code PostgreSQL 17.11}; empty when not known
 */
public record Machine(int cores, OptionalLong memoryBytes, String os, String java, String banyan, String database) {}
