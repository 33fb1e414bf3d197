package dev.banyan.postgres;

/**
 * Reads that are asked again: one is kept until its client has seen something of the answer, and when its server refuses, falls silent or dies
 * before that, it is asked elsewhere, unseen. Owned by one session.
 */
final class Repeats {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ClientInput input;
    private final ClientOutput output;
    private final Attempt attempt;
    private final Batch batch;
    private final TransactionState transaction;
    private final ServerLease lease;
    /** The unnamed statement as it was when the request was kept; null when there was none. */
    private Prepared unnamedBefore;

    Repeats(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.input = session.input;
        this.output = session.output;
        this.attempt = session.attempt;
        this.batch = session.batch;
        this.transaction = session.transaction;
        this.lease = session.lease;
    }

    /** A read at the primary can be asked again if nothing came before it in its transaction. */
    boolean mayKeep() {
        return loop.splits() && transaction.idle() && lease.alone();
    }

    /** Keeps what is sent next until the client has seen something of its answer, if it is proved to read only. */
    void keep(int at, int bytes) {
        boolean beginning = transaction.idle() || transaction.movable();
        if (batch.readsOnly() && batch.complete() && batch.first() != null && beginning && loop.splits() && !session.state.isPinned()) {
            attempt.keep(input.keep(at, bytes), batch.begins());
            unnamedBefore = session.statements.unnamed();
            output.hold();
        }
    }

    /** From here on the client sees the answer, or something is sent behind what is kept: it cannot be asked for anywhere else. */
    void decided() {
        if (output.isHolding()) {
            output.letGo();
            attempt.drop();
        }
    }

    /** Whether an answer that begins with this SQLSTATE is to be forgotten and asked for elsewhere. */
    boolean repeatsAfter(String state) {
        return mayAskElsewhere() && switch (state) {
            // It wrote after all; the replay of the log was in its way; the server is going down, or is not up yet; an unlogged table.
            case "25006", "40001", "40P01", "57P01", "57P02", "57P03", "58000", "0A000" -> true;
            default -> false;
        };
    }

    /** Whether it waits for a replica's answer of which its client has seen nothing. */
    boolean mayAskElsewhere() {
        return lease.replica() != null && mayRepeat();
    }

    private boolean mayRepeat() {
        return output.isHolding() && attempt.mayRepeat();
    }

    /** The answer to be forgotten is over: once more, at the primary. */
    void repeat() {
        ServerConnection left = lease.letGo();
        attempt.avoidReplicas();
        lease.endAtReplica();
        left.release(left.status() == 'I' ? "" : "ROLLBACK");
        askAgain();
    }

    /** The server was lost: asks again if that can be done, and says whether it is. */
    boolean afterLoss(boolean atReplica) {
        if (!mayRepeat()) {
            return false;
        }
        if (atReplica) {
            attempt.avoidReplicas();
        }
        askAgain();
        return true;
    }

    private void askAgain() {
        loop.figures().repeated();
        output.forget();
        session.underWay.clear();
        session.protocol.startOver();
        session.copy.over();
        if (attempt.begins()) {
            transaction.forget();
        } else {
            transaction.left();
        }
        session.statements.unnamed(unnamedBefore); // the request may use it before it prepares another
        input.putBack(attempt.repeat());
        loop.eventLoop().execute(session::run);
    }
}
