package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.wire.Fields;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.ServerWelcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A connection to a PostgreSQL server, lent to one session at a time. It finds where the server's messages begin and end, takes out the answers
 * to what the router asked for itself, puts in those that the router gives, and forwards everything else as it came: no message is an object,
 * and a large one passes in pieces. Owned by one IO loop, which changes only while nobody has it.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements ServerPool.Connection {
    /** The longest message that is read whole: an error, a setting, a command's tag, a WAL position. */
    private static final int MOST_WHOLE = 1 << 20;
    private static final int HEADER = 5;
    /** The longest message of which no part passes before the rest is there. */
    private static final int MOST_KEPT = 16 << 10;
    /** Bytes from which on a message is not copied beside others. */
    private static final int LARGE = 4 << 10;
    private static final boolean[] KNOWN = new boolean[128];

    static {
        for (char type : "123ACDEGHINSTVWZcdnst".toCharArray()) {
            KNOWN[type] = true;
        }
    }

    private final Channel channel;
    private final Member member;
    private final ServerWelcome welcome;
    private final Map<String, String> parameters;
    private final Replies replies = new Replies();
    private final KeptStatements statements;
    private final Generations generations;
    private final Consumer<Throwable> faults;
    private final int defaults;
    private final Clock clock;
    private final long openedNanos;

    private ServerPool<ServerConnection> pool;
    private ClientSession session;
    private SessionSettings settings = SessionSettings.NONE;
    private Prepared unnamed;
    private byte status = 'I';
    private int schema;
    private boolean broken;
    private int cancels;
    private boolean waitsForCancels;

    private ByteBuf out;
    private ByteBuf partial;
    private int passing;
    private boolean passingHidden;
    /** The rest of a failed try is kept from the client, up to ReadyForQuery. */
    private boolean hidingTry;
    private PostgresError hiddenError;
    private PostgresError lastWords;
    private long position;
    private String answer = "";
    private Consumer<PostgresError> whenHiddenDone;
    private Runnable whenLost;

    ServerConnection(Channel channel, Member member, ServerWelcome welcome, ServerPool<ServerConnection> pool, int mostStatements, Generations generations, Consumer<Throwable> faults, Clock clock) {
        this.channel = channel;
        this.member = member;
        this.welcome = welcome;
        this.parameters = new TreeMap<>(welcome.parameters());
        this.pool = pool;
        this.statements = new KeptStatements(mostStatements);
        this.generations = generations;
        this.faults = faults;
        this.defaults = generations.defaults();
        this.schema = generations.schema();
        this.clock = clock;
        this.openedNanos = clock.nanos();
    }

    /** It is one session's for good, and no pool's. */
    boolean isAlone() {
        return pool == null;
    }

    Member member() {
        return member;
    }

    ServerWelcome welcome() {
        return welcome;
    }

    Replies replies() {
        return replies;
    }

    /** The prepared statements that it has and that are of use. */
    KeptStatements statements() {
        int now = generations.schema();
        if (schema != now) {
            schema = now;
            statements.expire();
        }
        return statements;
    }

    /** What the server reported of its settings, as they are now. */
    Map<String, String> parameters() {
        return parameters;
    }

    /** What its ReadyForQuery said last: I, T or E. */
    byte status() {
        return status;
    }

    /** It has none any more. */
    void forgetStatements() {
        statements.clear();
        unnamed = null;
        schema = generations.schema();
    }

    Prepared unnamed() {
        return unnamed;
    }

    void unnamed(Prepared prepared) {
        unnamed = prepared;
    }

    void settings(SessionSettings now) {
        settings = now;
    }

    ClientSession session() {
        return session;
    }

    void lendTo(ClientSession lessee) {
        session = lessee;
    }

    /** Where messages of a few bytes are put together before they are sent. */
    ByteBuf out() {
        if (out == null) {
            out = channel.alloc().directBuffer(LARGE);
        }
        return out;
    }

    boolean hasOut() {
        return out != null;
    }

    /** Sends bytes; {@link #flush} lets them go. Takes over the buffer. */
    void send(ByteBuf bytes) {
        sendOut();
        channel.write(bytes, channel.voidPromise());
    }

    /** Sends the next bytes of what a client sent: a few are copied beside others, many pass as they lie. */
    void append(ByteBuf in, int bytes) {
        if (bytes < LARGE) {
            out().writeBytes(in, bytes);
        } else {
            send(in.readRetainedSlice(bytes));
        }
    }

    private void sendOut() {
        if (out != null) {
            channel.write(out, channel.voidPromise());
            out = null;
        }
    }

    void flush() {
        sendOut();
        channel.flush();
    }

    /** Asks something of its own, kept from the client. {@code done} hears the server's error, or null; {@link #answer} has its last row. */
    void ask(String sql, Consumer<PostgresError> done) {
        writeQuery(out(), sql);
        replies.add(Kind.HIDDEN_QUERY);
        unnamed = null;
        whenHiddenDone = done;
    }

    /** Who hears that it was lost instead of its pool, which does not have it yet; null from when it has. */
    void whenLost(Runnable task) {
        whenLost = task;
    }

    /** The first column of the last row that {@link #ask} was answered with, as text; empty when there was none. */
    String answer() {
        return answer;
    }

    static void writeQuery(ByteBuf out, String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        out.writeByte('Q').writeInt(4 + text.length + 1).writeBytes(text).writeByte(0);
    }

    /** Appends the Parse of an unnamed statement without parameters. */
    static void writeParse(ByteBuf out, String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        out.writeByte('P').writeInt(4 + 1 + text.length + 1 + 2).writeByte(0).writeBytes(text).writeByte(0).writeShort(0);
    }

    /** Gives it back to its pool; what the session left there is undone first. @param sql undoes it; empty when nothing is to be undone */
    void release(String sql) {
        session = null;
        position = Lsn.NONE;
        channel.config().setAutoRead(true);
        if (sql.isEmpty()) {
            giveBack();
            return;
        }
        ask(sql, error -> {
            broken |= error != null || status != 'I';
            giveBack();
        });
        flush();
    }

    private void giveBack() {
        if (cancels > 0) {
            waitsForCancels = true; // a late cancel must not hit the next session's statement
            return;
        }
        pool.giveBack(this, clock.nanos());
    }

    /** A cancel request is on its way: nobody else gets this connection until it has arrived. */
    void cancelBegun() {
        cancels++;
    }

    void cancelArrived() {
        cancels--;
        if (cancels == 0 && waitsForCancels) {
            waitsForCancels = false;
            pool.giveBack(this, clock.nanos());
        }
    }

    /** It is not to be used again: closes it, whatever it does. */
    void abandon() {
        broken = true;
        channel.close();
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean reusable() {
        return !broken && channel.isActive() && replies.isEmpty() && status == 'I' && defaults == generations.defaults() && !statements.isCluttered();
    }

    @Override
    public void close() {
        abandon();
    }

    @Override
    public Object settings() {
        return settings;
    }

    SessionSettings has() {
        return settings;
    }

    @Override
    public long openedNanos() {
        return openedNanos;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void movedTo(ServerPool<?> other) {
        pool = (ServerPool<ServerConnection>) other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf in = (ByteBuf) read;
        try {
            if (partial == null || complete(in)) {
                walk(in);
            }
        } finally {
            in.release();
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
        return !broken;
    }

    private void fill(int upTo, ByteBuf in) {
        int bytes = Math.min(upTo - partial.readableBytes(), in.readableBytes());
        if (bytes > 0) {
            partial.writeBytes(in, bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (session != null) {
            session.serverRead();
        }
    }

    /** Looks at each message's header, and forwards the stretches between what is taken out. */
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
            if (type < 0 || !KNOWN[type] || length < 4 || type == 'Z' && length != 5) {
                forward(in, from, at);
                violated(type, length);
                return;
            }
            long next = at + 1L + length;
            if (isReadWhole(type) && length > MOST_WHOLE) {
                forward(in, from, at);
                violated(type, length);
                return;
            }
            if (end - at < needed(type, length)) {
                break;
            }
            boolean hide = type == 'Z' ? ready(in, from, at) : see(type, in, at + HEADER, (int) Math.min(next, end));
            if (type == 'Z') {
                if (!hide) {
                    forward(in, from, (int) next);
                    session.ready(status);
                }
                from = (int) next;
                if (broken) {
                    return;
                }
            } else if (hide) {
                forward(in, from, at);
                from = (int) Math.min(next, end);
            }
            if (next > end) {
                passing = (int) (next - end);
                passingHidden = hide;
                at = end;
                break;
            }
            at = (int) next;
            if (!replies.isEmpty() && replies.head().local()) {
                forward(in, from, at);
                from = at;
                answerDue();
            }
        }
        forward(in, from, at);
        if (at < end && !broken) {
            partial = channel.alloc().directBuffer(Math.max(256, end - at)).writeBytes(in, at, end - at);
        }
    }

    /** What has to lie in one piece: what is kept, and what decides. */
    private boolean isReadWhole(byte type) {
        return type == 'Z' || type == 'C' || type == 'S' || type == 'D' && (replies.head() == Kind.POSITION || replies.head() == Kind.HIDDEN_QUERY);
    }

    /**
     * How much of a message must be there before it is looked at and passes. Short ones pass whole, so that a lost connection leaves no client
     * in the middle of one; an error, which may quote any value, says in its beginning what it is.
     */
    private int needed(byte type, int length) {
        if (length >= 4 && (length < MOST_KEPT || isReadWhole(type))) {
            return 1 + length;
        }
        return type == 'E' ? LARGE : HEADER;
    }

    /** The client has seen a part of a message whose rest has not come. */
    boolean isInMessage() {
        return passing > 0 && !passingHidden;
    }

    private void forward(ByteBuf in, int from, int to) {
        if (to > from && session != null) {
            session.output().forward(in, from, to);
        }
    }

    private boolean hidden() {
        return session == null || hidingTry || !replies.isEmpty() && replies.head().hidden();
    }

    /** Takes note of a message, and says whether the client must not see it. */
    private boolean see(byte type, ByteBuf in, int body, int end) {
        boolean hide = hidden();
        switch (type) {
            case 'D' -> {
                if (replies.head() == Kind.POSITION) {
                    position = LsnRow.read(in, body, end);
                } else if (replies.head() == Kind.HIDDEN_QUERY) {
                    answer = Rows.first(in, body, end);
                } else if (!hide) {
                    session.decided();
                }
            }
            case 'E' -> hide = failed(in, body, end);
            case 'S' -> parameter(in, body, end);
            case '1' -> hide |= ends(Kind.PARSE, Kind.HIDDEN_PARSE);
            case '2' -> hide |= ends(Kind.BIND, Kind.BIND);
            case '3' -> hide |= ends(Kind.CLOSE, Kind.HIDDEN_CLOSE);
            case 'T', 'n' -> {
                if (replies.head() == Kind.DESCRIBE) {
                    replies.pop();
                }
            }
            case 'C', 'I', 's' -> {
                if (!hide) {
                    session.decided();
                }
                if (!hide && type == 'C') {
                    session.completed(in, body, end);
                }
                if (replies.head() == Kind.EXECUTE) {
                    replies.pop();
                }
            }
            case 'G' -> {
                if (!hide) {
                    session.decided();
                    session.copyInBegun(replies.head() == Kind.EXECUTE);
                }
            }
            case 'W' -> {
                if (!hide) {
                    session.decided();
                    session.copyInBegun(false);
                }
            }
            case 'H', 'V' -> {
                if (!hide) {
                    session.decided();
                }
            }
            case 'A' -> hide = session == null; // comes when it comes, an answer of the router's own or not
            default -> { /* rows and notices pass */ }
        }
        return hide;
    }

    /** The head's answer is there. Returns whether it is one of the router's own. */
    private boolean ends(Kind clients, Kind own) {
        Kind head = replies.head();
        if (head == clients || head == own) {
            replies.pop();
        }
        return head == own && clients != own;
    }

    /** Says what the router itself has to say next, if it is its turn. */
    void answerDue() {
        while (!replies.isEmpty() && replies.head().local()) {
            byte type = (byte) (replies.head() == Kind.LOCAL_PARSE ? '1' : '3');
            replies.pop();
            session.output().answer(type);
        }
    }

    private void parameter(ByteBuf in, int body, int end) {
        int zero = Fields.zero(in, body, end);
        if (zero > 0) {
            parameters.put(in.toString(body, zero - body, StandardCharsets.UTF_8), Fields.text(in, zero + 1, end));
        }
    }

    /** An error: ends all up to the next Sync, as the server then skips it. Returns whether it is kept from the client. */
    private boolean failed(ByteBuf in, int body, int end) {
        String severity = Fields.ofError(in, body, end, 'V');
        String state = Fields.ofError(in, body, end, 'C');
        if (severity.equals("FATAL") || severity.equals("PANIC")) {
            lastWords = PostgresError.error(state, Fields.ofError(in, body, end, 'M'));
            broken = true;
            return true;
        }
        Kind head = replies.head();
        if (head == Kind.HIDDEN_QUERY || head == Kind.POSITION) {
            position = Lsn.NONE;
            hiddenError = PostgresError.error(state, Fields.ofError(in, body, end, 'M'));
            return true;
        }
        if (head == null || session == null) {
            return true;
        }
        if (state.equals("0A000")) {
            statements.expire(); // perhaps a plan whose columns have changed since
        }
        boolean again = session.repeatsAfter(state);
        skipToSync(again);
        hidingTry |= again;
        if (!again) {
            session.decided();
            session.failed();
        }
        return again || hidingTry;
    }

    private void skipToSync(boolean again) {
        int skipped = 0;
        while (skipped < replies.size() && !replies.at(skipped).endsReady()) {
            skipped++;
        }
        for (int i = skipped - 1; i >= 0; i--) {
            takeBack(replies.at(i), replies.subjectAt(i), again);
        }
        for (int i = 0; i < skipped; i++) {
            replies.pop();
        }
        if (replies.isEmpty()) {
            session.skipToSync();
        }
    }

    /** Undoes what was taken for granted when the message was sent. */
    private void takeBack(Kind kind, Replies.Named subject, boolean again) {
        if (subject == null) {
            if (kind == Kind.PARSE || kind == Kind.HIDDEN_PARSE) {
                unnamed = null;
            }
            return;
        }
        if (kind == Kind.PARSE || kind == Kind.HIDDEN_PARSE) {
            statements.forget(subject.prepared());
        } else if (kind == Kind.HIDDEN_CLOSE) {
            statements.isStillThere(subject.prepared());
        } else if (kind == Kind.LOCAL_CLOSE && !again) {
            session.stillPrepared(subject);
        }
        if (subject.name() != null && !again && (kind == Kind.PARSE || kind == Kind.LOCAL_PARSE)) {
            session.notPrepared(subject.name());
        }
    }

    /**
     * ReadyForQuery. Returns whether the client does not see it, or not yet; what came before it has then been forwarded. Otherwise it is the
     * caller's to forward, and the session's to hear of.
     */
    private boolean ready(ByteBuf in, int from, int at) {
        status = in.getByte(at + HEADER);
        Kind head = replies.head();
        if (head == null || !head.endsReady()) {
            return unexpectedReady(head);
        }
        replies.pop();
        if (head == Kind.HIDDEN_QUERY) {
            forward(in, from, at);
            hiddenDone();
            return true;
        }
        if (head == Kind.POSITION) {
            forward(in, from, at);
            long known = hiddenError == null ? position : Lsn.NONE;
            hiddenError = null;
            position = Lsn.NONE; // the next question may go wrong, and this is no answer to it
            session.positionIs(known);
            return true;
        }
        if (session == null) {
            return true;
        }
        if (hidingTry) {
            forward(in, from, at);
            hidingTry = false;
            session.repeat();
            return true;
        }
        session.decided();
        if (replies.head() == Kind.POSITION || session.asksPosition(status)) {
            forward(in, from, at);
            session.holdReady(status);
            return true;
        }
        return false;
    }

    /** A Sync that crossed with an error in a copy is answered though it was not expected; any other is the server's fault. */
    private boolean unexpectedReady(Kind head) {
        if (head != null) {
            violated((byte) 'Z', 5);
            return true;
        }
        if (session != null) {
            session.syncCrossed();
        }
        return session == null;
    }

    private void hiddenDone() {
        PostgresError error = hiddenError;
        Consumer<PostgresError> done = whenHiddenDone;
        hiddenError = null;
        whenHiddenDone = null;
        if (done != null) {
            done.accept(error);
        }
    }

    private void violated(byte type, int length) {
        lastWords = PostgresError.error("08P01", "server " + member.name() + " sent what is not a message: type " + (type & 0xff) + ", length " + length);
        abandon();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (session != null) {
            session.serverWritable(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (out != null) {
            out.release();
            out = null;
        }
        ClientSession lessee = session;
        session = null;
        if (whenLost != null) {
            whenLost.run();
            return;
        }
        if (!isAlone()) {
            pool.gone(this, clock.nanos());
        }
        if (lessee != null) {
            lessee.serverLost(this, lastWords);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            faults.accept(cause);
        }
        abandon();
    }
}
