package dev.banyan.postgres;

import dev.banyan.balance.RequestKey;

/**
 * What a session has written and seen: the past that it is never shown again. Owned by one IO loop.
 *
 * <p>It comes down to one position of the log that a server must have replayed before the session reads there:
 * <ul>
 * <li>A commit gives its own: the primary's insert position read after it ({@link #wrote}). The insert position, for with
 *     {@code synchronous_commit = off} a commit is answered before it is flushed; it is never below the commit's record.
 * <li>A read at a replica does not say how far that replica was. But a sample of it that was sent after the read had ended is at least as far:
 *     that becomes the position. Until there is one, the session stays with that replica, which cannot go back.
 * <li>A read at the primary likewise: the first sample of the primary sent after it. Until there is one, no replica will do.
 * <li>Where the replica is gone before such a sample, or was started again and has to replay anew, one of the primary serves: nothing was ever
 *     replayed that the primary had not written.
 * </ul>
 *
 * <p>No honest position lies beyond a sample of the primary sent after the position became known. So when there is such a sample and it is
 * smaller, the position is one that a failover has lost, or that somebody made up: it is brought down to the sample, lest the session waits
 * for ever. (A failover loses nothing that was acknowledged under synchronous replication; it may lose what was not.)
 */
final class Seen implements RequestKey {
    private final Members members;
    private final long hash;

    private long lsn = Lsn.NONE;
    private long asked = Lsn.NONE;
    private long lsnNanos;
    /** Where it read last without a sample since; null when no replica holds it. */
    private Replica at;
    private long readNanos;
    private long heldSinceNanos;
    /** It read at the primary at that time, without a sample since. */
    private boolean atPrimary;
    private long primaryNanos;
    private boolean wantsFree;

    Seen(Members members, long hash) {
        this.members = members;
        this.hash = hash;
    }

    /** Something was committed; {@code lsn} is the primary's insert position read after that, which covers whatever was seen before too. */
    void wrote(long position, long nowNanos) {
        raise(position, nowNanos);
        at = null;
        atPrimary = false;
        wantsFree = false;
        members.committed(position, nowNanos);
    }

    /** A statement or transaction at that replica has ended; everything it read was read by now. */
    void read(Replica replica, long nowNanos) {
        if (at != null && at != replica) {
            readAtPrimary(readNanos);
        }
        if (at != replica) {
            heldSinceNanos = nowNanos;
        }
        at = replica;
        readNanos = nowNanos;
    }

    /** A statement at the primary has ended whose position afterwards is not known: a read, or a write whose answer was lost. */
    void readAtPrimary(long nowNanos) {
        primaryNanos = atPrimary && primaryNanos - nowNanos > 0 ? primaryNanos : nowNanos;
        atPrimary = true;
    }

    /** The application asks for data of at least this position: {@code SET banyan.lsn}. Counts whatever consistency is configured. */
    void require(long position, long nowNanos) {
        asked = Math.max(asked, position);
        raise(position, nowNanos);
    }

    /**
     * The position that another session must have to see what this one has: {@code SHOW banyan.lsn}. After a read it is exact once
     * {@link Members#settle} has called back.
     */
    long position() {
        return lsn;
    }

    /** What a hash algorithm goes by: the session's own. */
    @Override
    public long hash() {
        return hash;
    }

    /** Turns reads into a position where samples allow, and brings a position down that cannot be. */
    void settle(Sample primary, boolean replicaIsThere) {
        if (at != null) {
            settleReplica(replicaIsThere);
        }
        if (primary == null) {
            return;
        }
        if (atPrimary && primary.sentAtOrAfter(primaryNanos)) {
            raise(primary.position(), primary.sentNanos());
            atPrimary = false;
        }
        if (lsn > primary.position() && primary.sentAtOrAfter(lsnNanos)) {
            lsn = primary.position();
            asked = Math.min(asked, lsn);
        }
    }

    private void settleReplica(boolean there) {
        Replica.Standing standing = at.standing();
        boolean same = standing.sample() != null && standing.sinceNanos() - readNanos <= 0;
        if (same && standing.sample().sentAtOrAfter(readNanos)) {
            raise(standing.sample().position(), standing.sample().sentNanos());
            letGo();
        } else if (!there || !same || !standing.fit()) {
            readAtPrimary(readNanos);
            letGo();
        }
    }

    private void letGo() {
        at = null;
        wantsFree = false;
    }

    /** A later event counts though its position is lower: only what the primary says after the last of them may bring the position down. */
    private void raise(long position, long nowNanos) {
        lsnNanos = lsn == Lsn.NONE || nowNanos - lsnNanos > 0 ? nowNanos : lsnNanos;
        lsn = Math.max(lsn, position);
    }

    /** The replica that it must stay with; null when any will do that is far enough. */
    Replica at() {
        return at;
    }

    boolean settled() {
        return at == null && !atPrimary;
    }

    /** It has read at the primary and no later sample of it is known. */
    boolean atPrimary() {
        return atPrimary;
    }

    /** What was asked for by name, whatever the consistency. */
    long asked() {
        return asked;
    }

    /** It has stayed with one replica for that long because it never paused long enough for a sample. */
    boolean heldFor(long nanos, long nowNanos) {
        return at != null && nowNanos - heldSinceNanos >= nanos;
    }

    /** It waits for a sample to be free of its replica; asked for once a while. */
    void wantFree(long nowNanos) {
        wantsFree = true;
        heldSinceNanos = nowNanos;
    }

    boolean wantsFree() {
        return wantsFree;
    }

    void stay() {
        wantsFree = false;
    }
}
