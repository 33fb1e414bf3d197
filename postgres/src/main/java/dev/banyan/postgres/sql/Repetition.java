package dev.banyan.postgres.sql;

/**
 * Finds lists whose length is of no interest: {@code IN (1, 2, 3)}, {@code ARRAY[1, 2]} and the rows of {@code VALUES (1, 'a'), (2, 'b')},
 * as far as they are made of literals and parameters. Told of each token, it answers what the taker is to do behind it.
 */
final class Repetition {
    static final int NOTHING = 0;
    /** Remember how far you came: what follows may be a repetition. */
    static final int REMEMBER = 1;
    /** Go back to where you were told to remember. */
    static final int GO_BACK = 2;

    private enum State {
        NONE,
        BEFORE_LIST,
        LIST_START,
        LIST_ITEM,
        LIST_COMMA,
        BEFORE_ROWS,
        ROW,
        ROW_END,
        ROW_COMMA
    }

    private State state = State.NONE;
    private boolean first;

    void begin() {
        state = State.NONE;
    }

    int after(int kind, byte[] bytes, int start, int stop) {
        if (kind == Token.WORD) {
            state = opening(bytes, start, stop);
            return NOTHING;
        }
        if (state == State.NONE) {
            return NOTHING;
        }
        byte b = bytes[start];
        if (Token.literal(kind)) {
            return literal();
        }
        boolean sign = kind == Token.OPERATOR && stop - start == 1 && (b == '-' || b == '+');
        if (sign && (state == State.ROW || state == State.LIST_START || state == State.LIST_COMMA)) {
            return NOTHING;
        }
        return kind == Token.MARK ? mark(b) : stopped();
    }

    private int literal() {
        switch (state) {
            case LIST_START:
                state = State.LIST_ITEM;
                return REMEMBER;
            case LIST_COMMA:
                state = State.LIST_ITEM;
                return GO_BACK;
            case ROW:
                return NOTHING;
            default:
                return stopped();
        }
    }

    private int mark(byte b) {
        state = switch (state) {
            case BEFORE_LIST -> b == '(' || b == '[' ? State.LIST_START : State.NONE;
            case LIST_ITEM -> b == ',' ? State.LIST_COMMA : State.NONE;
            case BEFORE_ROWS, ROW_COMMA -> b == '(' ? State.ROW : State.NONE;
            case ROW -> b == ',' ? State.ROW : b == ')' ? State.ROW_END : State.NONE;
            case ROW_END -> b == ',' ? State.ROW_COMMA : State.NONE;
            case NONE, LIST_START, LIST_COMMA -> State.NONE;
        };
        if (state != State.ROW_END) {
            return NOTHING;
        }
        int answer = first ? REMEMBER : GO_BACK;
        first = false;
        return answer;
    }

    private int stopped() {
        state = State.NONE;
        return NOTHING;
    }

    private State opening(byte[] bytes, int start, int stop) {
        switch (stop - start) {
            case 2:
                return is(bytes, start, "in") ? State.BEFORE_LIST : State.NONE;
            case 5:
                return is(bytes, start, "array") ? State.BEFORE_LIST : State.NONE;
            case 6:
                first = true;
                return is(bytes, start, "values") ? State.BEFORE_ROWS : State.NONE;
            default:
                return State.NONE;
        }
    }

    private static boolean is(byte[] bytes, int start, String word) {
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[start + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
