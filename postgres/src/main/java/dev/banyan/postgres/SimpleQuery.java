package dev.banyan.postgres;

import static dev.banyan.postgres.ClientInput.HEADER;

import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.sql.Statement;

/** The simple query protocol: a text, and the answer up to ReadyForQuery; and the function call, which is like it. Owned by one session. */
final class SimpleQuery {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ClientInput input;
    private final SessionState state;
    private final ServerLease lease;
    private final ServerChoice choice;
    private final Batch batch;
    private final Repeats repeats;
    private final LocalAnswers local;
    private final SentStatements sent;

    SimpleQuery(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.input = session.input;
        this.state = session.state;
        this.lease = session.lease;
        this.choice = session.choice;
        this.batch = session.batch;
        this.repeats = session.repeats;
        this.local = session.local;
        this.sent = session.sent;
    }

    /** Sends the query that comes next. Returns false when it has to wait, for bytes or for a server. */
    boolean query(int bytes) {
        boolean unread = bytes - HEADER > loop.settings().statement().bytes();
        if (!unread && !input.has(bytes)) {
            return false;
        }
        Statement statement = unread || !state.settings().isReadable() ? SentStatements.UNREAD : read(bytes);
        if (local.covers(statement)) {
            return lease.alone() && local.answer(statement, bytes);
        }
        if (!place(statement, bytes)) {
            return false;
        }
        if (!unread) {
            sent.trace(input.at() + HEADER, input.at() + bytes - 1, true);
        }
        send(statement, bytes, unread);
        session.protocol.batchEnded();
        if (!unread) {
            session.position.askBehind();
        }
        return true;
    }

    private Statement read(int bytes) {
        int at = input.at();
        int end = at + bytes - 1;
        if (bytes <= HEADER || input.buffer().getByte(end) != 0) {
            throw new ProtocolViolation("a query does not end with a zero byte");
        }
        return session.dialect.reader().read(input.buffer(), at + HEADER, end, state.settings().standardStrings());
    }

    private boolean place(Statement statement, int bytes) {
        int at = input.at();
        if (!lease.isAtPrimary()) {
            if (!choice.enlist(batch.simple(statement, at + bytes))) {
                return false;
            }
            repeats.keep(at, bytes);
        } else if (statement.readsOnly() && repeats.mayKeep()) {
            batch.simple(statement, at + bytes);
            repeats.keep(at, bytes);
        } else {
            repeats.decided();
        }
        return true;
    }

    private void send(Statement statement, int bytes, boolean unread) {
        ServerConnection server = lease.server();
        sent.run(statement, server);
        session.statements.forgetUnnamed();
        server.unnamed(null);
        server.replies().add(Kind.QUERY);
        if (!unread && input.bytes() == bytes && server.output().isEmpty()) {
            input.sendAll(server);
        } else {
            input.send(bytes, server);
        }
    }

    /** Sends the function call that comes next. Returns false when it has to wait. */
    boolean functionCall(int bytes) {
        if (!lease.isAtPrimary() && !choice.enlist(batch.simple(SentStatements.UNREAD, input.at() + bytes))) {
            return false;
        }
        repeats.decided();
        lease.server().replies().add(Kind.QUERY);
        sent.called();
        input.send(bytes, lease.server());
        return true;
    }
}
