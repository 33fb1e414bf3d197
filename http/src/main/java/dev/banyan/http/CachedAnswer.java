package dev.banyan.http;

import dev.banyan.http.cache.ContentReader;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Sends a client what the cache has, as fast as the client takes it and as it comes. Reused for one answer after the other. Owned by one IO
 * loop.
 */
final class CachedAnswer {
    /** Content is read in pieces of this size at most. */
    private static final int PIECE = 64 * 1024;
    /** Content up to this size travels in one buffer with its head. */
    private static final int INLINE = 8 * 1024;

    private final Lane lane;
    private final Transaction transaction;
    private final BodyWriter writer;
    private final Runnable wake = this::wake;
    private final Timer timer = new Timer();
    private ContentReader reader;
    private boolean sending;
    private long promised;
    private long sent;

    CachedAnswer(Lane lane, Transaction transaction) {
        this.lane = lane;
        this.transaction = transaction;
        this.writer = new BodyWriter(transaction);
    }

    /** The head that lies in the lane's buffer, and no content. */
    boolean headOnly(long now) {
        sent = 0;
        transaction.cacheBegins(now);
        answer(Unpooled.EMPTY_BUFFER, 0);
        transaction.cacheAnswered(0, now);
        return true;
    }

    /** Whether content of that length may be sent at once: what a client does not take would lie here. */
    boolean takes(int length) {
        return length <= INLINE || transaction.writable();
    }

    /** The head that lies in the lane's buffer, and all of the content in one buffer; takes it. */
    boolean whole(ByteBuf content, long now) {
        int length = content.readableBytes();
        transaction.cacheBegins(now);
        boolean together = length <= INLINE && transaction.takesWire();
        sent = length;
        answer(content, together ? length : 0);
        if (!together && length > 0) {
            writer.begin(true);
            writer.write(content);
        } else {
            content.release();
        }
        transaction.cacheAnswered(length, now);
        return true;
    }

    /**
     * The head that lies in the lane's buffer, and content while it comes.
     *
     * @param from taken
     * @param length as the head says it, -1 when it does not
     */
    boolean stream(ContentReader from, long length, long now) {
        reader = from;
        promised = length;
        sending = true;
        sent = 0;
        transaction.cacheBegins(now);
        answer(Unpooled.EMPTY_BUFFER, 0);
        writer.begin(length >= 0);
        lane.endAt(timer, now + lane.settings().bodyNanos);
        reader.onMore(wake);
        resume();
        return true;
    }

    /** @param inlined how many of the content's first bytes go with the head */
    private void answer(ByteBuf content, int inlined) {
        ByteBuf message = lane.alloc().directBuffer(lane.headBuffer.length() + inlined);
        lane.headBuffer.writeTo(message);
        int bodyFrom = message.writerIndex();
        message.writeBytes(content, content.readerIndex(), inlined);
        if (!transaction.sends(message)) {
            ResponseHead head = lane.response;
            head.read(lane.headBuffer.bytes(), 0, lane.headBuffer.length(), Integer.MAX_VALUE);
            transaction.answer(head, message, 0, bodyFrom, message.writerIndex(), false);
        }
        message.release();
    }

    private void wake() {
        lane.loop.execute(this::resume);
    }

    /** Goes on as far as the client takes it and content is there. */
    void resume() {
        boolean wrote = false;
        while (sending && transaction.writable()) {
            ByteBuf piece = reader.read(PIECE);
            if (piece == null) {
                break;
            }
            sent += piece.readableBytes();
            wrote = true;
            writer.write(piece);
        }
        if (!sending) {
            return; // the client went away while it was written to
        }
        if (wrote) {
            lane.endAt(timer, lane.now() + lane.settings().bodyNanos);
            transaction.flush();
        }
        if (sending && transaction.writable()) { // the flush may have made room, and what came of that have ended it
            finish();
        }
    }

    private void finish() {
        switch (reader.state()) {
            case MORE -> { }
            case ENDED -> {
                if (promised >= 0 && sent < promised) {
                    end();
                    transaction.cacheCut(sent, "the content is shorter than it was said to be");
                    return;
                }
                writer.end();
                end();
                transaction.cacheAnswered(sent, lane.now());
            }
            case FAILED -> {
                end();
                transaction.cacheCut(sent, "the content was cut");
            }
        }
    }

    /** Ends it where it is; nothing more is sent. */
    void end() {
        if (sending) {
            sending = false;
            lane.forget(timer);
            reader.close();
            reader = null;
        }
    }

    long sent() {
        return sent;
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            boolean clients = !transaction.writable();
            long bytes = sent;
            end();
            transaction.cacheCut(bytes, clients ? "the client stopped reading" : "the content stopped arriving");
        }
    }
}
