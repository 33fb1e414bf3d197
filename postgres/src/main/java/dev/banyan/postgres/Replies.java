package dev.banyan.postgres;

import java.util.Arrays;

/**
 * What a server connection still owes: one entry for each message sent to it that it answers, in order, and between them the answers that the
 * router gives itself when their turn comes. Owned by one IO loop.
 */
final class Replies {
    /** Which message was sent, and whose the answer is. */
    enum Kind {
        /** The client's simple query or function call: up to ReadyForQuery. */
        QUERY,
        /** The client's Sync: ReadyForQuery. */
        SYNC,
        /** The client's Parse. */
        PARSE,
        /** A Parse of the router's own: its ParseComplete is kept from the client. */
        HIDDEN_PARSE,
        /** A Parse that the connection did not need: the router says ParseComplete. */
        LOCAL_PARSE,
        BIND,
        DESCRIBE,
        EXECUTE,
        /** A Close of the client's that reached the server: a portal's. */
        CLOSE,
        /** A Close of the router's own. */
        HIDDEN_CLOSE,
        /** A Close of a statement: the router says CloseComplete. */
        LOCAL_CLOSE,
        /** A simple query of the router's own: kept from the client up to ReadyForQuery. */
        HIDDEN_QUERY,
        /** Asks the primary for its WAL position: kept from the client. */
        POSITION;

        /** ReadyForQuery ends it. */
        boolean endsReady() {
            return this == QUERY || this == SYNC || this == HIDDEN_QUERY || this == POSITION;
        }

        boolean hidden() {
            return this == HIDDEN_PARSE || this == HIDDEN_CLOSE || this == HIDDEN_QUERY || this == POSITION;
        }

        boolean local() {
            return this == LOCAL_PARSE || this == LOCAL_CLOSE;
        }
    }

    private Kind[] kinds = new Kind[16];
    private Named[] subjects = new Named[16];
    private int head;
    private int size;

    /** A statement under a client's name: what has to be taken back when its Parse fails. The name is null for one of the router's own. */
    record Named(Prepared prepared, ClientStatements.Name name) {}

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(Kind kind) {
        add(kind, null);
    }

    void add(Kind kind, Named subject) {
        if (size == kinds.length) {
            grow();
        }
        int at = head + size++ & kinds.length - 1;
        kinds[at] = kind;
        subjects[at] = subject;
    }

    /** The one whose answer is due; null when none is. */
    Kind head() {
        return size == 0 ? null : kinds[head];
    }

    /** What the head is about; null for most. */
    Named subject() {
        return subjects[head];
    }

    void pop() {
        subjects[head] = null;
        head = head + 1 & kinds.length - 1;
        size--;
    }

    /** What comes at {@code index} behind the head. */
    Kind at(int index) {
        return index < size ? kinds[head + index & kinds.length - 1] : null;
    }

    Named subjectAt(int index) {
        return subjects[head + index & kinds.length - 1];
    }

    /** Forgets the Syncs behind the head, which a server in copy-in mode reads and ignores (PostgreSQL's manual, 53.2.7). */
    void forgetSyncs() {
        int all = size;
        int firstAt = head;
        size = 0;
        for (int i = 0; i < all; i++) {
            int at = firstAt + i & kinds.length - 1;
            if (kinds[at] != Kind.SYNC) {
                add(kinds[at], subjects[at]);
            }
        }
    }

    /** How many ReadyForQuery the client waits for. */
    int readiesOwed() {
        int owed = 0;
        for (int i = 0; i < size; i++) {
            Kind kind = at(i);
            owed += kind == Kind.QUERY || kind == Kind.SYNC ? 1 : 0;
        }
        return owed;
    }

    void clear() {
        Arrays.fill(subjects, null);
        head = 0;
        size = 0;
    }

    private void grow() {
        Kind[] moreKinds = new Kind[2 * size];
        Named[] moreSubjects = new Named[2 * size];
        for (int i = 0; i < size; i++) {
            moreKinds[i] = at(i);
            moreSubjects[i] = subjectAt(i);
        }
        kinds = moreKinds;
        subjects = moreSubjects;
        head = 0;
    }
}
