package dev.banyan.changes;

import java.time.Instant;

/**
 * A transaction that is committed.
 *
 * @param xid its 32-bit transaction id, as {@code pgoutput} tells it
 * @param lsn the position of its end in the log: what has replayed this has it
 * @param at when it was committed, by the server's clock
 */
public record Commit(long xid, long lsn, Instant at) {}
