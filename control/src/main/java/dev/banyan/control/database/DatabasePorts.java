package dev.banyan.control.database;

import java.util.concurrent.Executor;

/**
 * The world outside, for the database's servers.
 *
 * @param looks runs what is done beside each other and waited for; each may block for as long as a look
 * @param errands runs what may take long: starts, clones, deletions, each on its own
 */
public record DatabasePorts(DatabaseServers servers, DatabaseDoor door, ClusterStore store, Executor looks, Executor errands) {}
