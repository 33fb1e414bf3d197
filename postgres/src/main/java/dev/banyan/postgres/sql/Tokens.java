package dev.banyan.postgres.sql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The tokens of a text one after the other, with a look at the next. For reading what was not read before; it may allocate. */
final class Tokens {
    /** PostgreSQL cuts names behind so many bytes (NAMEDATALEN - 1). */
    private static final int LONGEST_NAME = 63;

    private final Lexer lexer;
    private final byte[] bytes;
    private final boolean standardStrings;
    private Piece current;
    private Piece ahead;

    Tokens(Lexer lexer, byte[] bytes, int from, int to, boolean standardStrings) {
        this.lexer = lexer;
        this.bytes = bytes;
        this.standardStrings = standardStrings;
        lexer.open(bytes, from, to, standardStrings);
        ahead = cut();
        current = ahead;
    }

    /** Goes to the next token and returns it. */
    Piece next() {
        current = ahead;
        ahead = current.kind() == Token.END ? current : cut();
        return current;
    }

    /** The one behind {@link #next}'s last. */
    Piece ahead() {
        return ahead;
    }

    boolean standardStrings() {
        return standardStrings;
    }

    /** A piece as it was written; empty where that is not UTF-8, so that nobody writes it again wrongly. */
    Optional<String> written(Piece piece) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, piece.start(), piece.stop() - piece.start())).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** What a plain string without backslashes says; empty for any other piece. */
    Optional<String> plain(Piece piece) {
        if (piece.kind() != Token.STRING || bytes[piece.start()] != '\'') {
            return Optional.empty();
        }
        return written(piece).filter(s -> s.indexOf('\\') < 0 && s.indexOf('\n') < 0 && s.indexOf('\r') < 0).map(s -> s.substring(1, s.length() - 1).replace("''", "'"));
    }

    byte[] bytes() {
        return bytes;
    }

    private Piece cut() {
        int kind = lexer.next();
        int start = lexer.start();
        int stop = lexer.stop();
        return new Piece(kind, start, stop, switch (kind) {
            case Token.WORD -> lower(start, stop);
            case Token.QUOTED -> new String(bytes, start + 1, Math.min(stop - start - 2, 2 * LONGEST_NAME), StandardCharsets.UTF_8).replace("\"\"", "\"");
            case Token.MARK, Token.OPERATOR -> stop - start > 3 ? "" : new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
            default -> "";
        });
    }

    /** ASCII only, as PostgreSQL does in a UTF-8 database. */
    private String lower(int start, int stop) {
        byte[] lower = new byte[Math.min(stop - start, LONGEST_NAME)];
        for (int i = 0; i < lower.length; i++) {
            byte b = bytes[start + i];
            lower[i] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
        }
        return new String(lower, StandardCharsets.UTF_8);
    }
}
