package dev.banyan.control.database;

import java.util.List;

/** One act on the database's servers, their router or their record. Each may be done twice. */
sealed interface Remedy {
    /** The router uses these servers from now on. */
    record Show(Shown servers) implements Remedy {}

    /** The server's processes end, whatever state they are in. */
    record Fence(String server) implements Remedy {}

    /** The servers are looked at now. */
    record Ask(List<String> servers) implements Remedy {}

    /** The record on disk changes. */
    record Write(ClusterRecord record) implements Remedy {}

    /** The standby becomes a primary. */
    record Promote(String server) implements Remedy {}

    /** The standby follows that primary from now on. */
    record Follow(String server, String primary) implements Remedy {}

    /** Commits at the primary wait for one of these standbys from now on. */
    record Synchronize(String primary, List<String> standbys) implements Remedy {}

    /** The server is started; goes on beside. */
    record Start(String server, Role role) implements Remedy {}

    /** A replica is made of a running server; goes on beside. */
    record Clone(String server, String source) implements Remedy {}

    /** A replica that was being made is given up. */
    record GiveUp(String server) implements Remedy {}

    /** The server is stopped and its data deleted; goes on beside. */
    record Delete(String server) implements Remedy {}
}
