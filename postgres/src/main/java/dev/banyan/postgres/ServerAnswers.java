package dev.banyan.postgres;

import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.wire.Fields;
import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Takes note of each message that a server sends, in the order of {@link Replies}: whose it is, what its session has to hear of it, and whether
 * the client must not see it; and puts in the answers that the router gives itself. Owned by the connection's loop.
 */
final class ServerAnswers {
    private final ServerConnection connection;
    private final Replies replies;
    private final OwnQuestions questions;
    private final KeptStatements statements;
    private byte status = 'I';
    /** The rest of a failed try is kept from the client, up to ReadyForQuery. */
    private boolean hidingTry;

    ServerAnswers(ServerConnection connection, Replies replies, OwnQuestions questions, KeptStatements statements) {
        this.connection = connection;
        this.replies = replies;
        this.questions = questions;
        this.statements = statements;
    }

    /** What the last ReadyForQuery said: I, T or E. */
    byte status() {
        return status;
    }

    void forward(ByteBuf in, int from, int to) {
        ClientSession session = connection.session();
        if (to > from && session != null) {
            session.output.forward(in, from, to);
        }
    }

    /** Takes note of a message, and says whether the client must not see it. */
    boolean see(byte type, ByteBuf in, int body, int end) {
        ClientSession session = connection.session();
        boolean hide = session == null || hidingTry || !replies.isEmpty() && replies.head().hidden();
        switch (type) {
            case 'D' -> {
                if (OwnQuestions.are(replies.head())) {
                    questions.row(in, body, end);
                } else if (!hide) {
                    session.repeats.decided();
                }
            }
            case 'E' -> hide = failed(in, body, end);
            case 'S' -> parameter(in, body, end);
            case '1' -> hide |= ends(Kind.PARSE, Kind.HIDDEN_PARSE);
            case '2' -> hide |= ends(Kind.BIND, Kind.BIND);
            case '3' -> hide |= ends(Kind.CLOSE, Kind.HIDDEN_CLOSE);
            case 'T', 'n' -> ends(Kind.DESCRIBE, Kind.DESCRIBE);
            case 'C', 'I', 's' -> {
                if (!hide) {
                    session.repeats.decided();
                    if (type == 'C') {
                        session.answers.completed(in, body, end);
                    }
                }
                ends(Kind.EXECUTE, Kind.EXECUTE);
            }
            case 'G', 'W' -> {
                if (!hide) {
                    session.repeats.decided();
                    session.copy.begun(type == 'G' && replies.head() == Kind.EXECUTE, replies);
                }
            }
            case 'H', 'V' -> {
                if (!hide) {
                    session.repeats.decided();
                }
            }
            case 'A' -> hide = session == null; // comes when it comes, an answer of the router's own or not
            default -> { /* notices and a copy's data pass */ }
        }
        return hide;
    }

    /** The head's answer is there, if the head is one of these. Returns whether it is one of the router's own. */
    private boolean ends(Kind clients, Kind own) {
        Kind head = replies.head();
        if (head == clients || head == own) {
            replies.pop();
        }
        return head == own && clients != own;
    }

    /** Says what the router itself has to say next, if it is its turn. */
    void answerDue() {
        while (!replies.isEmpty() && replies.head().local()) {
            byte type = (byte) (replies.head() == Kind.LOCAL_PARSE ? '1' : '3');
            replies.pop();
            connection.session().output.answer(type);
        }
    }

    private void parameter(ByteBuf in, int body, int end) {
        int zero = Fields.zero(in, body, end);
        if (zero > 0) {
            connection.parameters().put(in.toString(body, zero - body, StandardCharsets.UTF_8), Fields.text(in, zero + 1, end));
        }
    }

    // ---- An error ----

