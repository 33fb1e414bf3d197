/**
 * The embedded database's servers: which of them is the primary, which follow it, and what happens when one is lost.
 *
 * <p>Observe, decide, act: what was seen of each server and what was recorded makes a {@code Situation}; from it {@code Remedies} decides the
 * next {@code Remedy}, purely; {@code DatabaseCluster} does it through the ports {@link dev.banyan.control.database.DatabaseServers} (the
 * processes), {@link dev.banyan.control.database.DatabaseDoor} (the router) and {@link dev.banyan.control.database.ClusterStore} (the
 * record on disk). Moves ask the same cluster for a replica or a switchover, so that there is one actor only. The module {@code sim} runs
 * all of it against thousands of seeds.
 */
package dev.banyan.control.database;
