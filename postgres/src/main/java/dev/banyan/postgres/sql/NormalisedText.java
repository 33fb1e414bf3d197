package dev.banyan.postgres.sql;

import java.nio.charset.StandardCharsets;

/** A statement as its fingerprint sees it: words in lower case, ? for each literal and parameter, single blanks, no comments. Owned by one loop. */
final class NormalisedText {
    private static final String CUT = " ...";

    private final int longest;
    private final StringBuilder text = new StringBuilder();
    private final Repetition repetition = new Repetition();

    /** @param longest characters; a longer text is cut there */
    NormalisedText(int longest) {
        this.longest = longest;
    }

    /** @param lexer opened at the text */
    String of(Lexer lexer) {
        text.setLength(0);
        repetition.begin();
        int remembered = 0;
        byte[] bytes = lexer.bytes();
        boolean glued = true;
        boolean called = false;
        for (int kind = lexer.next(); kind != Token.END; kind = lexer.next()) {
            int start = lexer.start();
            char mark = kind == Token.MARK ? (char) bytes[start] : 0;
            boolean cast = kind == Token.OPERATOR && bytes[start] == ':';
            if (!glued && mark != ',' && mark != ')' && mark != ']' && mark != ';' && mark != '.' && mark != '[' && !cast && !(mark == '(' && called)) {
                text.append(' ');
            }
            int from = text.length();
            append(kind, bytes, start, lexer.stop());
            called = kind == Token.QUOTED || kind == Token.WORD && called(text.substring(from));
            glued = mark == '(' || mark == '[' || mark == '.' || cast;
            switch (repetition.after(kind, bytes, start, lexer.stop())) {
                case Repetition.REMEMBER -> remembered = text.length();
                case Repetition.GO_BACK -> text.setLength(remembered);
                default -> { }
            }
            if (text.length() > longest) {
                text.setLength(longest - CUT.length());
                return text.append(CUT).toString();
            }
        }
        if (!text.isEmpty() && text.charAt(text.length() - 1) == ';') {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    /** Whether a parenthesis behind this word is that of a call. */
    private static boolean called(String word) {
        return !Keywords.neverFunction(word) && !Keywords.operator(word);
    }

    private void append(int kind, byte[] bytes, int start, int stop) {
        int length = Math.min(stop - start, longest);
        switch (kind) {
            case Token.WORD -> lower(new String(bytes, start, length, StandardCharsets.UTF_8));
            case Token.STRING, Token.NUMBER, Token.PARAMETER -> text.append('?');
            case Token.BAD -> text.append('!'); // perhaps the beginning of a literal
            default -> text.append(new String(bytes, start, length, StandardCharsets.UTF_8));
        }
    }

    private void lower(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            text.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
    }
}
