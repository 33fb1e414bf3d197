package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import dev.banyan.telemetry.Tracer;
import java.util.List;
import java.util.Optional;

/** Takes note of each statement on its way to a server: what it may write, what it sets and leaves, which request it is part of. Owned by one session. */
final class SentStatements {
    /** What stands for a statement that is not read: it may do anything, and keeps the session where it is. */
    static final Statement UNREAD = new Statement(0, Verb.OTHER, 2, false, "is longer than database.router.statement allows to be read", Pin.UNREAD.bit(),
            List.of(), "", Optional.empty(), true, true, Optional.empty());

    private final RouterLoop loop;
    private final ClientInput input;
    private final UnderWay underWay;
    private final TransactionState transaction;
    private final SessionState state;

    SentStatements(ClientSession session) {
        this.loop = session.loop;
        this.input = session.input;
        this.underWay = session.underWay;
        this.transaction = session.transaction;
        this.state = session.state;
    }

    /** It is run. */
    void run(Statement statement, ServerConnection server) {
        parsed(statement);
        if (!statement.readsOnly()) {
            transaction.sent(statement, server.replies().isEmpty());
            statement.settings().forEach(change -> state.own().change(change, loop.nanos()));
        }
    }

    /** It may be run, or only be described: what it does to the session is noted when it is bound. */
    void parsed(Statement statement) {
        underWay.sent(statement, loop.nanos());
        if (statement.pins() != 0) {
            state.pin(statement.pins());
        }
    }

    /** A function is called by protocol, whatever that does. */
    void called() {
        underWay.sent(UNREAD, loop.nanos());
        if (loop.splits()) {
            underWay.position(!transaction.idle());
        }
    }

    /**
     * Looks whether the text at {@code [from, to)} of the input is part of a request that is recorded. It is not sent yet.
     *
     * @param own whether the server gets this very text; one that is kept by name serves requests to come as well
     */
    void trace(int from, int to, boolean own) {
        Tracer tracer = loop.tracer();
        if (tracer != null && underWay.countsNext()) {
            underWay.trace().begin(tracer, input.buffer(), from, to, own, loop.random(), loop.nanos());
        }
    }

    /**
     * What was sent and is recorded will not be answered: its record ends so.
     *
     * @param type as {@code error.type}
     * @param server where it was; null when it is nowhere
     */
    void unanswered(String type, String why, ServerConnection server) {
        if (underWay.trace().records()) {
            underWay.trace().unanswered(loop.tracer(), server == null ? null : server.member(), type, why, loop.nanos());
        }
    }
}
