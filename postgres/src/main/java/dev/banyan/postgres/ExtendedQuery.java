package dev.banyan.postgres;

import static dev.banyan.postgres.ClientInput.HEADER;

import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import io.netty.buffer.ByteBuf;

/**
 * The extended query protocol: Parse, Bind, Describe, Execute, Close and Flush up to a Sync are one batch, and go to one server. A client that
 * sends batch after batch without waiting gets each answer in its turn ({@link Replies}). Owned by one session.
 */
final class ExtendedQuery {
    private final ClientSession session;
    private final RouterLoop loop;
    private final ClientInput input;
    private final ClientOutput output;
    private final TransactionState transaction;
    private final ProtocolState protocol;
    private final SessionState state;
    private final StatementNames statements;
    private final Batch batch;
    private final ServerLease lease;
    private final Repeats repeats;
    private final SentStatements sent;

    ExtendedQuery(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.input = session.input;
        this.output = session.output;
        this.transaction = session.transaction;
        this.protocol = session.protocol;
        this.state = session.state;
        this.statements = session.statements;
        this.batch = session.batch;
        this.lease = session.lease;
        this.repeats = session.repeats;
        this.sent = session.sent;
    }

    /** Sends the message that comes next, which is no Sync. Returns false when it has to wait, for bytes or for a server. */
    boolean message(byte type, int bytes) {
        boolean unread = type == 'P' && isUnread(bytes);
        int needed = unread ? HEADER + 1 : type == 'B' ? Math.min(bytes, StatementNames.MOST_NAMES) : bytes;
        if (!input.has(needed)) {
            return false;
        }
        if ((type == 'C' || type == 'D') && bytes < HEADER + 2) {
            throw new ProtocolViolation("a message of type '" + (char) type + "' says of nothing what it is about");
        }
        boolean needsNoServer = type == 'C' && statements.subjectIsStatement();
        if (!protocol.inBatch() && !(needsNoServer && lease.server() == null) && !placed()) {
            return false;
        }
        ServerConnection server = lease.server();
        if (server != null) {
            protocol.batchBegun();
        }
        switch (type) {
            case 'P' -> parse(bytes, unread, server);
            case 'B' -> {
                Statement bound = statements.bind(bytes, server);
                if (bound != null) {
                    sent.run(bound, server);
                }
            }
            case 'D' -> statements.describe(bytes, server);
            case 'C' -> close(bytes, server);
            case 'E' -> send(Kind.EXECUTE, bytes, server);
            default -> {
                output.flush(); // what the router said itself: the server may have nothing to flush
                if (session.isClosed()) {
                    return false; // sending has told that the client has left
                }
                input.send(bytes, server);
            }
        }
        return true;
    }

    private void send(Kind kind, int bytes, ServerConnection server) {
        server.replies().add(kind);
        input.send(bytes, server);
    }

    /** Whether the messages from here to the next Sync have a server. */
    private boolean placed() {
        int at = input.at();
        if (lease.isAtPrimary()) {
            if (repeats.mayKeep()) {
                batch.extended(input.buffer(), at, this);
                repeats.keep(at, batch.end() - at);
            } else {
                repeats.decided();
            }
            return true;
        }
        if (lease.server() == null && !loop.splits()) {
            return session.checkout.primary();
        }
        batch.extended(input.buffer(), at, this);
        if (!batch.complete() && input.bytes() < Batch.MOST_BYTES || !session.choice.enlist(batch)) {
            return false;
        }
        repeats.keep(at, batch.end() - at);
        return true;
    }

    // ---- Parse ----

    private void parse(int bytes, boolean unread, ServerConnection server) {
        ByteBuf in = input.buffer();
        int nameAt = input.at() + HEADER;
        boolean named = in.getByte(nameAt) != 0;
        if (unread) {
            sent.parsed(SentStatements.UNREAD);
            if (!named) {
                forgetUnnamed(server); // or the Bind behind it would be of the one before
            }
            send(Kind.PARSE, bytes, server); // under the client's own name: the session keeps this connection
            return;
        }
        int end = input.at() + bytes;
        Prepared prepared = prepare(in, nameAt, end);
        Statement statement = prepared.statement();
        int textAt = in.indexOf(nameAt, end, (byte) 0) + 1;
        sent.trace(textAt, in.indexOf(textAt, end, (byte) 0), !named);
        sent.parsed(statement);
        if (statement.verb() == Verb.SHOW && OwnSettings.has(statement.name()) && !named) {
            server.output().parse(state.own().asSelect(statement.name()));
            server.replies().add(Kind.PARSE);
            forgetUnnamed(server);
            input.skip(bytes);
        } else if (statement.verb() == Verb.DEALLOCATE && statements.knows(statement.name()) && !named) {
            statements.parseDeallocate(statement.name(), bytes, server);
        } else {
            statements.parse(prepared, bytes, server, session.attempt.isRepeated());
            server.answerDue();
        }
    }

    private void forgetUnnamed(ServerConnection server) {
        statements.forgetUnnamed();
        server.unnamed(null);
    }

    // ---- Close and Sync ----

    private void close(int bytes, ServerConnection server) {
        if (!statements.subjectIsStatement()) {
            send(Kind.CLOSE, bytes, server);
        } else if (statements.close(bytes, server)) {
            output.answer((byte) '3');
        } else {
            server.answerDue();
        }
    }

    /** Sends the Sync that comes next. Returns false when it has to wait for bytes. */
    boolean sync(int bytes) {
        if (!input.has(bytes)) {
            return false;
        }
        ServerConnection server = lease.server();
        if (server == null) {
            input.skip(bytes);
            protocol.startOver();
            session.tellOwed();
            output.ready(transaction.status());
            output.flush();
            return true;
        }
        if (session.copy.ignoresSync()) {
            input.send(bytes, server);
            return true;
        }
        protocol.skipNoMore();
        if (!protocol.inBatch()) {
            repeats.decided();
        }
        send(Kind.SYNC, bytes, server);
        session.position.askBehind();
        protocol.batchEnded();
        return true;
    }

    // ---- What a batch asks when it is looked at ----

    /** What a Parse message is about. */
    Prepared prepare(ByteBuf in, int nameAt, int end) {
        String searchPath = transaction.searchPath().isEmpty() ? state.settings().searchPath() : transaction.searchPath();
        return statements.prepare(in, nameAt, end, state.settings(), searchPath);
    }

    /** Whether a Parse message of that many bytes passes without being looked at. */
    boolean isUnread(int bytes) {
        return bytes - HEADER > loop.settings().statement().bytes() || !state.settings().isReadable();
    }

    /** The statement of that name; null when the session has none. */
    Prepared named(ByteBuf in, int at, int end) {
        return statements.named(in, at, end);
    }

    /** The unnamed statement; null when there is none. */
    Prepared unnamed() {
        return statements.unnamed();
    }
}
