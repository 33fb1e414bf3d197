package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;

/**
 * What becomes of a session whose server connection broke: nothing, where it had not begun; the read is asked elsewhere, where its client has seen
 * nothing; else the client hears what is known of its statements ({@link Losses}). Owned by one session.
 */
final class ServerLoss {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ClientOutput output;
    private final TransactionState transaction;
    private final ProtocolState protocol;
    private final UnderWay underWay;

    ServerLoss(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.output = session.output;
        this.transaction = session.transaction;
        this.protocol = session.protocol;
        this.underWay = session.underWay;
    }

    /** The connection broke while the session had it. @param lastWords what the server said; null when it said nothing */
    void of(ServerConnection lost, PostgresError lastWords) {
        if (session.isClosed() || session.lease.server() != lost) {
            return;
        }
        boolean atReplica = session.lease.lost();
        session.backPressure.serverWritable(true); // nothing is left that could say so
        if (session.checkout.lostBeforeUse() || session.repeats.afterLoss(atReplica)) {
            return;
        }
        if (lost.isInMessage()) {
            session.close(); // whatever it was told now, it would take for the rest of the message
            return;
        }
        output.forget();
        session.attempt.over();
        tell(lost, atReplica, lastWords);
    }

    private void tell(ServerConnection lost, boolean atReplica, PostgresError lastWords) {
        int owed = lost.replies().readiesOwed() + tellCommitted();
        boolean between = owed == 0 && !protocol.inBatch() && !session.copy.isOpen();
        if (session.state.keepsServer()) {
            session.fatal(Losses.stateLost(lost.member(), session.state.pins(), lastWords));
        } else if (between && transaction.idle()) {
            session.backPressure.readOn();
        } else if (between && atReplica && transaction.movable()) {
            transaction.left(); // another server goes on with it
            session.backPressure.readOn();
        } else {
            tellFailed(lost, atReplica, owed, lastWords);
        }
    }

    /** What is done, and was only waiting for its position, is said to be. Returns how many ReadyForQuery are left of what was held back: one or none. */
    private int tellCommitted() {
        byte held = underWay.heldReady();
        if (held != 'I') {
            return held == 0 ? 0 : 1;
        }
        transaction.status(underWay.releaseReady());
        underWay.settled();
        output.ready((byte) 'I');
        output.flush();
        return 0;
    }

    /** At a replica nothing is in doubt: a COMMIT that it has not answered had nothing to commit. */
    private void tellFailed(ServerConnection lost, boolean atReplica, int owed, PostgresError lastWords) {
        PostgresError why = Losses.of(lost.member(), !transaction.idle(), !atReplica && underWay.mayHaveCommitted(), !atReplica && underWay.commits(), lastWords);
        session.sent.unanswered("connection_lost", "the connection broke", lost);
        underWay.clear();
        transaction.forget();
        transaction.status((byte) 'I');
        session.copy.over();
        for (int i = 0; i < owed; i++) {
            session.tell(why);
            output.ready((byte) 'I');
        }
        if (protocol.inBatch()) {
            session.tell(why);
            protocol.skipToSync();
            protocol.batchEnded();
        } else if (owed == 0) {
            protocol.owe(why);
        }
        output.flush();
        session.run();
    }
}
