package dev.banyan.topology;

import java.time.Duration;

/** How the loss of a database's primary is found out and mended. */
@Doc("How the loss of the database's primary is found out and mended.")
public record Failover(
        @Default("true") @Doc("Promote a replica when the primary of an embedded database is lost. The servers of database.url are never promoted, only followed.") boolean promote,
        @Range(from = "50ms", to = "1m") @Default("250ms") @Doc("Time between two checks of a server, and how long one may take.") Duration interval,
        @Range(from = "1", to = "100") @Default("3") @Doc("Checks that must fail in a row before a server counts as lost.") int fall,
        @Default("true") @Doc("With two or more replicas: a commit is acknowledged once one of them has it on disk, so that no failover loses it.") boolean synchronous,
        @Range(from = "1ms", to = "10m") @Default("10s") @Doc("In a planned switchover: how long transactions that are open may take before they are cut off.") Duration drain) {}