    /** An error ends all up to the next Sync, as the server then skips it. Returns whether it is kept from the client. */
    private boolean failed(ByteBuf in, int body, int end) {
        String severity = Fields.ofError(in, body, end, 'V');
        String state = Fields.ofError(in, body, end, 'C');
        if (severity.equals("FATAL") || severity.equals("PANIC")) {
            connection.lastWords(PostgresError.error(state, Fields.ofError(in, body, end, 'M')));
            return true;
        }
        Kind head = replies.head();
        if (OwnQuestions.are(head)) {
            questions.failed(PostgresError.error(state, Fields.ofError(in, body, end, 'M')));
            return true;
        }
        ClientSession session = connection.session();
        if (head == null || session == null) {
            return true;
        }
        if (state.equals("0A000")) {
            statements.expire(); // perhaps a plan whose columns have changed since
        }
        boolean again = session.repeats.repeatsAfter(state);
        skipToSync(again);
        hidingTry |= again;
        if (!again) {
            session.repeats.decided();
            session.answers.failed();
        }
        return again || hidingTry;
    }

    private void skipToSync(boolean again) {
        int skipped = 0;
        while (skipped < replies.size() && !replies.at(skipped).endsReady()) {
            skipped++;
        }
        for (int i = skipped - 1; i >= 0; i--) {
            takeBack(replies.at(i), replies.subjectAt(i), again);
        }
        for (int i = 0; i < skipped; i++) {
            replies.pop();
        }
        if (replies.isEmpty()) {
            connection.session().protocol.skipToSync();
        }
    }

    /** Undoes what was taken for granted when the message was sent. */
    private void takeBack(Kind kind, Replies.Named subject, boolean again) {
        if (subject == null) {
            if (kind == Kind.PARSE || kind == Kind.HIDDEN_PARSE) {
                connection.unnamed(null);
            }
            return;
        }
        if (kind == Kind.PARSE || kind == Kind.HIDDEN_PARSE) {
            statements.forget(subject.prepared());
        } else if (kind == Kind.HIDDEN_CLOSE) {
            statements.isStillThere(subject.prepared());
        } else if (kind == Kind.LOCAL_CLOSE && !again) {
            connection.session().statements.putBack(subject);
        }
        if (subject.name() != null && !again && (kind == Kind.PARSE || kind == Kind.LOCAL_PARSE)) {
            connection.session().statements.remove(subject.name());
        }
    }

    // ---- ReadyForQuery ----

    /** ReadyForQuery lies at {@code in[at, end)}, what was not forwarded yet before it: the client gets both, or not yet, or never. */
    void ready(ByteBuf in, int from, int at, int end) {
        status = in.getByte(at + ServerInput.HEADER);
        Kind head = replies.head();
        boolean hide = head == null || !head.endsReady() ? unexpected(head) : due(head, in, from, at);
        if (!hide) {
            forward(in, from, end);
            connection.session().answers.ready(status);
        }
    }

    /** Returns whether the client does not see it, or not yet; what came before it has then been forwarded. */
    private boolean due(Kind head, ByteBuf in, int from, int at) {
        replies.pop();
        ClientSession session = connection.session();
        if (head == Kind.HIDDEN_QUERY) {
            forward(in, from, at);
            questions.done();
            return true;
        }
        if (session == null) {
            return true;
        }
        if (head == Kind.POSITION) {
            forward(in, from, at);
            session.position.is(questions.position());
            return true;
        }
        if (hidingTry) {
            forward(in, from, at);
            hidingTry = false;
            session.repeats.repeat();
            return true;
        }
        session.repeats.decided();
        if (replies.head() == Kind.POSITION || session.position.asksAtEnd(status)) {
            forward(in, from, at);
            session.position.holdReady(status);
            return true;
        }
        return false;
    }

    /** A Sync that crossed with an error in a copy is answered though it was not expected; any other is the server's fault. */
    private boolean unexpected(Kind head) {
        if (head != null) {
            connection.violated((byte) 'Z', 5);
            return true;
        }
        ClientSession session = connection.session();
        if (session != null) {
            session.protocol.skipNoMore();
        }
        return session == null;
    }
}
