package dev.banyan.postgres;

import static dev.banyan.postgres.ClientInput.HEADER;

import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.wire.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * A session's prepared statements, and the messages that speak of them. A client's name stands for a text that any server connection may have,
 * under a name of its own; where it has not, the statement is prepared there first, unseen. Owned by one session.
 */
final class StatementNames {
    /** How much of a Bind must be there before its rest may pass in pieces: the names at its beginning. */
    static final int MOST_NAMES = 64 << 10;
    private static final int MOST_STATEMENTS = 10_000;

    private final PreparedTexts texts;
    private final ClientInput input;
    private final ClientStatements names = new ClientStatements();
    private Prepared unnamed;

    StatementNames(PreparedTexts texts, ClientInput input) {
        this.texts = texts;
        this.input = input;
    }

    /** The unnamed statement; null when there is none. */
    Prepared unnamed() {
        return unnamed;
    }

    /** It is this one again. */
    void unnamed(Prepared before) {
        unnamed = before;
    }

    void forgetUnnamed() {
        unnamed = null;
    }

    /** The statement of that name; null when the session has none. */
    Prepared named(ByteBuf in, int at, int end) {
        ClientStatements.Name name = names.find(in, at, end);
        return name == null ? null : name.prepared();
    }

    /** Whether the client has given a statement that name by protocol, so that SQL may speak of it. */
    boolean knows(String name) {
        return !name.isEmpty() && named(name) != null;
    }

    /** Ends the statement of that name, as DEALLOCATE does: at servers others may go on using its text. */
    void deallocate(String name) {
        names.remove(named(name));
    }

    /** Sends the Parse of a DEALLOCATE of the statement of that name in place of the client's, which comes next. */
    void parseDeallocate(String name, int bytes, ServerConnection server) {
        Prepared prepared = named(name).prepared();
        deallocate(name);
        ensure(prepared, server);
        server.statements().forget(prepared);
        server.statements().isStillThere(prepared); // as long as it is not executed
        server.output().parse("DEALLOCATE " + new String(prepared.name(), StandardCharsets.US_ASCII));
        server.replies().add(Kind.PARSE);
        forgetUnnamed();
        server.unnamed(null);
        input.skip(bytes);
    }

    private ClientStatements.Name named(String name) {
        ByteBuf bytes = Unpooled.wrappedBuffer(name.getBytes(StandardCharsets.UTF_8));
        return names.find(bytes, 0, bytes.readableBytes());
    }

    void remove(ClientStatements.Name name) {
        names.remove(name);
    }

    void clear() {
        names.clear();
        unnamed = null;
    }

    /**
     * What a Parse message is about whose name begins at {@code nameAt}.
     *
     * @throws ProtocolViolation when it has no text
     */
    Prepared prepare(ByteBuf in, int nameAt, int end, SessionSettings settings, String searchPath) {
        int nameEnd = Fields.zero(in, nameAt, end);
        int textEnd = nameEnd < 0 ? -1 : Fields.zero(in, nameEnd + 1, end);
        if (textEnd < 0 || end - textEnd < 3) {
            throw new ProtocolViolation("a Parse message ends too early");
        }
        return texts.of(in, nameEnd + 1, end, settings.standardStrings(), searchPath);
    }

    /**
     * Sends the Parse message that comes next, or answers it where the server has the statement.
     *
     * @param repeated the statement may have its name already, from an attempt before
     */
    void parse(Prepared prepared, int bytes, ServerConnection server, boolean repeated) {
        ByteBuf in = input.buffer();
        int nameAt = input.at() + HEADER;
        int nameEnd = Fields.zero(in, nameAt, input.at() + bytes);
        if (nameEnd == nameAt) {
            unnamed = prepared;
            server.unnamed(prepared);
            server.replies().add(Kind.PARSE);
            input.send(bytes, server);
            return;
        }
        ClientStatements.Name name = names.find(in, nameAt, nameEnd);
        if (name != null && (!repeated || name.prepared() != prepared)) {
            sayItExists(name.prepared(), server);
            input.skip(bytes);
            return;
        }
        if (name == null) {
            if (names.size() >= MOST_STATEMENTS) {
                throw new ProtocolViolation("a session may have at most " + MOST_STATEMENTS + " prepared statements");
            }
            name = names.add(in, nameAt, nameEnd, prepared);
        }
        input.skip(bytes);
        Replies.Named subject = new Replies.Named(prepared, name);
        if (server.statements().has(prepared)) {
            server.replies().add(Kind.LOCAL_PARSE, subject);
            return;
        }
        closeOld(prepared, server);
        prepared.writeParse(server.output().buffer(), true);
        server.replies().add(Kind.PARSE, subject);
        keep(prepared, server);
    }

    /** A Parse of a name that the server has: its error is the right one, and ends what it has to end. */
    private void sayItExists(Prepared prepared, ServerConnection server) {
        ensure(prepared, server);
        prepared.writeParse(server.output().buffer(), true);
        server.replies().add(Kind.PARSE);
    }

