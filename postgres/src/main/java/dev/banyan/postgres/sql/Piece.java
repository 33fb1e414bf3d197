package dev.banyan.postgres.sql;

/**
 * A token of a text that is being read.
 *
 * @param kind one of {@link Token}'s
 * @param start its first byte
 * @param stop behind its last
 * @param text a word in lower case, a quoted name as it is meant, a mark or short operator as it stands; else empty
 */
record Piece(int kind, int start, int stop, String text) {
    static final Piece NONE = new Piece(Token.END, 0, 0, "");

    /** A word without quotes, a keyword perhaps. */
    boolean word(String word) {
        return kind == Token.WORD && text.equals(word);
    }

    boolean mark(char mark) {
        return kind == Token.MARK && text.charAt(0) == mark;
    }

    boolean operator(String operator) {
        return kind == Token.OPERATOR && text.equals(operator);
    }

    boolean name() {
        return kind == Token.WORD || kind == Token.QUOTED;
    }
}
