package dev.banyan.control.database;

import java.util.concurrent.Executor;

/**
 * The world outside, for the database's servers.
 *
 * @param work runs what may block beside each other: looks and clones
 */
public record DatabasePorts(DatabaseServers servers, DatabaseDoor door, ClusterStore store, Executor work) {}