    /** Sends the Bind message that comes next. Returns its statement; null when the session does not know it. */
    Statement bind(int bytes, ServerConnection server) {
        ByteBuf in = input.buffer();
        int at = input.at();
        int seen = Math.min(at + bytes, in.writerIndex());
        int portalEnd = Fields.zero(in, at + HEADER, seen);
        int nameEnd = portalEnd < 0 ? -1 : Fields.zero(in, portalEnd + 1, seen);
        if (nameEnd < 0) {
            throw new ProtocolViolation("a Bind message has no names, or they are longer than " + MOST_NAMES + " bytes");
        }
        Prepared prepared = refer(portalEnd + 1, nameEnd, server);
        server.replies().add(Kind.BIND);
        sendRenamed(bytes, portalEnd + 1, nameEnd, prepared, server);
        return prepared == null ? null : prepared.statement();
    }

    /** Sends the Describe message that comes next. */
    void describe(int bytes, ServerConnection server) {
        int nameAt = input.at() + HEADER + 1;
        int nameEnd = nameEnd("Describe", nameAt, bytes);
        Prepared prepared = subjectIsStatement() ? refer(nameAt, nameEnd, server) : null;
        server.replies().add(Kind.DESCRIBE);
        sendRenamed(bytes, nameAt, nameEnd, prepared, server);
    }

    /** Whether the Close or Describe message that comes next is about a statement, not a portal. */
    boolean subjectIsStatement() {
        return input.buffer().getByte(input.at() + HEADER) == 'S';
    }

    /**
     * Takes the Close message of a statement that comes next.
     *
     * @param server null when the session has none
     * @return whether there is nobody to answer it but the session, at once
     */
    boolean close(int bytes, ServerConnection server) {
        int nameAt = input.at() + HEADER + 1;
        int nameEnd = nameEnd("Close", nameAt, bytes);
        ClientStatements.Name name = names.find(input.buffer(), nameAt, nameEnd);
        if (name == null && nameEnd > nameAt && server != null) {
            server.replies().add(Kind.CLOSE); // made by SQL, or too long to have been read: only the server knows it
            input.send(bytes, server);
            return false;
        }
        if (server != null) {
            server.replies().add(Kind.LOCAL_CLOSE, name == null ? null : new Replies.Named(name.prepared(), name));
        }
        if (name != null) {
            names.remove(name);
        } else if (nameEnd == nameAt) {
            unnamed = null;
        }
        input.skip(bytes);
        return server == null;
    }

    /** A Close of it was skipped behind an error: the name stands for it as before. */
    void putBack(Replies.Named closed) {
        names.putBack(closed.name(), closed.prepared());
    }

    private int nameEnd(String message, int nameAt, int bytes) {
        int end = bytes < HEADER + 2 ? -1 : Fields.zero(input.buffer(), nameAt, input.at() + bytes);
        if (end < 0) {
            throw new ProtocolViolation("a " + message + " message has no name");
        }
        return end;
    }

    /** What a message refers to by name; it is at the server when this returns. Null when the session has none of that name. */
    private Prepared refer(int nameAt, int nameEnd, ServerConnection server) {
        if (nameEnd > nameAt) {
            Prepared prepared = named(input.buffer(), nameAt, nameEnd);
            if (prepared != null) {
                ensure(prepared, server);
            }
            return prepared;
        }
        if (unnamed != null && server.unnamed() != unnamed) {
            unnamed.writeParse(server.output().buffer(), false);
            server.replies().add(Kind.HIDDEN_PARSE);
            server.unnamed(unnamed);
        }
        return unnamed;
    }

    private void ensure(Prepared prepared, ServerConnection server) {
        if (!server.statements().knows(prepared)) {
            prepared.writeParse(server.output().buffer(), true);
            server.replies().add(Kind.HIDDEN_PARSE, new Replies.Named(prepared, null));
            keep(prepared, server);
        }
    }

    /** Its name may still stand for a plan that is out of date. */
    private static void closeOld(Prepared prepared, ServerConnection server) {
        if (server.statements().closeOld(prepared)) {
            prepared.writeClose(server.output().buffer());
            server.replies().add(Kind.HIDDEN_CLOSE, new Replies.Named(prepared, null));
        }
    }

    private static void keep(Prepared prepared, ServerConnection server) {
        Prepared old = server.statements().keep(prepared);
        if (old != null) {
            old.writeClose(server.output().buffer());
            server.replies().add(Kind.HIDDEN_CLOSE, new Replies.Named(old, null));
        }
    }

    /** Sends a message on with the statement's own name in place of the client's. */
    private void sendRenamed(int bytes, int nameAt, int nameEnd, Prepared prepared, ServerConnection server) {
        if (prepared == null || nameEnd == nameAt) {
            input.send(bytes, server);
            return;
        }
        ByteBuf in = input.buffer();
        int at = input.at();
        byte[] name = prepared.name();
        server.output().buffer().writeByte(in.getByte(at)).writeInt(bytes - 1 - (nameEnd - nameAt) + name.length);
        server.output().buffer().writeBytes(in, at + HEADER, nameAt - at - HEADER).writeBytes(name);
        in.readerIndex(nameEnd);
        input.send(at + bytes - nameEnd, server);
    }
}
