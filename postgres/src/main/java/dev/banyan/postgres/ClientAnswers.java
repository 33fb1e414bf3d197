package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;

/** What the answers of a session's server mean for the session; called by its connection, in the order in which they come. Owned by one session. */
final class ClientAnswers {
    private final ClientSession session;
    private final RouterLoop loop;
    private final TransactionState transaction;
    private final UnderWay underWay;
    private final SessionState state;
    private final ServerLease lease;

    ClientAnswers(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.transaction = session.transaction;
        this.underWay = session.underWay;
        this.state = session.state;
        this.lease = session.lease;
    }

    /** A statement is done; its tag lies at {@code from[body, end)}. */
    void completed(ByteBuf from, int body, int end) {
        underWay.rows(Tags.rows(from, body, end));
        switch (Tags.meaning(from, body, end)) {
            case NOTHING -> { /* most */ }
            case OTHER_SCHEMA -> underWay.changesSchema();
            case OTHER_DEFAULTS -> underWay.changesDefaults();
            case NO_STATEMENTS -> {
                session.statements.clear();
                lease.server().forgetStatements();
            }
        }
    }

    /** A statement has failed. */
    void failed() {
        underWay.failed();
        transaction.failed();
        session.copy.over();
    }

    /** The client was told that it is ready. */
    void ready(byte status) {
        ServerConnection server = lease.server();
        boolean more = !server.replies().isEmpty();
        transaction.answered(status, more);
        underWay.answered(loop.figures(), loop.tracer(), session.login, server.member(), lease.replica() != null, loop.nanos());
        underWay.tellChanges(loop.generations(), status == 'I', state.hasTemporaryTables());
        if (more) {
            return;
        }
        underWay.settled();
        if (status == 'I') {
            state.transactionEnded(transaction, server);
        }
    }

    /** All that the server sent was looked at: the client gets it, the connection goes back where it may, and the session goes on. */
    void read() {
        if (session.isClosed()) {
            return;
        }
        session.output.flush();
        if (!session.checkout.isWaiting()) {
            lease.giveBackIfDone();
        }
        session.run();
    }
}
