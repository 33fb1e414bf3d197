package dev.banyan.changes;

import java.time.Instant;

/**
 * A transaction that is committed.
 *
 * @param xid its 32-bit transaction id, as {@code pgoutput} tells it: 0 to 2^32 - 1
 * @param lsn where its commit record begins in the log: what has replayed more than this has it. Of one server's line of history, later commits have larger ones
 * @param at when it was committed, by the server's clock
 */
public record Commit(long xid, long lsn, Instant at) {}
