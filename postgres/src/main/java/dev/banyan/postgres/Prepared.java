package dev.banyan.postgres;

import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A statement that clients have prepared by protocol: the same for all sessions of a loop that sent the same text and parameter types under
 * the same search path. At a server connection it has one name, whatever clients call it.
 */
final class Prepared {
    /** Under its own name at a connection. No client's name can be equal, for none is ever sent to a server. */
    private final byte[] name;
    /** Text, zero byte, parameter types: a Parse message behind its name. */
    private final byte[] body;
    private final long hash;
    private final String searchPath;
    private final boolean standardStrings;
    private final PreparedTexts texts;
    private Catalogue catalogue;
    private Statement statement;
    /** How many names of sessions stand for it. */
    int users;

    Prepared(long id, byte[] body, long hash, String searchPath, boolean standardStrings, PreparedTexts texts) {
        this.name = ("banyan_" + id).getBytes(StandardCharsets.US_ASCII);
        this.body = body;
        this.hash = hash;
        this.searchPath = searchPath;
        this.standardStrings = standardStrings;
        this.texts = texts;
    }

    /** What was read of its text, by what is known of the database's functions now. */
    Statement statement() {
        Catalogue now = texts.catalogue();
        if (statement == null || catalogue != now) {
            catalogue = now;
            statement = texts.read(body, standardStrings);
        }
        return statement;
    }

    byte[] name() {
        return name;
    }

    long hash() {
        return hash;
    }

    int bytes() {
        return body.length;
    }

    /** Whether a Parse message with that behind its name says the same. */
    boolean is(long otherHash, ByteBuf in, int from, int to, String otherSearchPath) {
        if (hash != otherHash || to - from != body.length || !searchPath.equals(otherSearchPath)) {
            return false;
        }
        for (int i = 0; i < body.length; i++) {
            if (in.getByte(from + i) != body[i]) {
                return false;
            }
        }
        return true;
    }

    /** Appends the Parse message that prepares it. @param named under its own name, else as the unnamed statement */
    void writeParse(ByteBuf out, boolean named) {
        int nameLength = named ? name.length : 0;
        out.writeByte('P').writeInt(4 + nameLength + 1 + body.length);
        out.writeBytes(name, 0, nameLength).writeByte(0).writeBytes(body);
    }

    /** Appends the Close message that ends it. */
    void writeClose(ByteBuf out) {
        out.writeByte('C').writeInt(4 + 1 + name.length + 1).writeByte('S').writeBytes(name).writeByte(0);
    }
}
