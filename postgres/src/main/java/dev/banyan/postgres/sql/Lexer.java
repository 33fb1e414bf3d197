package dev.banyan.postgres.sql;

/**
 * Cuts a statement's bytes into tokens by PostgreSQL's lexical rules (manual 4.1; src/backend/parser/scan.l). Owned by one loop and used
 * again for every text; allocates nothing. Where releases differ ({@code 1_000} and {@code 0x1F} are numbers since 16, {@code 1abc} is an
 * error since 15) it cuts as the newest that accepts the text.
 *
 * <p>Bytes of 0x80 and above are letters, as they are there: right for UTF-8 and each encoding whose multi-byte characters have no ASCII
 * bytes (not for SJIS, BIG5, GBK, UHC, GB18030, JOHAB: {@link ClientEncoding}).
 */
final class Lexer {
    private static final byte BLANK = 1;
    private static final byte LETTER = 2;
    private static final byte DIGIT = 3;
    private static final byte OPERATING = 4;
    private static final byte MARKING = 5;
    private static final byte[] CLASS = classes();

    /** An operator that has one of these may end in + or -. */
    private static final String KEEPS_ITS_SIGN = "~!@#^&|`?%";

    private byte[] bytes;
    private int at;
    private int end;
    private boolean standardStrings;
    private int kind;
    private int start;
    /** The signs up to here were cut off an operator: each stands alone, and a long run of them is not searched again for each. */
    private int signsUntil;

    /** To the first token of {@code bytes[from, to)}. */
    void open(byte[] bytes, int from, int to, boolean standardStrings) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.standardStrings = standardStrings;
        this.kind = Token.END;
        this.start = from;
        this.signsUntil = from;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the last token begins. */
    int start() {
        return start;
    }

    /** Behind the last token's last byte. */
    int stop() {
        return at;
    }

    /** The last token's kind. */
    int kind() {
        return kind;
    }

    /** Reads the next token and returns its kind. */
    int next() {
        skipBlanks();
        start = at;
        kind = at == end ? Token.END : cut();
        return kind;
    }

    private int cut() {
        byte first = bytes[at];
        switch (CLASS[first & 0xff]) {
            case LETTER:
                return wordOrPrefixed(first);
            case DIGIT:
                return number();
            case OPERATING:
                return operator();
            case MARKING:
                return mark(first);
            default:
                break;
        }
        return switch (first) {
            case '\'' -> string(!standardStrings, true);
            case '"' -> quoted(Token.QUOTED);
            case '$' -> dollar();
            case ':' -> colon();
            default -> {
                at++;
                yield Token.BAD;
            }
        };
    }

    private void skipBlanks() {
        while (at < end) {
            byte b = bytes[at];
            if (CLASS[b & 0xff] == BLANK) {
                at++;
            } else if (b == '-' && follows('-')) {
                lineComment();
            } else if (b == '/' && follows('*')) {
                if (!blockComment()) {
                    return;
                }
            } else {
                return;
            }
        }
    }

    private void lineComment() {
        while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
    }

    /** False, and nothing skipped, where the comment has no end: the slash is then read as a bad token. */
    private boolean blockComment() {
        int depth = 0;
        int i = at;
        while (i + 1 < end) {
            if (bytes[i] == '*' && bytes[i + 1] == '/') {
                i += 2;
                if (--depth == 0) {
                    at = i;
                    return true;
                }
            } else if (bytes[i] == '/' && bytes[i + 1] == '*') {
                depth++;
                i += 2;
            } else {
                i++;
            }
        }
        return false;
    }

    private int wordOrPrefixed(byte first) {
        if (at + 1 < end && (bytes[at + 1] == '\'' || bytes[at + 1] == '&')) {
            int prefixed = prefixed(first);
            if (prefixed != Token.END) {
                return prefixed;
            }
        }
        int i = at + 1;
        while (i < end && inWord(bytes[i])) {
            i++;
        }
        at = i;
        return Token.WORD;
    }

    private int prefixed(byte first) {
        int letter = first | 0x20;
        if (bytes[at + 1] == '\'') {
            switch (letter) {
                case 'e':
                    at++;
                    return string(true, true);
                case 'n':
                    at++;
                    return string(!standardStrings, true);
                case 'b', 'x':
                    at++;
                    return string(false, false);
                default:
                    return Token.END;
            }
        }
        if (letter == 'u' && at + 2 < end) {
            if (bytes[at + 2] == '\'') {
                at += 2;
                return string(false, true);
            }
            if (bytes[at + 2] == '"') {
                at += 2;
                return quoted(Token.UNICODE_QUOTED);
            }
        }
        return Token.END;
    }

    /** At a quote; goes on over newlines as the standard wants it ({@code 'a'\n'b'} is one string). */
    private int string(boolean backslashes, boolean doubling) {
        do {
            if (!quotedRun(backslashes, doubling)) {
                return Token.BAD;
            }
        } while (continued());
        return Token.STRING;
    }

    private boolean quotedRun(boolean backslashes, boolean doubling) {
        int i = at + 1;
        while (i < end) {
            byte b = bytes[i++];
            if (b == '\'') {
                if (!doubling || i == end || bytes[i] != '\'') {
                    at = i;
                    return true;
                }
                i++;
            } else if (b == '\\' && backslashes) {
                i++;
            } else if (b == 0) {
                break;
            }
        }
        at = end;
        return false;
    }

