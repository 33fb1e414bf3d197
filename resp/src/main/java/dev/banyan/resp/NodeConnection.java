package dev.banyan.resp;

import dev.banyan.resp.wire.ProtocolFault;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyReader;
import dev.banyan.resp.wire.ReplyScanner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * A connection to a node: commands go out as they come, answers come back in the same order, each to who asked. Shared by all sessions of its
 * loop, or lent to one. Owned by one IO loop.
 */
final class NodeConnection extends ChannelInboundHandlerAdapter {
    private static final int FIRST = 4096;
    /** Commands from here on are passed on as they lie instead of copied. */
    private static final int LARGE = 16 << 10;
    /** Of an answer that is not whole yet, this much is waited for before it is passed on in pieces. */
    private static final int PIECE = 16 << 10;
    private static final int LONGEST_PUSH = 1 << 20;
    /** A script can answer with tables in each other as deep as Lua's stack lets it (LUAI_MAXCSTACK, 8,000). */
    private static final int DEPTH = 10_000;

    /** What happens to a connection beside its answers. */
    interface Owner {
        /** It can carry commands. */
        void ready(NodeConnection connection);

        /** It is no more; each who waits is told next. */
        void lost(NodeConnection connection, String why);

        /** Something that nobody asked for: an invalidation, a message. The piece lies at the reader index. */
        void push(NodeConnection connection, ByteBuf from, int length);

        /** Whether what comes unasked and is no push is for it too: what MONITOR shows. */
        default boolean hearsAll() {
            return false;
        }

        /** Who reads what is pushed, and may take too little; null for one who never does. */
        default Recipient reader() {
            return null;
        }

        /** Answers pile up for someone who does not take them: others should go another way. */
        void stalled(NodeConnection connection);
    }

    private final Node node;
    private final RouterLoop loop;
    private Owner owner;
    private final ReplyScanner scanner = new ReplyScanner(DEPTH);
    private final Pending pending = new Pending();
    private final ArrayDeque<Runnable> uncongested = new ArrayDeque<>();
    private Channel channel;
    private ByteBuf out;
    private ByteBuf in;
    private boolean ready;
    private boolean dead;
    private boolean dirty;
    private Recipient stalledBy;
    private long stalledSince;
    private long progressAt;
    private String trouble = "";
    private String told = "";
    private boolean patient;
    private long seenUpAt;

    NodeConnection(Node node, RouterLoop loop, Owner owner) {
        this.node = node;
        this.loop = loop;
        this.owner = owner;
        this.progressAt = loop.nanos();
        this.seenUpAt = progressAt;
    }

    /** Someone else uses it from now on. */
    void ownedBy(Owner other) {
        owner = other;
        patient = false;
    }

    /** Its user asks what may take any time. */
    void patient(boolean is) {
        patient = is;
        progressAt = loop.nanos();
    }

    Node node() {
        return node;
    }

    boolean isReady() {
        return ready;
    }

    boolean isDead() {
        return dead;
    }

    /** Answers that are still to come. */
    int owed() {
        return pending.size();
    }

    /** The socket is there; it greets first. */
    void connected(Channel socket) {
        channel = socket;
        if (dead) {
            socket.close();
        }
    }

    /** The node has let it in. */
    void welcomed() {
        ready = true;
        owner.ready(this);
    }

    // ---- Asking ----

    /** A command that lies in a client's buffer, which stays the client's. */
    void ask(ByteBuf from, int start, int length, Recipient recipient, long note) {
        expect(recipient, note);
        pass(from, start, length);
    }

    /** A piece of a command whose answer is expected already, or will be. */
    void pass(ByteBuf from, int start, int length) {
        if (dead) {
            return;
        }
        if (length >= LARGE && channel != null && channel.isActive()) {
            send();
            channel.write(from.retainedSlice(start, length), channel.voidPromise());
        } else {
            out().writeBytes(from, start, length);
        }
        markDirty();
    }

    /** Where to write a command of the router's own; {@link #expect} first. */
    ByteBuf out() {
        if (dead) {
            return loop.writing();
        }
        if (out == null) {
            out = loop.alloc().directBuffer(FIRST);
        }
        markDirty();
        return out;
    }

    void expect(Recipient recipient, long note) {
        if (pending.isEmpty()) {
            progressAt = loop.turnNanos();
        }
        if (dead) {
            recipient.lost(note, told);
            return;
        }
        pending.add(recipient, note);
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }

    /** Hands what was asked to the socket. */
    void flush() {
        dirty = false;
        if (channel != null && channel.isActive() && !dead) {
            send();
            channel.flush();
        }
    }

    private void send() {
        if (out != null && out.isReadable()) {
            ByteBuf ready = out;
            out = null;
            channel.write(ready, channel.voidPromise());
        }
    }

    /** Whether it has more to send than the node takes. */
    boolean isCongested() {
        return channel != null && channel.isActive() ? !channel.isWritable() : out != null && out.readableBytes() > loop.congestion();
    }

