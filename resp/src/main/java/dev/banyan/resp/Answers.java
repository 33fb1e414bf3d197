package dev.banyan.resp;

import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;

/**
 * A client's answers, in the order of its commands: each command takes a ticket, and what comes before its turn is kept until then. Owned by
 * one IO loop.
 */
final class Answers {
    private static final int FIRST = 512;
    /** Pieces from here on are passed on as they lie instead of copied. */
    private static final int LARGE = 16 << 10;

    private final Channel channel;
    private final SpareBuffers spares;
    private ByteBuf out;
    /** The ticket whose answer is the next to go out. */
    private int next;
    private int issued;
    private ByteBuf[] early = new ByteBuf[8];
    private boolean[] whole = new boolean[8];
    private long keptBytes;
    /** Whether a part of the next answer has gone out. */
    private boolean begun;
    private ByteBuf aside;
    private Set<Integer> muted = Set.of();
    private boolean silent;
    private boolean ended;

    Answers(Channel channel, SpareBuffers spares) {
        this.channel = channel;
        this.spares = spares;
    }

    int ticket() {
        return issued++;
    }

    /** Commands that are not answered yet. */
    int unanswered() {
        return issued - next;
    }

    /** The answer of the next ticket goes nowhere. */
    void muteNext() {
        if (muted.isEmpty()) {
            muted = new HashSet<>();
        }
        muted.add(issued);
    }

    private ByteBuf to(int ticket) {
        if (ticket == next) {
            return out();
        }
        int at = slot(ticket);
        if (early[at] == null) {
            early[at] = channel.alloc().directBuffer(FIRST);
        }
        return early[at];
    }

    /** All of an answer: a string, or null for that there is none. */
    void value(int ticket, byte[] value, int protocol) {
        if (muted.isEmpty() || !muted.contains(ticket)) {
            ByteBuf out = to(ticket);
            int before = out.readableBytes();
            if (value == null) {
                ReplyWriter.nullBulk(out, protocol);
            } else {
                ReplyWriter.bulk(out, value);
            }
            if (ticket != next) {
                keptBytes += out.readableBytes() - before;
            }
        }
    }

    /** A piece of an answer, at the reader index of a buffer that stays its owner's. */
    void piece(int ticket, ByteBuf from, int length) {
        if (silent) {
            return;
        }
        if (!muted.isEmpty() && muted.contains(ticket)) {
            return;
        }
        begun |= ticket == next;
        if (ticket == next && length >= LARGE) {
            send();
            channel.write(from.retainedSlice(from.readerIndex(), length), channel.voidPromise());
        } else {
            to(ticket).writeBytes(from, from.readerIndex(), length);
            if (ticket != next) {
                keptBytes += length;
            }
        }
    }

    /** The answer of a ticket is whole. */
    void done(int ticket) {
        if (ticket != next) {
            int at = slot(ticket);
            whole[at] = true;
            return;
        }
        next++;
        begun = false;
        if (!muted.isEmpty()) {
            drop(ticket);
        }
        if (aside != null) {
            ByteBuf pushed = aside;
            aside = null; // it is the channel's now, which may say at once that the client has left
            add(pushed);
        }
        bringForward();
    }

    /** Whether a part of that answer is here or with the client: what follows must be the rest of it. */
    boolean hasBegun(int ticket) {
        if (ticket == next) {
            return begun;
        }
        int at = slot(ticket); // which may put a larger array in the place of this one
        return early[at] != null;
    }

    /** Whether answers before that one are still to come. */
    boolean isEarly(int ticket) {
        return ticket - next > 0;
    }

    /** What was kept for the one whose turn it is now goes out, and as many as are whole behind it. */
    private void bringForward() {
        while (next != issued) {
            int at = next & early.length - 1;
            ByteBuf part = early[at];
            if (part != null) {
                early[at] = null;
                keptBytes -= part.readableBytes();
                add(part);
            }
            if (!whole[at]) {
                begun = part != null;
                return;
            }
            whole[at] = false;
            if (!muted.isEmpty()) {
                drop(next);
            }
            next++;
        }
    }

    private void add(ByteBuf part) {
        if (part.readableBytes() >= LARGE) {
            send();
            channel.write(part, channel.voidPromise());
        } else {
            out().writeBytes(part);
            part.release();
        }
    }

    private void drop(int ticket) {
        muted.remove(ticket);
        if (muted.isEmpty()) {
            muted = Set.of();
        }
    }

    private ByteBuf out() {
        if (out == null) {
            out = spares.take(channel.alloc());
        }
        return out;
    }

    /** What does not belong to any command, a push: it goes out at once, or when the answer that has begun is whole. */
    void aside(ByteBuf from, int length) {
        if (begun && aside == null) {
            aside = channel.alloc().directBuffer(Math.max(FIRST, length));
        }
        (begun ? aside : out()).writeBytes(from, from.readerIndex(), length);
    }

    private int slot(int ticket) {
        int ahead = ticket - next;
        if (ahead >= early.length) {
            grow(ahead);
        }
        return ticket & early.length - 1;
    }

    private void grow(int ahead) {
        int length = Integer.highestOneBit(ahead) * 2;
        ByteBuf[] more = new ByteBuf[length];
        boolean[] moreWhole = new boolean[length];
        for (int i = 0; i < early.length; i++) {
            int ticket = next + i;
            more[ticket & length - 1] = early[ticket & early.length - 1];
            moreWhole[ticket & length - 1] = whole[ticket & early.length - 1];
        }
        early = more;
        whole = moreWhole;
    }

    /** Bytes that wait here or in the channel for the client to take them, or for answers before them. */
    long unread() {
        return ready() + keptBytes + (aside == null ? 0 : aside.readableBytes());
    }

    /** Those of them that wait for nothing but the client. */
    long ready() {
        long inChannel = channel.unsafe().outboundBuffer() == null ? 0 : channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        return inChannel + (out == null ? 0 : out.readableBytes());
    }

    /** Hands what is ready to the channel, which is to be flushed. */
    void send() {
        if (out != null) {
            ByteBuf ready = out;
            out = null;
            channel.write(ready, channel.voidPromise());
        }
    }

    /** Sends what is ready. */
    void flush() {
        if (out == null) {
            channel.flush();
            return;
        }
        ByteBuf ready = out;
        out = null;
        channel.write(ready.retain(), channel.voidPromise());
        channel.flush();
        spares.giveBack(ready);
    }

    /** Nobody hears any more; answers are only counted. */
    void silence() {
        silent = true;
        release();
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        release();
    }

    private void release() {
        if (out != null) {
            out.release();
            out = null;
        }
        if (aside != null) {
            aside.release();
            aside = null;
        }
        for (int i = 0; i < early.length; i++) {
            if (early[i] != null) {
                early[i].release();
                early[i] = null;
            }
        }
        keptBytes = 0;
    }
}