    /** Whether nothing but blanks and line comments, one newline among them, stands between here and another quote; goes there. */
    private boolean continued() {
        int i = at;
        boolean newline = false;
        while (i < end) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                newline = true;
                i++;
            } else if (CLASS[b & 0xff] == BLANK) {
                i++;
            } else if (b == '-' && i + 1 < end && bytes[i + 1] == '-') {
                while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
                    i++;
                }
            } else if (b == '\'' && newline) {
                at = i;
                return true;
            } else {
                return false;
            }
        }
        return false;
    }

    private int quoted(int kind) {
        int first = at + 1;
        int i = first;
        while (i < end) {
            byte b = bytes[i++];
            if (b == '"') {
                if (i == end || bytes[i] != '"') {
                    at = i;
                    return i - 1 == first ? Token.BAD : kind; // PostgreSQL refuses an empty name
                }
                i++;
            } else if (b == 0) {
                break;
            }
        }
        at = end;
        return Token.BAD;
    }

    private int dollar() {
        int i = at + 1;
        if (i < end && CLASS[bytes[i] & 0xff] == DIGIT) {
            while (i < end && CLASS[bytes[i] & 0xff] == DIGIT) {
                i++;
            }
            at = i;
            return Token.PARAMETER;
        }
        while (i < end && bytes[i] != '$' && inWord(bytes[i])) {
            i++;
        }
        if (i == end || bytes[i] != '$') {
            at++;
            return Token.BAD;
        }
        return dollarQuoted(at, i + 1);
    }

    /** @param tag where the opening {@code $tag$} begins; no dollar is looked at more than twice, so a long text of dollars takes linear time */
    private int dollarQuoted(int tag, int body) {
        int length = body - tag;
        for (int i = body; i + length <= end; i++) {
            if (bytes[i] == '$' && same(tag, i, length)) {
                at = i + length;
                return Token.STRING;
            }
        }
        at = end;
        return Token.BAD;
    }

    private boolean same(int one, int other, int length) {
        for (int i = 1; i < length; i++) {
            if (bytes[one + i] != bytes[other + i]) {
                return false;
            }
        }
        return true;
    }

    private int number() {
        if (bytes[at] == '0' && at + 2 < end && based()) {
            return Token.NUMBER;
        }
        digits();
        if (at < end && bytes[at] == '.' && !follows('.')) {
            at++;
            digits();
        }
        exponent();
        return Token.NUMBER;
    }

    /** 0x1F, 0o17, 0b1. */
    private boolean based() {
        int base = switch (bytes[at + 1] | 0x20) {
            case 'x' -> 16;
            case 'o' -> 8;
            case 'b' -> 2;
            default -> 0;
        };
        int i = at + 2;
        while (base != 0 && i < end && (Character.digit(bytes[i], base) >= 0 || bytes[i] == '_' && i + 1 < end && Character.digit(bytes[i + 1], base) >= 0)) {
            i++;
        }
        if (base == 0 || i == at + 2) {
            return false;
        }
        at = i;
        return true;
    }

    private void digits() {
        while (at < end && (digit(at) || bytes[at] == '_' && at > start && digit(at - 1) && digit(at + 1))) {
            at++;
        }
    }

    private void exponent() {
        if (at < end && (bytes[at] | 0x20) == 'e') {
            int i = at + 1;
            if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
                i++;
            }
            if (digit(i)) {
                at = i;
                digits();
            }
        }
    }

    private boolean digit(int i) {
        return i < end && CLASS[bytes[i] & 0xff] == DIGIT;
    }

    /** The longest run of operator characters, ended by a comment's begin, without + or - at its end unless it has a character that allows them. */
    private int operator() {
        if (bytes[at] == '/' && follows('*')) {
            at = end; // a comment without an end
            return Token.BAD;
        }
        if (at < signsUntil) {
            at++;
            return Token.OPERATOR;
        }
        int i = at;
        boolean keeps = false;
        while (i < end && CLASS[bytes[i] & 0xff] == OPERATING) {
            if (i > at && i + 1 < end && (bytes[i] == '-' && bytes[i + 1] == '-' || bytes[i] == '/' && bytes[i + 1] == '*')) {
                break;
            }
            keeps |= KEEPS_ITS_SIGN.indexOf(bytes[i]) >= 0;
            i++;
        }
        int whole = i;
        while (!keeps && i > at + 1 && (bytes[i - 1] == '+' || bytes[i - 1] == '-')) {
            i--;
        }
        signsUntil = i < whole ? whole : at;
        at = i;
        return Token.OPERATOR;
    }

    private int mark(byte b) {
        if (b == '.') {
            if (digit(at + 1)) {
                at++;
                digits();
                exponent();
                return Token.NUMBER;
            }
            if (follows('.')) {
                at += 2;
                return Token.OPERATOR;
            }
        }
        at++;
        return Token.MARK;
    }

    private int colon() {
        at += follows(':') || follows('=') ? 2 : 1;
        return Token.OPERATOR;
    }

    private boolean follows(char c) {
        return at + 1 < end && bytes[at + 1] == c;
    }

    private static boolean inWord(byte b) {
        byte c = CLASS[b & 0xff];
        return c == LETTER || c == DIGIT || b == '$';
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int i = 0; i < 256; i++) {
            char c = (char) i;
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80) {
                classes[i] = LETTER;
            } else if (c >= '0' && c <= '9') {
                classes[i] = DIGIT;
            } else if (c == ' ' || c >= '\t' && c <= '\r') {
                classes[i] = BLANK;
            } else if ("~!@#^&|`?+-*/%<>=".indexOf(c) >= 0) {
                classes[i] = OPERATING;
            } else if ("()[],;.".indexOf(c) >= 0) {
                classes[i] = MARKING;
            }
        }
        return classes;
    }
}
