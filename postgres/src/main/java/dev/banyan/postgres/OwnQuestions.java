package dev.banyan.postgres;

import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * What the router asks a server for itself, before, between and behind a session's statements: settings, what undoes them, the position of the
 * log. No client sees anything of the answers. One question with a listener at a time. Owned by the connection's loop.
 */
final class OwnQuestions {
    private static final String POSITION_QUERY = "SELECT pg_catalog.pg_current_wal_insert_lsn()";

    private final Replies replies;
    private final ServerOutput output;
    private Consumer<PostgresError> whenDone;
    private PostgresError error;
    private String answer = "";
    private long position;

    OwnQuestions(Replies replies, ServerOutput output) {
        this.replies = replies;
        this.output = output;
    }

    /** Asks; {@code done} hears the server's error, or null. {@link #answer} has the last row then. */
    void ask(String sql, Consumer<PostgresError> done) {
        output.query(sql);
        replies.add(Kind.HIDDEN_QUERY);
        whenDone = done;
    }

    /** Asks the primary where it is in its log behind what was sent so far. */
    void askPosition() {
        output.query(POSITION_QUERY);
        replies.add(Kind.POSITION);
    }

    /** Whether that answer is to such a question. */
    static boolean are(Kind answered) {
        return answered == Kind.HIDDEN_QUERY || answered == Kind.POSITION;
    }

    /** A row of the answer that is due. */
    void row(ByteBuf in, int body, int end) {
        if (replies.head() == Kind.POSITION) {
            position = LsnRow.read(in, body, end);
        } else {
            answer = Rows.first(in, body, end);
        }
    }

    /** The answer that is due is an error. */
    void failed(PostgresError why) {
        position = Lsn.NONE;
        error = why;
    }

    /** The first column of the last row as text; empty when there was none. */
    String answer() {
        return answer;
    }

    /** A question was answered: tells who asked. */
    void done() {
        PostgresError why = error;
        Consumer<PostgresError> listener = whenDone;
        error = null;
        whenDone = null;
        if (listener != null) {
            listener.accept(why);
        }
    }

    /** The question for the position was answered. Returns it; {@link Lsn#NONE} when the answer was none. */
    long position() {
        long known = error == null ? position : Lsn.NONE;
        error = null;
        position = Lsn.NONE; // the next question may go wrong, and this is no answer to it
        return known;
    }

    /** The session that the position was asked for is gone. */
    void forgetPosition() {
        position = Lsn.NONE;
    }
}
