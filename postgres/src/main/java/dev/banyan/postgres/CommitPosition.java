package dev.banyan.postgres;

import dev.banyan.postgres.UnderWay.Position;

/**
 * Asks the primary where it is in its log behind what may have committed something. The client hears that it is ready once the answer is there:
 * whatever it tells others of is then known to be committed, by {@link Seen}. Owned by one session.
 */
final class CommitPosition {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ServerLease lease;
    private final TransactionState transaction;
    private final UnderWay underWay;

    CommitPosition(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.lease = session.lease;
        this.transaction = session.transaction;
        this.underWay = session.underWay;
    }

    /** Something was sent: asks in the same packet, if that may have committed. */
    void askBehind() {
        if (lease.replica() == null && loop.splits() && underWay.position(!transaction.idle()) == Position.NOW) {
            lease.server().askPosition();
        }
    }

    /** Whether ReadyForQuery has to wait for a position that could not be asked for before, and is now. */
    boolean asksAtEnd(byte status) {
        ServerConnection server = lease.server();
        if (status != 'I' || !server.replies().isEmpty() || !underWay.asksAtEnd()) {
            return false;
        }
        server.askPosition();
        server.flush();
        return true;
    }

    /** ReadyForQuery waits. */
    void holdReady(byte status) {
        underWay.holdReady(status);
    }

    /** Where the primary was after what was sent; {@link Lsn#NONE} when it did not say. */
    void is(long position) {
        if (position == Lsn.NONE) {
            session.seen.readAtPrimary(loop.nanos());
        } else {
            session.seen.wrote(position, loop.nanos());
        }
        underWay.positionKnown(lease.server().replies().isEmpty());
        byte status = underWay.releaseReady();
        if (status != 0) {
            session.output.ready(status);
            session.answers.ready(status);
        }
    }
}
