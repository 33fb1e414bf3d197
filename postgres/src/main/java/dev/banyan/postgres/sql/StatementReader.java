package dev.banyan.postgres.sql;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Reads statements and remembers what it read by fingerprint. Owned by one IO loop. */
public interface StatementReader {
    /**
     * What the text is and may do. Never fails: what cannot be read is a write of verb OTHER with its reason.
     *
     * @param text holds the statement in bytes from..to, in an encoding that contains ASCII, without the zero byte at its end
     * @param standardStrings standard_conforming_strings of the session
     */
    Statement read(ByteBuf text, int from, int to, boolean standardStrings);

    /** The text of a statement that this reader has read, with ? for each literal; empty once it is forgotten. */
    Optional<String> normalised(Statement statement);
}
