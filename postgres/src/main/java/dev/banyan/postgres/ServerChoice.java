package dev.banyan.postgres;

/** Where a request goes: to a replica that has all the session must see, if that and the transaction allow it, else to the primary. Owned by one session. */
final class ServerChoice {
    private final RouterLoop loop;
    private final ServerLease lease;
    private final Checkout checkout;
    private final TransactionState transaction;
    private final SessionState state;
    private final Attempt attempt;
    private final Seen seen;
    private final Login login;

    ServerChoice(ClientSession session) {
        this.loop = session.loop;
        this.lease = session.lease;
        this.checkout = session.checkout;
        this.transaction = session.transaction;
        this.state = session.state;
        this.attempt = session.attempt;
        this.seen = session.seen;
        this.login = session.login;
    }

    /** Whether there is a server for what comes next; if not, the session waits for one, or was told why there is none. */
    boolean enlist(Batch next) {
        if (lease.server() != null) {
            if (!lease.alone()) {
                return false;
            }
            if (!attempt.avoidsReplicas() && ReadRoute.stays(next, transaction)) {
                return true;
            }
            lease.moveOn();
        }
        if (readsAtReplica(next)) {
            Replica chosen = loop.members().choose(seen, loop.nanos());
            if (chosen != null) {
                return checkout.replica(chosen, next);
            }
            if (loop.members().worthWaiting(seen, loop.nanos()) && attempt.waitForData()) {
                checkout.awaitData();
                return false;
            }
        }
        return checkout.primary();
    }

    private boolean readsAtReplica(Batch next) {
        return loop.splits() && !state.isPinned() && !attempt.avoidsReplicas()
                && ReadRoute.mayRead(next, transaction, state.settings(), state.own().route(), loop.settings().reads().inTransactions(), loop.readCommitted(login));
    }
}