    /** Is run once when it is not congested any more, or is lost. */
    void whenUncongested(Runnable task) {
        uncongested.add(task);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            tellUncongested();
        }
    }

    private void tellUncongested() {
        for (Runnable task = uncongested.poll(); task != null; task = uncongested.poll()) {
            task.run();
        }
    }

    // ---- Answers ----

    @Override
    public void channelActive(ChannelHandlerContext context) {
        flush();
        if (!isCongested()) {
            tellUncongested();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (dead) {
            more.release();
            return;
        }
        in = Arrived.behind(in, more, loop.alloc());
        deliver();
    }

    private void deliver() {
        try {
            while (stalledBy == null && in != null && in.isReadable() && next()) {}
        } catch (ProtocolFault fault) {
            end("it does not speak the Redis protocol: " + fault.getMessage());
        }
        if (in != null && !in.isReadable()) {
            in.release();
            in = null;
        }
    }

    /** Delivers one answer or a piece of it; false when more bytes are needed. */
    private boolean next() {
        boolean whole = scanner.scan(in);
        int length = scanner.length();
        if (scanner.push() || pending.isEmpty() && owner.hearsAll()) {
            return push(whole, length);
        }
        if (!whole && length < PIECE) {
            return false;
        }
        if (pending.isEmpty()) {
            throw new ProtocolFault("an answer that nobody asked for");
        }
        progressAt = loop.turnNanos();
        Recipient recipient = pending.recipient();
        long note = pending.note();
        if (whole) {
            pending.remove();
        }
        ByteBuf lying = in;
        recipient.answer(note, lying, length, whole);
        if (dead) {
            return false;
        }
        take(whole, length);
        boolean over = whole && pending.isEmpty(); // nothing more comes for it, and the connection may be another's by the time it can take more
        if (!over && recipient.isFull(this) && !dead) {
            stall(recipient);
        }
        return !dead && (whole || in.isReadable());
    }

    private boolean push(boolean whole, int length) {
        if (!whole) {
            if (length > LONGEST_PUSH && owner.reader() == null) {
                throw new ProtocolFault("a push of more than " + LONGEST_PUSH + " bytes");
            }
            return false;
        }
        owner.push(this, in, length);
        if (!dead) {
            take(true, length);
            if (owner.reader() != null && owner.reader().isFull(this) && !dead) {
                stall(owner.reader());
            }
        }
        return !dead;
    }

    private void take(boolean whole, int length) {
        in.skipBytes(length);
        if (!whole) {
            scanner.taken(length);
        }
    }

    // ---- Someone who takes nothing ----

    private void stall(Recipient recipient) {
        stalledBy = recipient;
        stalledSince = loop.nanos();
        channel.config().setAutoRead(false);
        owner.stalled(this);
    }

    /** The one who could take no more can again. */
    void resume() {
        if (stalledBy != null && !dead) {
            stalledBy = null;
            progressAt = loop.nanos();
            channel.config().setAutoRead(true);
            deliver();
        }
    }

    /**
     * Looks after time: a node that does not answer, a client that does not take.
     *
     * @param answerNanos how long the node may say nothing while it is asked
     * @param alone how long someone may hold up nobody but himself
     * @param others how long someone may hold up others
     */
    void look(long now, long answerNanos, long alone, long others) {
        if (loop.isUp(node)) {
            seenUpAt = now;
        } else if (now - seenUpAt > answerNanos) { // who waits for what may take any time would wait for ever
            end("it has been down for " + answerNanos / 1_000_000 + " ms");
        }
        if (stalledBy != null) {
            long limit = pending.othersThan(stalledBy) || !pending.isEmpty() && pending.recipient() != stalledBy ? others : alone;
            if (now - stalledSince > limit) {
                stalledBy.tooSlow();
            }
        } else if (!patient && !pending.isEmpty() && now - progressAt > answerNanos) {
            end("it has not answered for " + answerNanos / 1_000_000 + " ms (cache.router.timeouts.answer)");
        }
    }

    // ---- The end ----

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(trouble.isEmpty() ? "it has closed the connection" : trouble);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        trouble = String.valueOf(cause.getMessage());
        if (!(cause instanceof IOException)) {
            loop.fault(cause);
        }
        end(trouble);
    }

    /** Ends it; everyone who waits is told, after its owner, so that nobody asks it again. Does nothing the second time. */
    void end(String why) {
        if (dead) {
            return;
        }
        dead = true;
        ready = false;
        if (channel != null) {
            channel.close();
        }
        release();
        told = "cache node " + node.name() + " (" + node.address() + "): " + why;
        owner.lost(this, why);
        while (!pending.isEmpty()) {
            Recipient recipient = pending.recipient();
            long note = pending.note();
            pending.remove();
            tell(recipient, note);
        }
        tellUncongested();
    }

    /** A fault in one who waits must not keep the news from the others. */
    private void tell(Recipient recipient, long note) {
        try {
            recipient.lost(note, told);
        } catch (RuntimeException fault) {
            loop.fault(fault);
        }
    }

    private void release() {
        if (out != null) {
            out.release();
            out = null;
        }
        ByteBuf left = in;
        in = null;
        if (left != null) {
            left.release();
        }
    }

    /** Reads the whole value of an answer that lies in a buffer, without moving it. */
    static Reply read(ByteBuf from, int length) {
        return ReplyReader.read(from.slice(from.readerIndex(), length));
    }
}
