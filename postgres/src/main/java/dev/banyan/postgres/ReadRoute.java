package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Statement.Hint;
import dev.banyan.postgres.sql.Verb;
import java.util.Optional;

/** Which requests may go to a replica: decided from what they are, where their transaction is, and what the application asked for. Pure. */
final class ReadRoute {
    private ReadRoute() {}

    /** Whether the session's transaction lets its BEGIN wait for the first statement, which then chooses the server. */
    static boolean defersBegin(Statement begin, TransactionState transaction, SessionSettings settings, Optional<Hint> route, boolean readCommitted) {
        return transaction.idle() && route.isEmpty() && begin.hint().isEmpty() && begin.begin().isPresent()
                && TransactionState.mayMove(begin.begin().get(), settings, readCommitted);
    }

    /** Whether a request without a server may go to a replica. @param inTransactions reads before a transaction's first write too */
    static boolean mayRead(Batch next, TransactionState transaction, SessionSettings settings, Optional<Hint> route, boolean inTransactions, boolean readCommitted) {
        if (!next.complete() || next.first() == null) {
            return false;
        }
        Optional<Hint> hint = next.first().hint().or(() -> route);
        if (hint.equals(Optional.of(Hint.PRIMARY))) {
            return false;
        }
        if (next.begins()) {
            return inTransactions && defersBegin(next.begin(), transaction, settings, route, readCommitted) && readsOn(next);
        }
        if (!transaction.idle()) {
            return transaction.movable() && readsOn(next);
        }
        return next.readsOnly() || hint.isPresent() && next.statements() == 1 && next.first().count() == 1 && next.first().pins() == 0;
    }

    /** Whether a transaction that reads at a replica goes on there. */
    static boolean stays(Batch next, TransactionState transaction) {
        if (transaction.status() == 'E' || !transaction.movable()) {
            return true;
        }
        Verb verb = next.first() == null ? Verb.EMPTY : next.first().verb();
        boolean ends = verb == Verb.COMMIT || verb == Verb.ROLLBACK || verb == Verb.EMPTY;
        return ends && next.statements() <= 1 || readsOn(next);
    }

    /** Part of a transaction that may go on at another server: leaves no cursor, and does not depend on when the transaction began. */
    private static boolean readsOn(Batch next) {
        return next.complete() && next.readsOnly() && !next.cursor() && !next.transactionTime();
    }
}
