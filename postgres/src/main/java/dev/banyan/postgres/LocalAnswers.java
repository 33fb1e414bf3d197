package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;

/**
 * What the router answers without a server: a BEGIN, which waits for the statement that chooses the server, and the end of such a transaction;
 * DEALLOCATE of what was prepared by protocol; SHOW of the router's own settings. Owned by one session.
 */
final class LocalAnswers {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ClientOutput output;
    private final TransactionState transaction;
    private final SessionState state;
    private final StatementNames statements;

    LocalAnswers(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.output = session.output;
        this.transaction = session.transaction;
        this.state = session.state;
        this.statements = session.statements;
    }

    /** Whether that simple query is answered here, once nothing before it is still to be answered. */
    boolean covers(Statement statement) {
        return switch (statement.verb()) {
            case BEGIN -> session.lease.server() == null && !state.isPinned() && loop.splits() && loop.settings().reads().inTransactions()
                    && ReadRoute.defersBegin(statement, transaction, state.settings(), state.own().route(), loop.readCommitted(session.login));
            case COMMIT, ROLLBACK -> transaction.deferred() && statement.name().isEmpty();
            case DEALLOCATE -> transaction.status() != 'E' && statements.knows(statement.name());
            case SHOW -> OwnSettings.has(statement.name());
            default -> false;
        };
    }

    /** Answers the simple query that comes next. Returns false when the answer has to wait. */
    boolean answer(Statement statement, int bytes) {
        switch (statement.verb()) {
            case BEGIN -> {
                transaction.defer(statement.begin().orElseThrow());
                transaction.status((byte) 'T');
                output.completed("BEGIN");
            }
            case COMMIT, ROLLBACK -> {
                transaction.forget();
                transaction.status((byte) 'I');
                output.completed(statement.verb().name());
            }
            case DEALLOCATE -> {
                statements.deallocate(statement.name());
                output.completed("DEALLOCATE");
            }
            default -> {
                if (statement.name().equals(OwnSettings.LSN) && !session.seen.settled() && session.attempt.waitForData()) {
                    session.checkout.awaitSettled();
                    return false;
                }
                output.row(statement.name(), state.own().value(statement.name()));
                output.completed("SHOW");
            }
        }
        session.attempt.over();
        session.input.skip(bytes);
        output.ready(transaction.status());
        output.flush();
        return true;
    }
}
