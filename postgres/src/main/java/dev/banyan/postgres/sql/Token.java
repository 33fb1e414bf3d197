package dev.banyan.postgres.sql;

/** Kinds of tokens. Plain ints, as one is made for every few bytes of every statement. */
final class Token {
    static final int END = 0;
    /** An identifier or keyword without quotes. */
    static final int WORD = 1;
    /** An identifier in double quotes. */
    static final int QUOTED = 2;
    /** An identifier as U&"...", whose name only the server knows for certain. */
    static final int UNICODE_QUOTED = 3;
    /** A string of any kind: '...', E'...', U&'...', B'...', X'...', N'...', $tag$...$tag$. */
    static final int STRING = 4;
    static final int NUMBER = 5;
    /** $1. */
    static final int PARAMETER = 6;
    /** An operator of one or more characters, {@code :}, {@code ::}, {@code :=} and {@code ..} as well. */
    static final int OPERATOR = 7;
    /** One of {@code ( ) [ ] , ; .}, told apart by its byte. */
    static final int MARK = 8;
    /** What PostgreSQL's lexer refuses: a string without an end, a zero byte, a brace. */
    static final int BAD = 9;

    private Token() {}

    /** A value that fingerprints and normalised texts leave out. */
    static boolean literal(int kind) {
        return kind >= STRING && kind <= PARAMETER;
    }
}
