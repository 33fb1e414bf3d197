package dev.banyan.postgres.sql;

import dev.banyan.postgres.sql.Statement.Hint;
import java.util.Optional;

/**
 * Reads a text once for what its tokens are: a keyed hash in which literals and parameters are one placeholder, blanks and comments nothing,
 * and words outside quotes lower case. What of a literal or a comment matters to a reading stands beside it: {@link #hint} and
 * {@link #timeWord}. Owned by one loop.
 */
final class Fingerprint {
    private static final byte[] LOWER = lower();

    /** No token begins with one of these, so that two token sequences never make the same bytes. */
    private static final int SEPARATOR = 1;

    private static final int QUOTED_NAME = 2;
    private static final int UNICODE_NAME = 3;
    private static final int VALUE = 4;
    private static final int BAD = 5;

    private final KeyedHash hash;
    private final Repetition repetition = new Repetition();
    private boolean timeWord;
    private Optional<Hint> hint = Optional.empty();

    Fingerprint(long seed) {
        hash = new KeyedHash(seed);
    }

    long of(Lexer lexer) {
        hash.begin();
        repetition.begin();
        timeWord = false;
        byte[] bytes = lexer.bytes();
        int from = lexer.start();
        int kind = lexer.next();
        hint = lexer.start() == from ? Optional.empty() : HintComment.in(bytes, from, lexer.start());
        boolean semicolon = false; // one at the very end makes no difference
        while (kind != Token.END) {
            int start = lexer.start();
            if (semicolon) {
                hash.add(';');
            }
            semicolon = kind == Token.MARK && bytes[start] == ';';
            if (!semicolon) {
                add(kind, bytes, start, lexer.stop());
            }
            switch (repetition.after(kind, bytes, start, lexer.stop())) {
                case Repetition.REMEMBER -> hash.save();
                case Repetition.GO_BACK -> hash.restore();
                default -> { }
            }
            kind = lexer.next();
        }
        return hash.end();
    }

    /** The wish that a comment before the first token states. */
    Optional<Hint> hint() {
        return hint;
    }

    /** Whether a string says now, today, tomorrow or yesterday, which as a date means the transaction's. */
    boolean timeWord() {
        return timeWord;
    }

    private void add(int kind, byte[] bytes, int start, int stop) {
        switch (kind) {
            case Token.WORD -> {
                hash.add(bytes, start, stop, LOWER);
                hash.add(SEPARATOR);
            }
            case Token.MARK -> hash.add(bytes[start]);
            case Token.STRING -> {
                hash.add(VALUE);
                timeWord |= TimeWord.in(bytes, start, stop);
            }
            case Token.NUMBER, Token.PARAMETER -> hash.add(VALUE);
            case Token.OPERATOR -> {
                hash.add(bytes, start, stop);
                hash.add(SEPARATOR);
            }
            default -> {
                hash.add(kind == Token.QUOTED ? QUOTED_NAME : kind == Token.UNICODE_QUOTED ? UNICODE_NAME : BAD);
                hash.add(bytes, start, stop);
                hash.add(0); // a name holds any byte but this
            }
        }
    }

    private static byte[] lower() {
        byte[] lower = new byte[256];
        for (int i = 0; i < 256; i++) {
            lower[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
        }
        return lower;
    }
}
