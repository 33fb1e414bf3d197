package dev.banyan.postgres;

import dev.banyan.balance.Outcome;
import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.SettingChange;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Statement.Hint;
import dev.banyan.postgres.sql.Verb;
import dev.banyan.postgres.wire.Fields;
import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client's session: reads what the client sends, finds the server that each piece of it belongs to, and keeps what must survive a change of
 * server. A server connection is leased for a transaction and given back behind it, unless the session left something there.
 *
 * <p>One message is looked at at a time; a message is only sent on when the one before it allows that. What a client sends in one go (a pipeline)
 * goes on in one go as long as it stays at one server. Owned by one IO loop.
 */
final class ClientSession extends ChannelInboundHandlerAdapter implements ServerPool.Lessee<ServerConnection> {
    private static final int HEADER = 5;
    /** Messages of this size and more pass without being copied together with others. */
    private static final int LARGE = 4 << 10;
    /** What PostgreSQL allows a message whose kind is always short (PQ_SMALL_MESSAGE_LIMIT). */
    private static final int MOST_SHORT = 10_000;
    private static final int MOST_MESSAGE = 0x3fffffff;
    /** How much of a Bind must be there before its rest may pass in pieces: the names at its beginning. */
    private static final int MOST_NAMES = 64 << 10;
    private static final int MOST_STATEMENTS = 10_000;
    private static final int MOST_TRIES = 3;
    private static final String POSITION_QUERY = "SELECT pg_catalog.pg_current_wal_insert_lsn()";
    private static final Statement UNREAD = new Statement(0, Verb.OTHER, 2, false, "is longer than database.router.statement allows to be read", Pin.UNREAD.bit(),
            List.of(), "", Optional.empty(), true, true, Optional.empty());

    /** What the session waits for before it goes on; more input is not read meanwhile. */
    private enum Waiting {
        NOTHING,
        SERVER,
        FRESHNESS,
        SETTINGS
    }

    private final Channel channel;
    private final Login login;
    private final RouterLoop loop;
    private final CancelKey key;
    private final SessionSettings atStart;
    private final ClientStatements statements = new ClientStatements();
    private final TransactionState transaction = new TransactionState();
    private final Batch batch = new Batch();
    private final Seen seen;

    private SessionSettings settings;
    private Prepared unnamed;
    private int pins;
    private Optional<Hint> route = Optional.empty();
    private boolean welcomed;
    private boolean closed;

    private ByteBuf in;
    private ByteBuf out;
    private int streaming;
    private boolean running;
    /** Something happened while it ran that lets it go on. */
    private boolean again;
    private boolean paused;
    private Waiting waiting = Waiting.NOTHING;

    private ServerConnection server;
    private ServerPool<ServerConnection> asked;
    private Replica replica;
    /** Extended-query messages were sent whose Sync was not. */
    private boolean inBatch;
    /** An error was told: all up to the next Sync is dropped. */
    private boolean skipping;
    private boolean copyIn;
    private boolean copyInBatch;

    // What is on its way.
    private Statement current;
    private boolean writes;
    private boolean commits;
    private boolean copies;
    private boolean positionLate;
    /** The primary's position is known as it was after the last statement. */
    private boolean positioned;
    private byte heldReady;
    private long sentNanos;
    private long rows;
    private boolean error;

    // A read that may be tried elsewhere, as long as the client has seen nothing of it.
    private boolean undecided;
    private ByteBuf kept;
    private ByteBuf stash;
    private int tries;
    private boolean retrying;
    private boolean primaryOnly;
    private boolean keptBegins;
    private boolean waitedForData;
    private PostgresError pendingError;

    ClientSession(Channel channel, Login login, RouterLoop loop, CancelKey key) {
        this.channel = channel;
        this.login = login;
        this.loop = loop;
        this.key = key;
        this.atStart = SessionSettings.ofStartUp(login.settings());
        this.settings = atStart;
        this.seen = loop.members().seen();
    }

    Login login() {
        return login;
    }

    /** Lets the client in: tells it what the server reports of its settings, which needs a server when nobody with the same was here before. */
    void begin(ByteBuf rest) {
        in = rest;
        Map<String, String> reported = loop.reported(login, settings);
        if (reported != null) {
            welcome(reported);
            run();
        } else {
            leasePrimary();
        }
    }

    private void welcome(Map<String, String> reported) {
        welcomed = true;
        ByteBuf hello = channel.alloc().directBuffer(512);
        reported.forEach((name, value) -> {
            hello.writeByte('S');
            int at = hello.writerIndex();
            hello.writeInt(0);
            hello.writeCharSequence(name, StandardCharsets.UTF_8);
            hello.writeByte(0);
            hello.writeCharSequence(value, StandardCharsets.UTF_8);
            hello.writeByte(0);
            hello.setInt(at, hello.writerIndex() - at);
        });
        hello.writeByte('K').writeInt(8 + key.secret().length).writeInt(key.processId()).writeBytes(key.secret());
        ready(hello, (byte) 'I');
        channel.writeAndFlush(hello, channel.voidPromise());
    }

