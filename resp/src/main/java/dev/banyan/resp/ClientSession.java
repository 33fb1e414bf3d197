package dev.banyan.resp;

import dev.banyan.resp.wire.CommandScanner;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's connection: reads its commands, lets {@link Dispatch} send each where it belongs, and writes the answers in their order. Owned by
 * one IO loop.
 *
 * <p>Commands that go to the shared connections follow each other without waiting. All others wait until the ones before are answered
 * ({@link #isIdle}) and hold those behind them ({@link #hold}), so that a client always sees the effects in its own order.
 */
final class ClientSession extends ChannelInboundHandlerAdapter implements Recipient {
    /** So many commands may be under way at first; with each answer one more. */
    private static final int FIRST_WINDOW = 16;
    /** What the answers that a client waits for may come to, by the mean of those it had. */
    private static final int WINDOW = 4 << 20;
    private static final int USUAL_ANSWER = 1 << 10;
    /** A command of which more than this is missing is passed on as it comes. */
    private static final int LARGE_COMMAND = 64 << 10;
    /** What is kept behind a command that waits by itself, as Redis's client-query-buffer-limit (1 GiB there). */
    private static final int MOST_BEHIND_A_WAIT = 64 << 20;
    /** As Redis's PROTO_INLINE_MAX_SIZE. */
    private static final int LONGEST_INLINE = 64 << 10;

    private final Channel channel;
    private final RouterLoop loop;
    private final Answers answers;
    private final CommandScanner scanner;
    private final SessionState state;
    private final Dispatch dispatch;
    private final int unreadLimit;
    private final int pipeline;
    private int window;
    private final List<NodeConnection> stalled = new ArrayList<>(2);
    private ByteBuf in;
    private LargeCommand large;
    private boolean held;
    private boolean awaitsIdle;
    private boolean awaitsRoom;
    private boolean dirty;
    private boolean running;
    private boolean closed;
    private boolean closing;
    private boolean gone;
    private boolean reading = true;
    private int lastTicket;
    private int writing;
    private long answerBytes;
    private int meanAnswer = USUAL_ANSWER;
    private long heardAt;
    private long owedSince;

    ClientSession(Channel channel, RouterLoop loop, long id) {
        this.channel = channel;
        this.loop = loop;
        this.answers = new Answers(channel, loop.spares());
        var limits = loop.router().settings().limits();
        this.scanner = new CommandScanner(CommandScanner.Caps.UNAUTHENTICATED);
        this.state = new SessionState(id, loop);
        this.dispatch = new Dispatch(this, loop, state);
        this.unreadLimit = (int) limits.unread().bytes();
        this.pipeline = limits.pipeline();
        this.window = Math.min(FIRST_WINDOW, pipeline);
        this.heardAt = loop.nanos();
        this.owedSince = heardAt;
        authenticated(state.authenticated());
    }

    /** Whoever has not logged in may send only what logging in takes. */
    private void authenticated(boolean is) {
        var limits = loop.router().settings().limits();
        scanner.caps(is ? new CommandScanner.Caps((int) limits.value().bytes(), limits.arguments(), LONGEST_INLINE) : CommandScanner.Caps.UNAUTHENTICATED);
    }

    Channel channel() {
        return channel;
    }

    SessionState state() {
        return state;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    /** The lent connection has done what it was lent for. */
    void leaseOver(OnLease lease) {
        dispatch.leaseOver(lease);
        release();
    }

    /** Answers a GET with a value of the router's own. */
    void answerValue(byte[] value) {
        int ticket = answers.ticket();
        answers.value(ticket, value == NearCache.NO_SUCH_KEY ? null : value, state.protocol());
        done(ticket);
    }

    Answers answers() {
        return answers;
    }

    /** Nanoseconds since it said something. */
    long silence() {
        return loop.nanos() - heardAt;
    }

    // ---- Reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (closed || closing) {
            more.release();
            return;
        }
        heardAt = loop.turnNanos();
        in = Arrived.behind(in, more, loop.alloc());
        run();
    }

    /** Reads and dispatches what lies there, as far as it may go now. */
    void run() {
        if (running || closed) {
            return;
        }
        running = true;
        try {
            while (canGoOn() && step()) {}
        } finally {
            running = false;
        }
        if (closed) {
            return;
        }
        if (in != null && !in.isReadable()) {
            in.release();
            in = null;
        }
        if (gone && !waits() && isIdle()) {
            end("it has left");
            return;
        }
        readOn(in == null ? 0 : in.readableBytes());
    }

    /** What a client sends on while it has to wait stays with it. Where that may be for ever it is read all the same: behind it stands whether it has left. */
    private void readOn(int behind) {
        if (!dispatch.isBlocked()) {
            read(!waits() || behind < LARGE_COMMAND);
        } else if (behind > MOST_BEHIND_A_WAIT) {
            end("it sent more than " + MOST_BEHIND_A_WAIT + " bytes behind a command that waits");
        } else {
            read(true);
        }
    }

    /** A command that is passed on in pieces holds those behind it, not itself. */
    private boolean waits() {
        return awaitsRoom || large == null && (held || awaitsIdle);
    }

    private void read(boolean on) {
        if (reading != on) {
            reading = on;
            channel.config().setAutoRead(on);
        }
    }

    private boolean canGoOn() {
        return !waits() && !closed && !closing && in != null && in.isReadable();
    }

    /** Goes one command further; false when there is nothing further to do now. */
    private boolean step() {
        if (large != null) {
            return large.more(in);
        }
        if (!hasRoom()) {
            awaitsRoom = true;
            return false;
        }
        return switch (scanner.next(in)) {
            case COMMAND -> command();
            case MORE -> more();
            case INVALID -> {
                invalid(scanner.problem());
                yield false;
            }
        };
    }

    private boolean command() {
        int end = scanner.end();
        boolean known = state.authenticated();
        boolean done = scanner.inline() ? inline(scanner.inlineArguments()) : dispatch.command(in, scanner);
        if (!done) {
            awaitsIdle = true;
            return false;
        }
        if (!closed) {
            in.readerIndex(end);
            if (known != state.authenticated()) {
                authenticated(state.authenticated());
            }
        }
        return true;
    }

    private boolean inline(byte[][] arguments) {
        ByteBuf written = loop.alloc().directBuffer(256);
        try {
            ReplyWriter.command(written, arguments);
            CommandScanner again = new CommandScanner(new CommandScanner.Caps(LONGEST_INLINE, LONGEST_INLINE, LONGEST_INLINE));
            again.next(written);
            return dispatch.command(written, again);
        } finally {
            written.release();
        }
    }

    private boolean more() {
        if (!gone && scanner.missing() > LARGE_COMMAND && scanner.known() > 0 && in.readableBytes() > 1024) {
            if (!isIdle()) {
                awaitsIdle = true;
                return false;
            }
            large = dispatch.large(in, scanner);
            return large != null && large.more(in);
        }
        return false;
    }

    /** The command that came in pieces is whole, or was given up. */
    void largeDone() {
        large = null;
    }

    private void invalid(String problem) {
        answer(Reply.failure("ERR " + problem));
        closing = true;
        if (answers.unanswered() == 0) {
            closeWhenSent();
        }
    }

    private boolean hasRoom() {
        return gone ? answers.unanswered() < window : answers.unanswered() < Math.clamp(WINDOW / Math.max(64, meanAnswer), 1, window) && channel.isWritable() && answers.unread() <= unreadLimit;
    }

    /** Whether everything before is answered. */
    boolean isIdle() {
        return answers.unanswered() == 0;
    }

    /** Nothing further is dispatched until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        wake();
    }

    /** The node's connection takes no more: nothing further until it does. */
    void awaitRoom(NodeConnection congested) {
        awaitsRoom = true;
        congested.whenUncongested(() -> {
            awaitsRoom = false;
            wake();
        });
    }

    private void wake() {
        if (!running && !closed) {
            loop.runLater(this);
        }
    }

    // ---- Answers ----

    /** Answers the command that is being dispatched. */
    void answer(Reply reply) {
        answer(answers.ticket(), reply);
    }

    /** Answers an earlier one. */
    void answer(int ticket, Reply reply) {
        if (closed) {
            return;
        }
        ByteBuf written = loop.writing();
        ReplyWriter.write(reply, state.protocol(), written);
        answers.piece(ticket, written, written.readableBytes());
        done(ticket);
    }

    /** What belongs to no command: a message of a subscription. */
    void push(ByteBuf from, int length) {
        if (!closed && !gone) {
            answers.aside(from, length);
            markDirty();
        }
    }

    /** The same, of the router's own. */
    void push(Reply reply) {
        if (!closed) {
            ByteBuf written = loop.writing();
            ReplyWriter.write(reply, state.protocol(), written);
            push(written, written.readableBytes());
        }
    }

    /** Another client's keys are void, and it wishes this one to be told (CLIENT TRACKING ON REDIRECT). As Redis does, tracking.c. */
    void invalidated(Reply keys) {
        if (state.protocol() == 3) {
            push(new Reply.Push(List.of(Reply.bulk(Pinned.INVALIDATE), keys)));
        } else if (dispatch.isSubscribed()) {
            push(new Reply.Array(List.of(Reply.bulk("message"), Reply.bulk("__redis__:invalidate"), keys)));
        }
    }

    @Override
    public void answer(long note, ByteBuf from, int length, boolean last) {
        if (last) {
            written(note);
        }
        if (closed) {
            return;
        }
        int ticket = Note.ticket(note);
        lastTicket = ticket;
        answers.piece(ticket, from, length);
        answerBytes += length;
        if (!last) {
            if (answerBytes > unreadLimit) {
                flush();
            }
            markDirty();
            return;
        }
        meanAnswer += (int) Math.min(answerBytes - meanAnswer, Integer.MAX_VALUE) >> 3;
        answerBytes = 0;
        if (window < pipeline) {
            window++;
        }
        done(ticket);
    }

    /** A command that may write is being sent: what to remember of it. */
    long writing(long note, int stripe) {
        writing++;
        return Note.writing(note, stripe);
    }

    /** Whether something that it wrote is not answered yet: a copy from elsewhere may be of before. */
    boolean isWriting() {
        return writing > 0;
    }

    /** A command is answered, or never will be. */
    void written(long note) {
        int stripe = Note.stripe(note);
        if (stripe >= 0) {
            writing--;
            loop.written(stripe);
        }
    }

    @Override
    public void lost(long note, String why) {
        written(note);
        if (closed) {
            return;
        }
        int ticket = Note.ticket(note);
        if (answers.hasBegun(ticket)) {
            end("the answer broke off: " + why);
            return;
        }
        answerDown(ticket, note, why);
    }

    /** The node of a command's keys cannot be asked. */
    void answerDown(int ticket, long note, String why) {
        Reply miss = loop.router().missesWhenDown() ? Misses.of(Note.miss(note), Note.count(note)) : null;
        if (miss == null) {
            loop.figures().failed++;
            answer(ticket, Reply.failure("NODEDOWN " + why));
        } else {
            loop.figures().missed++;
            answer(ticket, miss);
        }
    }

    private void done(int ticket) {
        answers.done(ticket);
        markDirty();
        if (awaitsIdle && answers.unanswered() == 0) {
            awaitsIdle = false;
            wake();
        } else if (awaitsRoom && hasRoom()) {
            awaitsRoom = false;
            wake();
        }
        if (!stalled.isEmpty() && channel.isWritable() && answers.ready() <= unreadLimit) {
            resumeStalled();
        }
        if (closing && answers.unanswered() == 0) {
            closeWhenSent();
        }
        if (gone && answers.unanswered() == 0) {
            wake();
        }
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }

    void flush() {
        dirty = false;
        if (closed) {
            return;
        }
        answers.flush();
        if (awaitsRoom && hasRoom()) {
            awaitsRoom = false;
            wake();
        }
    }

    // ---- A client that takes too little ----

    /** Answers that are kept for those before them never stop these: it would wait for ever. */
    @Override
    public boolean isFull(NodeConnection connection) {
        if (closed || gone || answers.unread() <= unreadLimit) {
            return false;
        }
        flush();
        if (closed || gone) { // sending has told that it has left: nobody would ever resume the connection
            return false;
        }
        boolean full = !channel.isWritable() || answers.ready() > unreadLimit || answers.unread() > unreadLimit && answers.isEarly(lastTicket);
        if (full) {
            stalled.add(connection);
        }
        return full;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !closed) {
            resumeStalled();
            if (awaitsRoom && hasRoom()) {
                awaitsRoom = false;
                wake();
            }
        }
    }

    private void resumeStalled() {
        List<NodeConnection> waiting = List.copyOf(stalled);
        stalled.clear();
        waiting.forEach(NodeConnection::resume);
    }

    @Override
    public void tooSlow() {
        end("it does not take its answers");
    }

    // ---- Time, and the end ----

    /** What it asks from now on must not overtake what another node is still asked, or sends elsewhere. */
    void layoutChanged() {
        awaitsIdle |= !isIdle();
        dispatch.layoutChanged();
    }

    void look(long now, long idleNanos, long unreadNanos) {
        if (idleNanos > 0 && isIdle() && !held && !dispatch.isListening() && now - heardAt > idleNanos) {
            end("it was silent for too long");
        }
        if (channel.isWritable()) {
            owedSince = now;
        } else if (now - owedSince > unreadNanos) {
            tooSlow();
        }
    }

    /** Says good bye once all is answered and sent. */
    void closeWhenAnswered() {
        closing = true;
        if (isIdle()) {
            closeWhenSent();
        }
    }

    private void closeWhenSent() {
        if (!closed) {
            answers.send();
            channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave();
    }

    /** What it had sent before it left is still done, as Redis does it, but nothing that waits. */
    private void leave() {
        if (closed || closing || in == null || large != null || dispatch.isListening() || dispatch.isWaiting()) {
            end("it has left");
        } else if (!gone) {
            gone = true;
            awaitsRoom = false; // nothing waits for it to take its answers any more
            answers.silence();
            resumeStalled();
            wake();
        }
    }

    boolean isGone() {
        return gone;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            leave();
        } else {
            loop.fault(cause);
            end(String.valueOf(cause.getMessage()));
        }
    }

    /** Ends it at once. What it was owed goes nowhere. Does nothing the second time. */
    void end(String why) {
        if (closed) {
            return;
        }
        closed = true;
        channel.close();
        if (in != null) {
            in.release();
            in = null;
        }
        if (large != null) {
            large.giveUp(why);
            large = null;
        }
        dispatch.end();
        answers.end();
        resumeStalled();
        loop.left(this);
    }

    boolean isClosed() {
        return closed;
    }
}
