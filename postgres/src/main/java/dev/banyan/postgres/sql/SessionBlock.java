package dev.banyan.postgres.sql;

import java.util.List;
import java.util.Set;

/**
 * What a DO block may leave in its session. The block is a program; it is not followed, only looked through for words whose effect stays:
 * finding one that has no effect costs a pinned session, so it errs on that side.
 */
final class SessionBlock {
    private static final Set<String> STAYS = Set.of(
            "listen", "temp", "temporary", "pg_temp", "load", "prepare", "execute", "hold", "set_config", "setseed", "pg_advisory_lock", "pg_advisory_lock_shared",
            "pg_try_advisory_lock", "pg_try_advisory_lock_shared", "dblink_connect", "reset", "discard");
    private static final Set<String> BEFORE_STATEMENT = Set.of("begin", "then", "else", "loop");

    private SessionBlock() {}

    static int pins(Tokens tokens, List<Piece> pieces) {
        for (Piece piece : pieces) {
            if (piece.kind() == Token.STRING && stays(tokens, piece)) {
                return Pin.OTHER.bit();
            }
        }
        return 0;
    }

    private static boolean stays(Tokens tokens, Piece block) {
        byte[] bytes = tokens.bytes();
        int from = block.start();
        int to = block.stop();
        if (bytes[from] == '$') {
            int tag = 1;
            while (bytes[from + tag] != '$') {
                tag++;
            }
            from += tag + 1;
            to -= tag + 1;
        } else {
            return true; // a block in quotes: rare, and its quotes are doubled
        }
        Tokens body = new Tokens(new Lexer(), bytes, from, to, tokens.standardStrings());
        Piece previous = Piece.NONE;
        for (Piece piece = body.next(); piece.kind() != Token.END; piece = body.next()) {
            boolean statement = previous.mark(';') || previous.kind() == Token.WORD && BEFORE_STATEMENT.contains(previous.text());
            boolean set = piece.word("set") && statement && !body.ahead().word("local") && !body.ahead().word("constraints") && !body.ahead().word("transaction");
            if (set || piece.name() && STAYS.contains(piece.text())) {
                return true;
            }
            previous = piece;
        }
        return false;
    }
}
