package dev.banyan.postgres.sql;

import java.util.Arrays;

/** What is known of each open parenthesis of a statement, as bits; kept on a stack of bounded depth instead of by recursion. */
final class Levels {
    /** A SELECT began here. */
    static final int SELECT = 1;
    /** In the table list behind FROM. */
    static final int FROM = 2;
    /** In a join's condition. */
    static final int ON = 4;
    /** In the list of WITH, before the statement that it is for. */
    static final int WITH = 8;
    /** Behind GROUP BY. */
    static final int GROUP = 16;
    /** The parenthesis is part of an operator or of DISTINCT ON: what follows it is an expression, not an alias. */
    static final int LEADS_ON = 32;
    /** The parenthesis of age(), which with one argument counts from today. */
    static final int AGE = 64;
    /** The parenthesis of JSON_TABLE. */
    static final int JSON_TABLE = 128;

    /** Of the stack; what lies deeper is counted only, and proves nothing. */
    static final int DEEPEST = 1_000;

    private int[] bits = new int[16];
    private int depth;

    int depth() {
        return depth;
    }

    boolean tooDeep() {
        return depth >= DEEPEST;
    }

    boolean has(int bit) {
        return !tooDeep() && (bits[depth] & bit) != 0;
    }

    void set(int bit) {
        if (!tooDeep()) {
            bits[depth] |= bit;
        }
    }

    void clear(int mask) {
        if (!tooDeep()) {
            bits[depth] &= ~mask;
        }
    }

    void open(int with) {
        depth++;
        if (!tooDeep()) {
            if (depth == bits.length) {
                bits = Arrays.copyOf(bits, depth * 2);
            }
            bits[depth] = with;
        }
    }

    /** Ends the innermost and returns its bits. */
    int close() {
        int closed = tooDeep() ? 0 : bits[depth];
        depth--;
        return closed;
    }
}
