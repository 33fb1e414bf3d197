/**
 * What Banyan starts and stops: PostgreSQL servers, the application's instances, and the processes below both.
 *
 * <p>Start at {@link dev.banyan.engines.Supervisor}, which starts a command, keeps it running and ends all of it; {@link
 * dev.banyan.engines.PostgresServers} and {@link dev.banyan.engines.ApplicationInstance} stand on it. A copy of a server is made by {@code
 * ServerClone}; what changes a server's role is in {@link dev.banyan.engines.RunningPostgres}. {@link
 * dev.banyan.engines.SiteHold} lets one Banyan at a time work in a state folder, and {@link dev.banyan.engines.Orphans} ends what a
 * killed one left. Finding processes ({@code ProcessTable}), deciding which are ours ({@code Kin}) and ending them ({@code Ending}) are
 * three classes.
 */
package dev.banyan.engines;
