package dev.banyan.postgres;

import dev.banyan.balance.Outcome;

/**
 * The server connection that a session has, and the place it has taken at a replica: what it is in the middle of there, and how it is left.
 * How it gets one is {@link Checkout}'s. Owned by one session.
 */
final class ServerLease {
    private final ClientSession session;
    private final RouterLoop loop;
    private final TransactionState transaction;
    private final ProtocolState protocol;
    private final UnderWay underWay;
    private ServerConnection server;
    /** The place taken at it when the server is, or is to be, a replica. */
    private Replica replica;

    ServerLease(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.transaction = session.transaction;
        this.protocol = session.protocol;
        this.underWay = session.underWay;
    }

    /** The connection it has; null when it has none. */
    ServerConnection server() {
        return server;
    }

    /** The replica where it reads, or is about to; null when there is none. */
    Replica replica() {
        return replica;
    }

    boolean isAtPrimary() {
        return server != null && replica == null;
    }

    /** Nothing that was sent before is still to be answered. */
    boolean alone() {
        return server == null || server.replies().isEmpty() && !protocol.inBatch();
    }

    /** In the middle of a transaction or a statement. */
    boolean isBusy() {
        return server != null && (server.status() != 'I' || !server.replies().isEmpty() || protocol.inBatch());
    }

    /** It has this one from now on. */
    void take(ServerConnection connection) {
        server = connection;
        connection.lendTo(session);
    }

    /** A place at that replica is taken for it; the connection comes. */
    void takePlace(Replica chosen) {
        replica = chosen;
    }

    /** Gives the place up, if it has one; says whether it had. */
    boolean leavePlace(Outcome outcome) {
        if (replica == null) {
            return false;
        }
        replica.finish(outcome, loop.nanos());
        replica = null;
        return true;
    }

    /** It has none any more. Returns the one it had, for which the caller has to find an end. */
    ServerConnection letGo() {
        ServerConnection left = server;
        server = null;
        return left;
    }

    /** What was read at the replica has been seen. */
    void endAtReplica() {
        session.seen.read(replica, loop.nanos());
        leavePlace(Outcome.OK);
    }

    /** Nothing keeps it: the connection goes back. */
    void giveBackIfDone() {
        boolean done = server != null && server.status() == 'I' && server.replies().isEmpty() && protocol.isAtRest() && !session.copy.isOpen()
                && !session.input.isPassing() && underWay.heldReady() == 0 && !session.state.keepsServer();
        if (done) {
            giveBack();
        }
    }

    void giveBack() {
        ServerConnection left = letGo();
        session.output.letGo();
        session.attempt.over();
        if (replica != null) {
            endAtReplica();
        } else if (loop.splits() && !underWay.isPositionKnown()) {
            session.seen.readAtPrimary(loop.nanos());
        }
        underWay.clear();
        left.release("");
    }

    /** The transaction goes on at another server. */
    void moveOn() {
        ServerConnection left = letGo();
        endAtReplica();
        transaction.left();
        left.release("ROLLBACK");
    }

    /** The connection broke. Returns whether it was a replica's. */
    boolean lost() {
        server = null;
        if (replica != null) {
            session.seen.read(replica, loop.nanos());
            return leavePlace(Outcome.BROKEN);
        }
        if (loop.splits()) {
            session.seen.readAtPrimary(loop.nanos());
        }
        return false;
    }

    /** The client has left. What is in the middle of something is of no use to anybody; what was left there is cleared away. */
    void end() {
        leavePlace(Outcome.CLIENT_LEFT);
        if (server == null) {
            return;
        }
        ServerConnection left = letGo();
        boolean clean = left.replies().isEmpty() && !protocol.inBatch() && !session.copy.isOpen() && !session.input.isPassing() && transaction.rollsBackCleanly();
        boolean kept = session.state.keepsServer();
        if (!clean || left.isAlone() || kept && left.status() != 'I') {
            left.lendTo(null);
            if (!left.replies().isEmpty()) {
                loop.cancel(left, () -> { });
            }
            left.abandon();
        } else if (kept) {
            left.forgetStatements();
            left.settings(SessionSettings.NONE);
            left.release("DISCARD ALL");
        } else {
            left.release(left.status() == 'I' ? "" : "ROLLBACK");
        }
    }
}
