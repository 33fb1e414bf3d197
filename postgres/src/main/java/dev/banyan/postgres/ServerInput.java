package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;

/**
 * Finds where a server's messages begin and end in the bytes that come, and forwards the stretches between what is taken out of them. No message
 * is an object; one that is needed whole is waited for, and a large one passes in pieces. Owned by the connection's loop.
 */
final class ServerInput {
    static final int HEADER = 5;
    /** The longest message that is read whole: an error, a setting, a command's tag, a WAL position. */
    private static final int MOST_WHOLE = 1 << 20;
    /** The longest message of which no part passes before the rest is there. */
    private static final int MOST_KEPT = 16 << 10;
    /** How much of a longer error must be there: its severity and state come first. */
    private static final int ERROR_BEGINNING = 4 << 10;
    private static final boolean[] KNOWN = new boolean[128];

    static {
        for (char type : "123ACDEGHINSTVWZcdnst".toCharArray()) {
            KNOWN[type] = true;
        }
    }

    private final ServerConnection connection;
    private final ServerAnswers answers;
    private final Replies replies;
    /** The beginning of a message whose rest has not come. */
    private ByteBuf partial;
    /** Bytes that are still to come of a message whose beginning has passed. */
    private int passing;
    private boolean passingHidden;

    ServerInput(ServerConnection connection, ServerAnswers answers, Replies replies) {
        this.connection = connection;
        this.answers = answers;
        this.replies = replies;
    }

    /** More has come; the caller's to release. */
    void read(ByteBuf in) {
        if (partial == null || complete(in)) {
            walk(in);
        }
    }

    /** The client has seen a part of a message whose rest has not come. */
    boolean isInMessage() {
        return passing > 0 && !passingHidden;
    }

    void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    /** Adds what comes to the message whose beginning is kept, and looks at that once it is there. Returns whether it is. */
    private boolean complete(ByteBuf in) {
        fill(HEADER, in);
        if (partial.readableBytes() < HEADER) {
            return false;
        }
        int needed = needed(partial.getByte(partial.readerIndex()), partial.getInt(partial.readerIndex() + 1));
        if (needed <= MOST_WHOLE + 1) {
            fill(needed, in);
            if (partial.readableBytes() < needed) {
                return false;
            }
        }
        ByteBuf first = partial;
        partial = null;
        try {
            walk(first);
        } finally {
            first.release();
        }
        return !connection.isBroken();
    }

    private void fill(int upTo, ByteBuf in) {
        int bytes = Math.min(upTo - partial.readableBytes(), in.readableBytes());
        if (bytes > 0) {
            partial.writeBytes(in, bytes);
        }
    }

    /** Looks at each message's header; {@code from} is where what was not forwarded yet begins, {@code at} where the next message does. */
    private void walk(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        int from = at;
        if (passing > 0) {
            int now = Math.min(passing, end - at);
            passing -= now;
            at += now;
            from = passingHidden ? at : from;
        }
        while (end - at >= HEADER) {
            byte type = in.getByte(at);
            int length = in.getInt(at + 1);
            if (isNone(type, length)) {
                answers.forward(in, from, at);
                connection.violated(type, length);
                return;
            }
            if (end - at < needed(type, length)) {
                break;
            }
            long next = at + 1L + length;
            int seen = (int) Math.min(next, end);
            if (type == 'Z') {
                answers.ready(in, from, at, seen);
                from = seen;
                if (connection.isBroken()) {
                    return;
                }
            } else {
                boolean hide = answers.see(type, in, at + HEADER, seen);
                if (hide) {
                    answers.forward(in, from, at);
                    from = seen;
                }
                if (next > end) {
                    passing = (int) (next - end);
                    passingHidden = hide;
                }
            }
            at = seen;
            if (passing == 0 && !replies.isEmpty() && replies.head().local()) {
                answers.forward(in, from, at);
                from = at;
                answers.answerDue();
            }
        }
        answers.forward(in, from, at);
        if (at < end && !connection.isBroken()) {
            partial = connection.channel().alloc().directBuffer(Math.max(256, end - at)).writeBytes(in, at, end - at);
        }
    }

    /** Whether there is no such message, or none of that length. */
    private boolean isNone(byte type, int length) {
        return type < 0 || !KNOWN[type] || length < 4 || type == 'Z' && length != 5 || length > MOST_WHOLE && isReadWhole(type);
    }

    /** What has to lie in one piece: what is kept, and what decides. */
    private boolean isReadWhole(byte type) {
        return type == 'Z' || type == 'C' || type == 'S' || type == 'D' && OwnQuestions.are(replies.head());
    }

    /**
     * How much of a message must be there before it is looked at and passes. Short ones pass whole, so that a lost connection leaves no client
     * in the middle of one; an error, which may quote any value, says in its beginning what it is.
     */
    private int needed(byte type, int length) {
        if (length >= 4 && (length < MOST_KEPT || isReadWhole(type))) {
            return 1 + length;
        }
        return type == 'E' ? ERROR_BEGINNING : HEADER;
    }
}