    // ---- What the client sends ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf more = (ByteBuf) read;
        if (closed) {
            more.release();
            return;
        }
        if (in == null || !in.isReadable()) {
            drop();
            in = more;
        } else {
            ByteBuf both = channel.alloc().directBuffer(in.readableBytes() + more.readableBytes()).writeBytes(in).writeBytes(more);
            drop();
            more.release();
            in = both;
        }
        run();
        if (waiting != Waiting.NOTHING || in != null && in.readableBytes() > Batch.MOST_BYTES && stalled()) {
            pause();
        }
    }

    /** More input would change nothing: what there is waits for answers. */
    private boolean stalled() {
        return server != null && !server.replies().isEmpty() && replica != null;
    }

    private void pause() {
        if (!paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    /** Does all that can be done with what was received. */
    private void run() {
        if (running || closed) {
            again = true;
            return;
        }
        running = true;
        try {
            do {
                again = false;
                while (welcomed && !closed && waiting == Waiting.NOTHING && step()) {
                    // One message after the other.
                }
            } while (again && !closed);
        } finally {
            running = false;
        }
        if (closed) {
            return;
        }
        sendOut();
        if (server != null) {
            server.flush();
        }
        if (in != null && !in.isReadable()) {
            drop();
        }
        if (paused && waiting == Waiting.NOTHING && !stalled()) {
            paused = false;
            channel.config().setAutoRead(server == null || server.channel().isWritable());
        }
    }

    /** The next message, or the next piece of a large one. False: it has to wait, for bytes or for a server. */
    private boolean step() {
        if (in == null || !in.isReadable()) {
            return false;
        }
        if (streaming > 0) {
            return pass();
        }
        if (in.readableBytes() < HEADER) {
            return false;
        }
        int at = in.readerIndex();
        byte type = in.getByte(at);
        int length = in.getInt(at + 1);
        if (length < 4 || length > most(type)) {
            violated("a message of type '" + shown(type) + "' says that it is " + length + " bytes long");
            return false;
        }
        if (skipping && type != 'S' && type != 'X') {
            return skip(length + 1);
        }
        if (pendingError != null && type != 'X' && type != 'S') {
            return tellPending(type, length + 1);
        }
        return switch (type) {
            case 'Q' -> query(at, length + 1);
            case 'P', 'B', 'D', 'E', 'C', 'H' -> extended(type, at, length + 1);
            case 'S' -> sync(at, length + 1);
            case 'F' -> functionCall(at, length + 1);
            case 'd', 'c', 'f' -> copyData(type, length + 1);
            case 'X' -> {
                close();
                yield false;
            }
            default -> {
                violated("there is no message of type '" + shown(type) + "'");
                yield false;
            }
        };
    }

    /** The transaction was lost between two statements: the next one hears of it, whatever it is. */
    private boolean tellPending(byte type, int bytes) {
        tell(pendingError);
        pendingError = null;
        if (isSimple(type)) {
            skip(bytes);
            sayReady((byte) 'I');
        } else {
            skipping = true;
        }
        channel.flush();
        return true;
    }

    private static int most(byte type) {
        return switch (type) {
            case 'Q', 'P', 'B', 'F', 'd' -> MOST_MESSAGE;
            default -> MOST_SHORT;
        };
    }

    private static String shown(byte type) {
        return type >= ' ' && type < 127 ? Character.toString(type) : "\\x%02x".formatted(type & 0xff);
    }

    private boolean whole(int bytes) {
        return in.readableBytes() >= bytes;
    }

    private boolean query(int at, int bytes) {
        boolean unread = bytes - HEADER > loop.settings().statement().bytes();
        if (!unread && !whole(bytes)) {
            return false;
        }
        int textEnd = at + bytes - 1;
        if (!unread && in.getByte(textEnd) != 0) {
            violated("a query does not end with a zero byte");
            return false;
        }
        Statement statement = unread ? UNREAD : loop.reader().read(in, at + HEADER, textEnd, settings.standardStrings());
        if (answersItself(statement)) {
            return alone() && answerItself(statement, bytes);
        }
        if (server == null || replica != null) {
            if (!enlist(batch.simple(statement, at + bytes), alone())) {
                return false;
            }
            keep(at, bytes);
        } else if (mayKeep() && statement.readsOnly()) {
            batch.simple(statement, at + bytes);
            keep(at, bytes);
        }
        note(statement);
        unnamed = null;
        server.unnamed(null);
        server.replies().add(Kind.QUERY);
        if (!unread && at == in.readerIndex() && bytes == in.readableBytes() && out == null) {
            server.send(in);
            in = null;
        } else {
            forward(bytes);
        }
        inBatch = false;
        if (!unread) {
            askPosition();
        }
        return true;
    }

    /** Nothing that was sent before is still to be answered. */
    private boolean alone() {
        return server == null || server.replies().isEmpty() && !inBatch;
    }

    private boolean extended(byte type, int at, int bytes) {
        if (server == null && type == 'C' && whole(bytes) && in.getByte(at + HEADER) == 'S' && !inBatch) {
            return closeStatement(at, bytes); // needs no server
        }
        if (!inBatch && !placed(at)) {
            return false;
        }
        boolean sent = switch (type) {
            case 'P' -> parse(at, bytes);
            case 'B' -> bind(at, bytes);
            case 'D' -> describe(at, bytes);
            case 'C' -> closeStatement(at, bytes);
            case 'E' -> whole(bytes) && send(Kind.EXECUTE, bytes);
            default -> flushAll(bytes);
        };
        inBatch |= sent;
        return sent;
    }

    /** Whether the messages from here to the next Sync have a server. */
    private boolean placed(int at) {
        boolean split = loop.splits();
        if (server != null && replica == null) {
            if (mayKeep()) {
                batch.extended(in, at, this);
                keep(at, batch.end() - at);
            }
            return true;
        }
        if (!split && server == null) {
            return leasePrimary();
        }
        batch.extended(in, at, this);
        if (!batch.complete() && in.readableBytes() < Batch.MOST_BYTES) {
            return false;
        }
        if (!enlist(batch, alone())) {
            return false;
        }
        keep(at, batch.end() - at);
        return true;
    }

    private boolean send(Kind kind, int bytes) {
        server.replies().add(kind);
        forward(bytes);
        return true;
    }

    private boolean flushAll(int bytes) {
        if (!whole(bytes)) {
            return false;
        }
        forward(bytes);
        return true;
    }

    private boolean parse(int at, int bytes) {
        if (bytes - HEADER > loop.settings().statement().bytes()) {
            note(UNREAD);
            server.replies().add(Kind.PARSE);
            forward(bytes); // under the client's own name: the session keeps this connection
            return true;
        }
        if (!whole(bytes)) {
            return false;
        }
        int nameAt = at + HEADER;
        int end = at + bytes;
        Prepared prepared = prepare(in, nameAt, end);
        if (prepared == null) {
            violated("a Parse message ends too early");
            return false;
        }
        int nameEnd = Fields.zero(in, nameAt, end);
        note(prepared.statement());
        if (nameEnd == nameAt) {
            return parseUnnamed(prepared, bytes);
        }
        ClientStatements.Name name = statements.find(in, nameAt, nameEnd);
        boolean unknown = name == null;
        if (unknown && statements.size() >= MOST_STATEMENTS) {
            violated("a session may have at most " + MOST_STATEMENTS + " prepared statements");
            return false;
        }
        if (unknown) {
            name = statements.add(in, nameAt, nameEnd, prepared);
        } else if (!retrying || name.prepared() != prepared) {
            // The server says that there is one of this name already.
            ensure(name.prepared());
            name.prepared().writeParse(outgoing(), true);
            server.replies().add(Kind.PARSE);
            in.skipBytes(bytes);
            return true;
        }
        Replies.Named subject = new Replies.Named(prepared, name);
        if (server.statements().has(prepared)) {
            local(Kind.LOCAL_PARSE, subject);
        } else {
            prepared.writeParse(outgoing(), true);
            server.replies().add(Kind.PARSE, subject);
            evict(server.statements().keep(prepared));
        }
        in.skipBytes(bytes);
        return true;
    }

    private boolean parseUnnamed(Prepared prepared, int bytes) {
        unnamed = prepared;
        server.unnamed(prepared);
        server.replies().add(Kind.PARSE);
        if (prepared.statement().verb() == Verb.SHOW && prepared.statement().name().startsWith("banyan.")) {
            writeParse(outgoing(), "SELECT " + SessionSettings.literal(own(prepared.statement().name())) + "::pg_catalog.text AS \"" + prepared.statement().name().replace("\"", "\"\"") + "\"");
            in.skipBytes(bytes);
        } else {
            forward(bytes);
        }
        return true;
    }

    private static void writeParse(ByteBuf to, String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        to.writeByte('P').writeInt(4 + 1 + text.length + 1 + 2).writeByte(0).writeBytes(text).writeByte(0).writeShort(0);
    }

    /** What a Parse message is about, whether it was seen before or not; null when the message is malformed. */
    Prepared prepare(ByteBuf from, int nameAt, int end) {
        int nameEnd = Fields.zero(from, nameAt, end);
        int textEnd = nameEnd < 0 ? -1 : Fields.zero(from, nameEnd + 1, end);
        if (textEnd < 0 || end - textEnd < 3) {
            return null;
        }
        return loop.texts().of(from, nameEnd + 1, textEnd, end, settings);
    }

    /** The statement of that name; null when the session has none. */
    Prepared named(ByteBuf from, int at, int end) {
        ClientStatements.Name name = statements.find(from, at, end);
        return name == null ? null : name.prepared();
    }

    Prepared unnamedStatement() {
        return unnamed;
    }

    private boolean bind(int at, int bytes) {
        if (!whole(Math.min(bytes, MOST_NAMES))) {
            return false;
        }
        int seenEnd = Math.min(at + bytes, in.writerIndex());
        int portalEnd = Fields.zero(in, at + HEADER, seenEnd);
        int nameEnd = portalEnd < 0 ? -1 : Fields.zero(in, portalEnd + 1, seenEnd);
        if (nameEnd < 0) {
            violated("a Bind message has no names, or they are longer than " + MOST_NAMES + " bytes");
            return false;
        }
        Prepared prepared = refer(portalEnd + 1, nameEnd);
        if (prepared != null) {
            note(prepared.statement());
        }
        server.replies().add(Kind.BIND);
        if (prepared == null || nameEnd == portalEnd + 1) {
            forward(bytes);
            return true;
        }
        rename(at, bytes, portalEnd + 1, nameEnd, prepared);
        return true;
    }

    /** What a message refers to by name; it is at the server when this returns. Null when the session has none of that name. */
    private Prepared refer(int nameAt, int nameEnd) {
        if (nameEnd == nameAt) {
            if (unnamed != null && server.unnamed() != unnamed) {
                unnamed.writeParse(outgoing(), false);
                server.replies().add(Kind.HIDDEN_PARSE);
                server.unnamed(unnamed);
            }
            return unnamed;
        }
        ClientStatements.Name name = statements.find(in, nameAt, nameEnd);
        if (name == null) {
            return null;
        }
        ensure(name.prepared());
        return name.prepared();
    }

    private void ensure(Prepared prepared) {
        if (!server.statements().has(prepared)) {
            prepared.writeParse(outgoing(), true);
            server.replies().add(Kind.HIDDEN_PARSE, new Replies.Named(prepared, null));
            evict(server.statements().keep(prepared));
        }
    }

    private void evict(Prepared old) {
        if (old != null) {
            old.writeClose(outgoing());
            server.replies().add(Kind.HIDDEN_CLOSE, new Replies.Named(old, null));
        }
    }

    /** Sends a message on with the statement's own name in place of the client's. */
    private void rename(int at, int bytes, int nameAt, int nameEnd, Prepared prepared) {
        byte[] name = prepared.name();
        ByteBuf to = outgoing();
        to.writeByte(in.getByte(at)).writeInt(bytes - 1 - (nameEnd - nameAt) + name.length);
        to.writeBytes(in, at + HEADER, nameAt - at - HEADER).writeBytes(name);
        in.readerIndex(nameEnd);
        forward(at + bytes - nameEnd);
    }

    private boolean describe(int at, int bytes) {
        if (!whole(bytes)) {
            return false;
        }
        int nameAt = at + HEADER + 1;
        int nameEnd = Fields.zero(in, nameAt, at + bytes);
        if (nameEnd < 0) {
            violated("a Describe message has no name");
            return false;
        }
        Prepared prepared = in.getByte(at + HEADER) == 'S' ? refer(nameAt, nameEnd) : null;
        server.replies().add(Kind.DESCRIBE);
        if (prepared == null || nameEnd == nameAt) {
            forward(bytes);
        } else {
            rename(at, bytes, nameAt, nameEnd, prepared);
        }
        return true;
    }

    private boolean closeStatement(int at, int bytes) {
        if (!whole(bytes)) {
            return false;
        }
        int nameAt = at + HEADER + 1;
        int nameEnd = Fields.zero(in, nameAt, at + bytes);
        if (nameEnd < 0) {
            violated("a Close message has no name");
            return false;
        }
        if (in.getByte(at + HEADER) != 'S') {
            return send(Kind.CLOSE, bytes);
        }
        ClientStatements.Name name = statements.find(in, nameAt, nameEnd);
        if (name == null && server != null && nameEnd > nameAt) {
            return send(Kind.CLOSE, bytes); // one that was made by SQL, or that was too long to be read
        }
        if (name != null) {
            statements.remove(name);
        } else if (nameEnd == nameAt) {
            unnamed = null;
        }
        local(Kind.LOCAL_CLOSE, null);
        in.skipBytes(bytes);
        return true;
    }

    /** An answer that the router gives itself, in its turn. */
    private void local(Kind kind, Replies.Named subject) {
        if (server == null || server.replies().isEmpty()) {
            say((byte) (kind == Kind.LOCAL_PARSE ? '1' : '3'));
            channel.flush();
        } else {
            server.replies().add(kind, subject);
        }
    }

    private boolean sync(int at, int bytes) {
        if (!whole(bytes)) {
            return false;
        }
        boolean skipped = skipping;
        skipping = false;
        if (server == null) {
            in.skipBytes(bytes);
            inBatch = false;
            sayReady(transaction.status());
            channel.flush();
            return true;
        }
        if (replica != null && !inBatch && !skipped && !server.replies().isEmpty()) {
            return false;
        }
        if (copyIn && copyInBatch) {
            forward(bytes); // the server ignores it, so nothing will answer it
            return true;
        }
        server.replies().add(Kind.SYNC);
        forward(bytes);
        askPosition();
        inBatch = false;
        return true;
    }

    private boolean functionCall(int at, int bytes) {
        if (server == null || replica != null) {
            if (!enlist(batch.simple(UNREAD, at + bytes), alone())) {
                return false;
            }
        }
        writes = true;
        positionLate = tracks();
        return send(Kind.QUERY, bytes);
    }

    private boolean copyData(byte type, int bytes) {
        if (server == null) {
            return skip(bytes); // left over of a copy that failed: PostgreSQL ignores it as well
        }
        copyIn &= type == 'd';
        forward(bytes);
        return true;
    }

    private boolean skip(int bytes) {
        int now = Math.min(bytes, in.readableBytes());
        in.skipBytes(now);
        if (now < bytes) {
            streaming = bytes - now;
        }
        return true;
    }

    /** The next piece of a message whose beginning was sent on or dropped. */
    private boolean pass() {
        int now = Math.min(streaming, in.readableBytes());
        streaming -= now;
        if (server == null || skipping) {
            in.skipBytes(now);
        } else {
            sendOut();
            server.send(in.readRetainedSlice(now));
        }
        return true;
    }

    /** Sends the next bytes of the input on; what of them is not there yet follows as it comes. */
    private void forward(int bytes) {
        int now = Math.min(bytes, in.readableBytes());
        streaming = bytes - now;
        if (now < LARGE) {
            outgoing().writeBytes(in, now);
        } else {
            sendOut();
            server.send(in.readRetainedSlice(now));
        }
    }

    private ByteBuf outgoing() {
        if (out == null) {
            out = channel.alloc().directBuffer(LARGE);
        }
        return out;
    }

    private void sendOut() {
        if (out != null) {
            ByteBuf all = out;
            out = null;
            if (server == null) {
                all.release();
            } else {
                server.send(all);
            }
        }
    }

    // ---- What a statement does to the session ----

    private void note(Statement statement) {
        if (current == null) {
            current = statement;
            sentNanos = loop.nanos();
        }
        positioned = false;
        writes |= !statement.readsOnly() && mayWrite(statement.verb());
        copies |= statement.verb() == Verb.COPY || statement.count() > 1;
        commits |= statement.verb() == Verb.COMMIT || statement.verb() == Verb.TWO_PHASE || statement.count() > 1;
        if (statement.pins() != 0) {
            pin(statement.pins());
        }
        if (!statement.readsOnly()) {
            transaction.sent(statement, server.replies().isEmpty());
            statement.settings().forEach(this::noteOwn);
        }
    }

    private static boolean mayWrite(Verb verb) {
        return switch (verb) {
            case EMPTY, BEGIN, ROLLBACK, SAVEPOINT, SET, RESET, SHOW, DEALLOCATE, DISCARD_ALL -> false;
            case QUERY, COMMIT, TWO_PHASE, COPY, OTHER -> true;
        };
    }

    private void pin(int more) {
        loop.pinned(more & ~pins);
        pins |= more;
        transaction.stays();
    }

    /** Settings of the router's own take effect at once: no transaction undoes what was seen. */
    private void noteOwn(SettingChange change) {
        switch (change.name()) {
            case "banyan.lsn" -> Lsn.parse(bare(change.value())).ifPresent(lsn -> seen.require(lsn, loop.nanos()));
            case "banyan.route" -> route = switch (bare(change.value())) {
                case "primary" -> Optional.of(Hint.PRIMARY);
                case "replica" -> Optional.of(Hint.REPLICA);
                default -> Optional.empty();
            };
            default -> { /* the server's */ }
        }
    }

    private static String bare(String value) {
        return value.replaceAll("^\\s*[eE]?'|'\\s*$", "").strip();
    }

    private String own(String name) {
        return switch (name) {
            case "banyan.lsn" -> Lsn.format(Math.max(seen.position(), Lsn.NONE));
            case "banyan.route" -> route.map(hint -> hint.name().toLowerCase(java.util.Locale.ROOT)).orElse("auto");
            default -> "";
        };
    }

    // ---- What is answered here ----

    /** Whether the statement needs no server, or not yet. */
    private boolean answersItself(Statement statement) {
        return switch (statement.verb()) {
            case BEGIN -> transaction.idle() && mayDefer(statement);
            case COMMIT, ROLLBACK -> transaction.deferred();
            case SHOW -> statement.name().startsWith("banyan.");
            default -> false;
        };
    }

    private boolean mayDefer(Statement begin) {
        return loop.splits() && loop.settings().reads().inTransactions() && server == null && pins == 0 && route.isEmpty()
                && begin.begin().isPresent() && TransactionState.mayMove(begin.begin().get(), settings) && begin.hint().isEmpty();
    }

    private boolean answerItself(Statement statement, int bytes) {
        switch (statement.verb()) {
            case BEGIN -> {
                transaction.defer(statement.begin().orElseThrow());
                transaction.status((byte) 'T');
                sayCompleted("BEGIN");
            }
            case COMMIT, ROLLBACK -> {
                transaction.forget();
                transaction.status((byte) 'I');
                sayCompleted(statement.verb().name());
            }
            default -> {
                if (statement.name().equals("banyan.lsn") && !seen.settled() && !waitedForData) {
                    waitedForData = true;
                    waiting = Waiting.FRESHNESS;
                    loop.members().settle(seen, loop.eventLoop(), loop.nanos() + loop.settings().reads().patience().toNanos(), waited());
                    return false;
                }
                waitedForData = false;
                sayRow(statement.name(), own(statement.name()));
            }
        }
        in.skipBytes(bytes);
        sayReady(transaction.status());
        channel.flush();
        return true;
    }

    // ---- Which server ----

    /** Whether there is a server for what comes next; if not, the session waits, or was told why not. */
    private boolean enlist(Batch next, boolean alone) {
        if (server != null && replica != null) {
            if (!alone) {
                return false;
            }
            if (staysAtReplica(next)) {
                return true;
            }
            leaveReplica();
        }
        boolean wants = wantsReplica(next);
        Replica chosen = wants ? loop.members().choose(seen, loop.nanos()) : null;
        if (chosen != null) {
            return leaseReplica(chosen, next);
        }
        if (wants && !waitedForData && loop.members().worthWaiting(seen, loop.nanos())) {
            waitedForData = true;
            waiting = Waiting.FRESHNESS;
            loop.members().await(seen, loop.eventLoop(), loop.nanos() + loop.settings().reads().patience().toNanos(), waited());
            return false;
        }
        if (transaction.movable()) {
            transaction.left();
        }
        return leasePrimary();
    }

    private Runnable waited() {
        return () -> {
            if (waiting == Waiting.FRESHNESS) {
                waiting = Waiting.NOTHING;
                run();
            }
        };
    }

    /** In a transaction that failed, or ends, or goes on reading. */
    private boolean staysAtReplica(Batch next) {
        if (transaction.status() == 'E' || !transaction.movable()) {
            return true;
        }
        Verb verb = next.first() == null ? Verb.EMPTY : next.first().verb();
        if (next.statements() <= 1 && (verb == Verb.COMMIT || verb == Verb.ROLLBACK || verb == Verb.EMPTY)) {
            return true;
        }
        return next.readsOnly() && !next.cursor() && !next.transactionTime() && !primaryOnly;
    }

    private void leaveReplica() {
        ServerConnection left = server;
        server = null;
        endAtReplica();
        transaction.left();
        left.release("ROLLBACK");
    }

    private boolean wantsReplica(Batch next) {
        if (!loop.splits() || primaryOnly || pins != 0 || loop.sessionMode() || !next.complete()) {
            return false;
        }
        if (next.begins()) {
            boolean may = transaction.idle() && loop.settings().reads().inTransactions() && TransactionState.mayMove(next.begin().begin().orElseThrow(), settings)
                    && next.begin().hint().isEmpty() && route.isEmpty();
            return may && next.first() != null && next.readsOnly() && !next.transactionTime() && !next.cursor() && next.first().hint().isEmpty();
        }
        if (!transaction.idle() && !transaction.movable() || next.first() == null) {
            return false;
        }
        Optional<Hint> hint = next.first().hint().or(() -> route);
        if (hint.equals(Optional.of(Hint.PRIMARY))) {
            return false;
        }
        if (!transaction.idle()) {
            return next.readsOnly() && !next.transactionTime() && !next.cursor();
        }
        return next.readsOnly() || hint.equals(Optional.of(Hint.REPLICA)) && next.first().count() == 1;
    }

    private boolean leaseReplica(Replica chosen, Batch next) {
        replica = chosen;
        if (next.begins()) {
            transaction.defer(next.begin().begin().orElseThrow());
            transaction.begun();
        }
        return lease(loop.pool(login, chosen.member()));
    }

    private boolean leasePrimary() {
        Optional<Member> primary = loop.primary();
        if (primary.isEmpty()) {
            waiting = Waiting.SERVER;
            loop.awaitPrimary(this);
            return false;
        }
        if (!transaction.deferred()) {
            transaction.stays();
        }
        return lease(loop.pool(login, primary.get()));
    }

    private boolean lease(ServerPool<ServerConnection> pool) {
        waiting = Waiting.SERVER;
        asked = pool;
        pool.lease(this, loop.nanos());
        return server != null && waiting == Waiting.NOTHING;
    }

    @Override
    public Object settings() {
        return settings;
    }

    @Override
    public void granted(ServerConnection connection) {
        asked = null;
        server = connection;
        connection.lendTo(this);
        if (!channel.isWritable()) {
            connection.channel().config().setAutoRead(false);
        }
        if (connection.has() == settings || connection.has().equals(settings)) {
            settled();
            return;
        }
        waiting = Waiting.SETTINGS;
        SessionSettings wanted = settings;
        connection.ask(wanted.from(connection.has()), why -> {
            if (why == null) {
                connection.settings(wanted);
            }
            settingsDone(why);
        });
        connection.flush();
    }

    private void settingsDone(PostgresError why) {
        if (why == null) {
            settled();
            return;
        }
        waiting = Waiting.NOTHING;
        giveBack();
        if (welcomed) {
            refused(new PostgresError(PostgresError.Severity.ERROR, why.state(), "the session's settings cannot be set at another server connection: " + why.message(), "", ""));
        } else {
            fatal(new PostgresError(PostgresError.Severity.FATAL, why.state(), why.message(), why.detail(), why.hint()));
        }
    }

    /** The server has what the session needs: on with what was waiting. */
    private void settled() {
        waiting = Waiting.NOTHING;
        if (!welcomed) {
            Map<String, String> reported = loop.remember(login, settings, server.parameters());
            giveBack();
            welcome(reported);
            run();
            return;
        }
        if (transaction.deferred()) {
            server.ask(transaction.begun(), null);
            if (replica == null) {
                transaction.stays();
            }
        }
        run();
    }

    @Override
    public void refused(PostgresError why) {
        waiting = Waiting.NOTHING;
        asked = null;
        if (replica != null) {
            // A replica that cannot be reached is no reason to fail: the primary can answer too.
            loop.finish(replica, Outcome.NO_ANSWER);
            replica = null;
            primaryOnly = true;
            run();
            return;
        }
        if (!welcomed) {
            fatal(new PostgresError(PostgresError.Severity.FATAL, why.state(), why.message(), why.detail(), why.hint()));
            return;
        }
        tell(why);
        dropRequest();
        run();
    }

    /** The request that waited has been answered by an error: it is skipped. */
    private void dropRequest() {
        clearTry();
        boolean simple = in != null && in.readableBytes() >= HEADER && in.getByte(in.readerIndex()) != 'S' && isSimple(in.getByte(in.readerIndex()));
        transaction.forget();
        transaction.status((byte) 'I');
        if (simple) {
            skip(in.getInt(in.readerIndex() + 1) + 1);
            sayReady((byte) 'I');
        } else {
            skipping = true;
        }
        channel.flush();
    }

    private static boolean isSimple(byte type) {
        return type == 'Q' || type == 'F';
    }

    @Override
    public void moved(PostgresError why) {
        asked = null;
        waiting = Waiting.NOTHING;
        if (replica != null) {
            loop.finish(replica, Outcome.OK);
            replica = null;
        }
        if (welcomed) {
            run();
        } else {
            leasePrimary();
        }
    }

    boolean awaitsPrimary() {
        return waiting == Waiting.SERVER && asked == null && !closed;
    }

    /** There is a primary again. */
    void primaryIsThere() {
        if (awaitsPrimary()) {
            waiting = Waiting.NOTHING;
            if (welcomed) {
                run();
            } else {
                leasePrimary();
            }
        }
    }

    // ---- What the server answers; called by the connection ----

    /** Forwards a stretch of the server's bytes. */
    void emit(ByteBuf from, int start, int end) {
        if (undecided) {
            if (stash == null) {
                stash = channel.alloc().directBuffer(end - start);
            }
            stash.writeBytes(from, start, end - start);
        } else if (start == from.readerIndex() && end == from.writerIndex()) {
            channel.write(from.retain(), channel.voidPromise());
        } else {
            channel.write(from.retainedSlice(start, end - start), channel.voidPromise());
        }
    }

    /** A message of the router's own without a body. */
    void say(byte type) {
        ByteBuf message = channel.alloc().directBuffer(HEADER).writeByte(type).writeInt(4);
        if (undecided && server != null) {
            emit(message, message.readerIndex(), message.writerIndex());
            message.release();
        } else {
            channel.write(message, channel.voidPromise());
        }
    }

    /** From here on the client sees the answer: the statement cannot be tried anywhere else. */
    void decided() {
        if (undecided) {
            undecided = false;
            if (stash != null) {
                channel.write(stash, channel.voidPromise());
                stash = null;
            }
            dropKept();
        }
    }

    /** Whether a first answer of this SQLSTATE is to be forgotten and the statement tried elsewhere. */
    boolean triesAgainAfter(String state) {
        return undecided && replica != null && switch (state) {
            // It wrote after all; the replay was in its way; the server is going down or is not up yet.
            case "25006", "40001", "40P01", "57P01", "57P02", "57P03", "58000" -> true;
            default -> false;
        };
    }

    /** The failed try is over: once more, at the primary. */
    void tryAgain() {
        loop.retried();
        ServerConnection left = server;
        server = null;
        primaryOnly = true;
        endAtReplica();
        left.release(left.status() == 'I' ? "" : "ROLLBACK");
        repeat();
    }

    private void repeat() {
        ByteBuf request = kept;
        kept = null;
        dropStash();
        undecided = false;
        tries++;
        retrying = true;
        copyIn = false;
        inBatch = false;
        skipping = false;
        current = null;
        if (keptBegins) {
            transaction.forget();
        } else if (transaction.movable()) {
            transaction.left();
        }
        if (in == null || !in.isReadable()) {
            drop();
            in = request;
        } else {
            ByteBuf both = channel.alloc().directBuffer(request.readableBytes() + in.readableBytes()).writeBytes(request).writeBytes(in);
            request.release();
            drop();
            in = both;
        }
        loop.eventLoop().execute(this::run);
    }

    void failed(String state) {
        error = true;
        copyIn = false;
        transaction.failed();
    }

    void completed(byte type, ByteBuf from, int body, int end) {
        if (type == 'C') {
            rows += Tags.rows(from, body, end);
        }
    }

    void copyInBegun(boolean byExecute) {
        copyIn = true;
        copyInBatch = byExecute;
        if (byExecute) {
            server.replies().forgetSyncs();
        }
    }

    void skipToSync() {
        skipping = true;
    }

    /** A Parse failed that was taken for granted. */
    void unnamed(ClientStatements.Name name) {
        statements.remove(name);
    }

    /** The commit's position is still to be asked for, now that the statement has ended. */
    boolean wantsPosition(byte status) {
        if (!positionLate || status != 'I' || !server.replies().isEmpty()) {
            return false;
        }
        positionLate = false;
        sendPosition();
        server.flush();
        return true;
    }

    /** The client hears that it is ready once the position is known: whoever it tells of its commit finds it on any replica that may be asked. */
    void holdReady(byte status) {
        heldReady = status;
    }

    void committed(long position) {
        if (position != Lsn.NONE) {
            seen.wrote(position, loop.nanos());
            positioned = true;
        } else {
            seen.readAtPrimary(loop.nanos());
        }
        if (heldReady != 0) {
            byte status = heldReady;
            heldReady = 0;
            sayReady(status);
            ready(status);
        }
    }

    /** The client was told that it is ready. */
    void ready(byte status) {
        transaction.status(status);
        if (current != null) {
            loop.ran(current, replica != null, loop.nanos() - sentNanos, rows, error);
        }
        current = null;
        rows = 0;
        error = false;
        if (status == 'I' && server.replies().isEmpty()) {
            ended();
        }
    }

    /** A transaction is over, and nothing is on its way. */
    private void ended() {
        if (transaction.leavesNothing()) {
            transaction.forget();
            return;
        }
        TransactionState.Ended end = transaction.end();
        for (SettingChange change : end.changes()) {
            apply(change);
        }
        if (end.pins() != 0) {
            pin(end.pins());
        }
        if (end.discardedAll()) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
            pins = 0;
        }
        if (end.discardedAll() || end.deallocatedAll()) {
            statements.clear();
            unnamed = null;
            server.unnamed(null);
            server.statements().clear();
        }
    }

    private void apply(SettingChange change) {
        if (change.name().startsWith("banyan.")) {
            return;
        }
        SessionSettings has = server.has();
        if (change.name().equals("*")) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
        } else if (change.reset() || change.value().equalsIgnoreCase("default")) {
            settings = settings.reset(change.name(), atStart);
            server.settings(has.reset(change.name(), SessionSettings.NONE));
        } else {
            settings = settings.with(change.name(), change.value());
            server.settings(has == settings ? settings : has.with(change.name(), change.value()));
        }
    }

    /** All that the server sent has been seen: lets it go to the client, gives the connection back where it may be, and goes on. */
    void serverRead() {
        if (closed) {
            return;
        }
        channel.flush();
        if (server != null && waiting == Waiting.NOTHING && server.replies().isEmpty() && mayLeave()) {
            giveBack();
        }
        run();
    }

    private boolean mayLeave() {
        return server.status() == 'I' && !inBatch && !copyIn && !skipping && streaming == 0 && pins == 0 && !loop.sessionMode() && heldReady == 0 && out == null;
    }

    private void giveBack() {
        ServerConnection left = server;
        server = null;
        clearTry();
        if (replica != null) {
            endAtReplica();
        } else if (tracks() && !positioned) {
            seen.readAtPrimary(loop.nanos());
        }
        writes = false;
        commits = false;
        copies = false;
        positionLate = false;
        left.release("");
    }

    private void clearTry() {
        decided();
        dropKept();
        tries = 0;
        retrying = false;
        primaryOnly = false;
        waitedForData = false;
    }

    private void endAtReplica() {
        long now = loop.nanos();
        seen.read(replica, now);
        loop.finish(replica, Outcome.OK);
        replica = null;
    }

    private boolean tracks() {
        return loop.splits();
    }

    // ---- The commit's position ----

    /** Asks for the primary's position behind what may have committed something, in the same packet. */
    private void askPosition() {
        if (replica != null || !tracks() || !writes) {
            return;
        }
        boolean inTransaction = !transaction.idle();
        if (inTransaction && !commits) {
            return;
        }
        writes = false;
        commits = false;
        if (copies) {
            copies = false;
            positionLate = true;
        } else {
            sendPosition();
        }
    }

    private void sendPosition() {
        ServerConnection.writeQuery(outgoing(), POSITION_QUERY);
        server.replies().add(Kind.POSITION);
        server.unnamed(null);
        if (!running) {
            sendOut();
        }
    }

    // ---- Trying a read again ----

    /** A read at the primary can be tried again if nothing came before it in its transaction. */
    private boolean mayKeep() {
        return loop.splits() && transaction.idle() && alone();
    }

    /** Keeps what is sent next until the client has seen something of its answer, if it is proved to read only. */
    private void keep(int at, int bytes) {
        boolean beginning = transaction.idle() || transaction.movable();
        if (batch.readsOnly() && batch.complete() && batch.first() != null && beginning && loop.splits() && pins == 0) {
            dropKept();
            kept = in.retainedSlice(at, bytes);
            keptBegins = batch.begins();
            undecided = true;
        }
    }

    private void dropKept() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    private void dropStash() {
        if (stash != null) {
            stash.release();
            stash = null;
        }
    }

    // ---- Failures ----

    /** The connection broke while the session had it. */
    void serverLost(ServerConnection lost, PostgresError lastWords) {
        if (closed || server != lost) {
            return;
        }
        server = null;
        boolean atReplica = replica != null;
        if (atReplica) {
            seen.read(replica, loop.nanos());
            loop.finish(replica, Outcome.BROKEN);
            replica = null;
        } else if (tracks()) {
            seen.readAtPrimary(loop.nanos());
        }
        dropOut();
        if (waiting == Waiting.SETTINGS) {
            waiting = Waiting.NOTHING;
            if (welcomed) {
                run();
            } else {
                leasePrimary();
            }
            return;
        }
        if (undecided && kept != null && tries < MOST_TRIES) {
            primaryOnly |= atReplica;
            loop.retried();
            repeat();
            return;
        }
        undecided = false;
        dropStash();
        clearTry();
        failLost(lost, atReplica, lastWords);
    }

    private void failLost(ServerConnection lost, boolean atReplica, PostgresError lastWords) {
        int owed = lost.replies().readiesOwed() + (heldReady == 0 ? 0 : 1);
        boolean between = owed == 0 && !inBatch && !copyIn;
        if (between && atReplica && transaction.movable()) {
            transaction.left(); // another server goes on with it
            run();
            return;
        }
        boolean idle = between && transaction.idle();
        int lostState = pins & ~Pin.LISTEN.bit();
        if (lostState != 0 || (pins != 0 || loop.sessionMode()) && idle) {
            // What the session kept at the server is gone, and its client has to know.
            fatal(Losses.stateLost(lost.member(), pins, lastWords));
            return;
        }
        if (idle) {
            return;
        }
        boolean inTransaction = !transaction.idle();
        PostgresError why = Losses.of(lost.member(), inTransaction, writes || commits || heldReady != 0, commits, lastWords);
        heldReady = 0;
        copyIn = false;
        current = null;
        writes = false;
        commits = false;
        copies = false;
        positionLate = false;
        transaction.forget();
        transaction.status((byte) 'I');
        pins = 0;
        if (owed == 0) {
            if (inBatch) {
                tell(why);
                skipping = true;
            } else {
                // Between two statements of a transaction: told as the answer to the next one.
                pendingError = why;
            }
        }
        for (int i = 0; i < owed; i++) {
            tell(why);
            sayReady((byte) 'I');
        }
        inBatch &= owed == 0;
        channel.flush();
        run();
    }

    /** A statement cannot be done and the client is told; what the client then waits for is the caller's to send. */
    private void tell(PostgresError why) {
        ByteBuf message = channel.alloc().directBuffer(256);
        why.writeTo(message);
        channel.write(message, channel.voidPromise());
        loop.failedHere(why);
    }

    private void violated(String what) {
        fatal(PostgresError.fatal("08P01", "invalid message: " + what));
    }

    /** Tells the client why and closes. */
    void fatal(PostgresError why) {
        if (!closed) {
            tell(why);
            close();
        }
    }

    private void sayReady(byte status) {
        channel.write(ready(channel.alloc().directBuffer(HEADER + 1), status), channel.voidPromise());
    }

    private static ByteBuf ready(ByteBuf to, byte status) {
        return to.writeByte('Z').writeInt(5).writeByte(status);
    }

    private void sayCompleted(String tag) {
        ByteBuf message = channel.alloc().directBuffer(HEADER + tag.length() + 1);
        message.writeByte('C').writeInt(4 + tag.length() + 1);
        message.writeCharSequence(tag, StandardCharsets.US_ASCII);
        message.writeByte(0);
        channel.write(message, channel.voidPromise());
    }

    /** One row of one text column, and its end. */
    private void sayRow(String column, String value) {
        ByteBuf message = channel.alloc().directBuffer(128);
        Rows.describe(message, List.of(column));
        Rows.row(message, List.of(value));
        channel.write(message, channel.voidPromise());
        sayCompleted("SHOW");
    }

    // ---- Flow and end ----

    void serverWritable(boolean writable) {
        if (!paused) {
            channel.config().setAutoRead(writable);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (server != null) {
            server.channel().config().setAutoRead(channel.isWritable());
        }
    }

    /** Cancels what runs for this session, if anything does. On the session's loop. */
    void cancel(Runnable done) {
        if (server != null && !server.replies().isEmpty()) {
            loop.cancel(server, done);
        } else {
            done.run();
        }
    }

    /** Whether it holds a connection to that member; a pinned one that is idle included. */
    boolean isAt(Member member) {
        return server != null && server.member().equals(member);
    }

    /** In the middle of a transaction or a statement. */
    boolean isBusy() {
        return server != null && (server.status() != 'I' || !server.replies().isEmpty() || inBatch);
    }

    ServerConnection server() {
        return server;
    }

    int pins() {
        return pins;
    }

    boolean isWaiting() {
        return waiting != Waiting.NOTHING;
    }

    Channel channel() {
        return channel;
    }

    void close() {
        if (!closed) {
            end();
            channel.flush();
            channel.close();
        }
    }

    private void end() {
        closed = true;
        loop.left(this, key);
        statements.clear();
        if (asked != null) {
            asked.leave(this);
            asked = null;
        }
        if (server != null) {
            leaveServer();
        } else if (replica != null) {
            loop.finish(replica, Outcome.CLIENT_LEFT);
            replica = null;
        }
        undecided = false;
        dropStash();
        dropKept();
        dropOut();
        drop();
    }

    /** What is in the middle of something is of no use to anybody; what was left there is cleared away. */
    private void leaveServer() {
        ServerConnection left = server;
        server = null;
        if (replica != null) {
            loop.finish(replica, Outcome.CLIENT_LEFT);
            replica = null;
        }
        if (!left.replies().isEmpty() || inBatch || copyIn || streaming > 0 || waiting == Waiting.SETTINGS) {
            left.lendTo(null);
            if (!left.replies().isEmpty()) {
                loop.cancel(left, () -> { });
            }
            left.abandon();
        } else if (pins != 0 || loop.sessionMode()) {
            if (left.status() != 'I') {
                left.lendTo(null);
                left.abandon();
                return;
            }
            left.statements().clear();
            left.unnamed(null);
            left.settings(SessionSettings.NONE);
            left.release("DISCARD ALL");
        } else {
            left.release(left.status() == 'I' ? "" : "ROLLBACK");
        }
    }

    private void dropOut() {
        if (out != null) {
            out.release();
            out = null;
        }
    }

    private void drop() {
        if (in != null) {
            in.release();
            in = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closed) {
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.exception(cause);
        close();
    }
}
