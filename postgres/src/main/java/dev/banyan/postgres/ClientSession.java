package dev.banyan.postgres;

import static dev.banyan.postgres.ClientInput.HEADER;

import dev.banyan.balance.Outcome;
import dev.banyan.postgres.Replies.Kind;
import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.SettingChange;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.PostgresError.Severity;
import dev.banyan.telemetry.Tracer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client's session: takes what the client sends, message by message, finds the server that each piece belongs to, and keeps what must survive
 * a change of server. A connection is leased for a transaction and given back behind it, unless the session left something there.
 *
 * <p>A message goes on when the one before it allows that; what a client sends in one go goes on in one go as long as it stays at one server.
 * Owned by one IO loop.
 */
final class ClientSession extends ChannelInboundHandlerAdapter implements ServerPool.Lessee<ServerConnection> {
    private static final String REPLICATION = "replication";
    private static final Statement UNREAD = new Statement(0, Verb.OTHER, 2, false, "is longer than database.router.statement allows to be read", Pin.UNREAD.bit(),
            List.of(), "", Optional.empty(), true, true, Optional.empty());

    /** What the session waits for before it goes on. */
    private enum Waiting {
        NOTHING,
        SERVER,
        DATA,
        SETTINGS
    }

    private final Channel channel;
    private final Login login;
    private final RouterLoop loop;
    private CancelKey key;
    private final Dialect dialect;
    private final ClientInput input;
    private final ClientOutput output;
    private final ExtendedQuery extended;
    private final TransactionState transaction = new TransactionState();
    private final UnderWay underWay = new UnderWay();
    private final Attempt attempt = new Attempt();
    private final Batch batch = new Batch();
    /** The unnamed statement as it was when the request was kept; null when there was none. */
    private Prepared unnamedBefore;
    private final Seen seen;

    private final SessionSettings atStart;
    private SessionSettings settings;
    private final OwnSettings own;
    private int pins;

    private Waiting waiting = Waiting.NOTHING;
    private ServerPool<ServerConnection> asked;
    private ServerConnection server;
    /** The place taken at it when the server is, or is to be, a replica. */
    private Replica replica;

    /** Extended-query messages were sent whose Sync was not. */
    private boolean inBatch;
    /** An error was told: what comes before the next Sync is dropped. */
    private boolean skipping;
    private boolean copyIn;
    private boolean copyInBatch;
    /** A transaction was lost between two of its statements; the next one hears of it. */
    private PostgresError pendingError;

    private boolean welcomed;
    private boolean closed;
    private boolean running;
    private boolean runAgain;
    private boolean paused;
    /** The server takes no more for now. */
    private boolean choked;

    ClientSession(Channel channel, Login login, RouterLoop loop, CancelKey key) {
        this.channel = channel;
        this.login = login;
        this.loop = loop;
        this.key = key;
        this.dialect = loop.dialect(login);
        this.input = new ClientInput(channel.alloc());
        this.output = new ClientOutput(channel);
        this.extended = new ExtendedQuery(dialect.texts(), input);
        this.atStart = SessionSettings.ofStartUp(login.settings().entrySet().stream()
                .filter(setting -> !setting.getKey().equals(REPLICATION))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        this.settings = atStart;
        this.seen = loop.members().seen();
        this.own = new OwnSettings(seen);
    }

    /** Lets the client in: tells it what the server reports of its settings, which needs a server when nobody with the same was here before. */
    void begin(ByteBuf rest) {
        input.add(rest);
        String replication = login.settings().get(REPLICATION);
        if (replication != null) {
            waiting = Waiting.SERVER;
            pins = Pin.OTHER.bit();
            loop.openAlone(this, login.settings());
            return;
        }
        Map<String, String> reported = loop.sessionMode() ? null : loop.reported(login, settings);
        if (reported != null) {
            welcome(reported);
        } else {
            leasePrimary();
        }
    }

    /** A connection of its own, as for replication. */
    void grantedAlone(ServerConnection connection) {
        if (closed) {
            connection.abandon();
            return;
        }
        waiting = Waiting.NOTHING;
        server = connection;
        connection.lendTo(this);
        connection.settings(settings);
        key = loop.rename(this, key, connection.welcome().processId());
        welcome(connection.parameters());
    }

    private void welcome(Map<String, String> reported) {
        welcomed = true;
        output.welcome(reported, key);
        run();
    }

    // ---- What the client sends ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf more = (ByteBuf) read;
        if (closed) {
            more.release();
            return;
        }
        // Most clients wait for their answer: it is for those who send on that reading has to stop, which costs the kernel twice.
        boolean sendsOn = stalled();
        input.add(more);
        run();
        if (!closed && sendsOn && stalled()) {
            pause();
        }
    }

    /** More input would only pile up: what is there waits for an answer. A message that is needed whole may always come. */
    private boolean stalled() {
        return waiting != Waiting.NOTHING || !alone() && input.bytes() > loop.settings().statement().bytes() + Batch.MOST_BYTES;
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
            runAgain = true;
            return;
        }
        running = true;
        try {
            do {
                runAgain = false;
                while (welcomed && !closed && waiting == Waiting.NOTHING && !input.isEmpty() && step()) {
                    // One message after the other.
                }
            } while (runAgain && !closed);
        } catch (ProtocolViolation violation) {
            fatal(PostgresError.fatal("08P01", "invalid message: " + violation.getMessage()));
        } finally {
            running = false;
        }
        if (!closed) {
            ran();
        }
    }

    private void ran() {
        if (server != null) {
            server.flush();
        }
        input.trim();
        readOn();
    }

    /** Takes what the client sends again, once there is no reason any more not to. */
    private void readOn() {
        if (choked && server == null) {
            choked = false;
            paused = true; // it may be another reason by now
        }
        if (paused && !stalled()) {
            paused = false;
            channel.config().setAutoRead(server == null || server.channel().isWritable());
        }
    }

    /** The next message, or the next piece of a large one. False: it has to wait, for bytes or for a server. */
    private boolean step() {
        if (input.isPassing()) {
            input.pass(server);
            return true;
        }
        if (!input.hasHeader()) {
            return false;
        }
        byte type = input.type();
        int bytes = input.length();
        if (type == 'X') {
            close();
            return false;
        }
        if (type != 'S' && (skipping || pendingError != null)) {
            drop(type, bytes);
            return true;
        }
        return switch (type) {
            case 'Q' -> query(bytes);
            case 'P', 'B', 'D', 'E', 'C', 'H' -> extendedQuery(type, bytes);
            case 'S' -> sync(bytes);
            case 'F' -> functionCall(bytes);
            case 'd', 'c', 'f' -> copyData(type, bytes);
            default -> throw new ProtocolViolation("there is no message of type '" + ClientInput.shown(type) + "'");
        };
    }

    /** What follows an error is not done, up to where the client waits for ReadyForQuery. */
    private void drop(byte type, int bytes) {
        boolean simple = type == 'Q' || type == 'F';
        if (pendingError != null) {
            tell(pendingError);
            pendingError = null;
            skipping = !simple;
            if (simple) {
                output.ready((byte) 'I');
            }
            output.flush();
            if (closed) {
                return; // sending has told that the client has left
            }
        }
        input.skip(bytes);
    }

    private boolean query(int bytes) {
        boolean unread = bytes - HEADER > loop.settings().statement().bytes();
        if (!unread && !input.has(bytes)) {
            return false;
        }
        int at = input.at();
        Statement statement = unread || !settings.isReadable() ? UNREAD : read(at, bytes);
        if (answersItself(statement)) {
            return alone() && answerItself(statement, bytes);
        }
        if (server == null || replica != null) {
            if (!enlist(batch.simple(statement, at + bytes))) {
                return false;
            }
            keep(at, bytes);
        } else if (statement.readsOnly() && mayKeep()) {
            batch.simple(statement, at + bytes);
            keep(at, bytes);
        } else {
            decided();
        }
        if (!unread) {
            trace(at + HEADER, at + bytes - 1, true);
        }
        note(statement);
        extended.forgetUnnamed();
        server.unnamed(null);
        server.replies().add(Kind.QUERY);
        if (!unread && input.bytes() == bytes && server.output().isEmpty()) {
            input.sendAll(server);
        } else {
            input.send(bytes, server);
        }
        inBatch = false;
        if (!unread) {
            askPosition();
        }
        return true;
    }

    private Statement read(int at, int bytes) {
        int end = at + bytes - 1;
        if (bytes <= HEADER || input.buffer().getByte(end) != 0) {
            throw new ProtocolViolation("a query does not end with a zero byte");
        }
        return dialect.reader().read(input.buffer(), at + HEADER, end, settings.standardStrings());
    }

    /** Nothing that was sent before is still to be answered. */
    private boolean alone() {
        return server == null || server.replies().isEmpty() && !inBatch;
    }

    private boolean extendedQuery(byte type, int bytes) {
        boolean unread = type == 'P' && isUnread(bytes);
        int needed = unread ? HEADER + 1 : type == 'B' ? Math.min(bytes, ExtendedQuery.MOST_NAMES) : bytes;
        if (!input.has(needed)) {
            return false;
        }
        if ((type == 'C' || type == 'D') && bytes < HEADER + 2) {
            throw new ProtocolViolation("a message of type '" + (char) type + "' says of nothing what it is about");
        }
        boolean needsNoServer = type == 'C' && extended.subjectIsStatement();
        if (!inBatch && !(needsNoServer && server == null) && !placed()) {
            return false;
        }
        inBatch |= server != null;
        switch (type) {
            case 'P' -> parse(bytes, unread);
            case 'B' -> {
                Statement bound = extended.bind(bytes, server);
                if (bound != null) {
                    note(bound);
                }
            }
            case 'D' -> extended.describe(bytes, server);
            case 'C' -> closeSubject(bytes);
            case 'E' -> send(Kind.EXECUTE, bytes);
            default -> {
                output.flush(); // what the router said itself: the server may have nothing to flush
                if (closed) {
                    return false; // sending has told that the client has left
                }
                input.send(bytes, server);
            }
        }
        return true;
    }

    private void send(Kind kind, int bytes) {
        server.replies().add(kind);
        input.send(bytes, server);
    }

    /** Whether the messages from here to the next Sync have a server. */
    private boolean placed() {
        if (server != null && replica == null) {
            if (mayKeep()) {
                batch.extended(input.buffer(), input.at(), this);
                keep(input.at(), batch.end() - input.at());
            } else {
                decided();
            }
            return true;
        }
        if (server == null && !loop.splits()) {
            return leasePrimary();
        }
        batch.extended(input.buffer(), input.at(), this);
        if (!batch.complete() && input.bytes() < Batch.MOST_BYTES) {
            return false;
        }
        if (!enlist(batch)) {
            return false;
        }
        keep(input.at(), batch.end() - input.at());
        return true;
    }

    private void parse(int bytes, boolean unread) {
        if (unread) {
            noteParsed(UNREAD);
            if (input.buffer().getByte(input.at() + HEADER) == 0) {
                extended.forgetUnnamed(); // or the Bind behind it would be of the one before
                server.unnamed(null);
            }
            send(Kind.PARSE, bytes); // under the client's own name: the session keeps this connection
            return;
        }
        int at = input.at();
        Prepared prepared = prepare(input.buffer(), at + HEADER, at + bytes);
        Statement statement = prepared.statement();
        boolean named = input.buffer().getByte(at + HEADER) != 0;
        int textAt = input.buffer().indexOf(at + HEADER, at + bytes, (byte) 0) + 1;
        trace(textAt, input.buffer().indexOf(textAt, at + bytes, (byte) 0), !named);
        noteParsed(statement);
        if (statement.verb() == Verb.SHOW && OwnSettings.has(statement.name()) && input.buffer().getByte(at + HEADER) == 0) {
            server.output().parse(own.asSelect(statement.name()));
            server.replies().add(Kind.PARSE);
            extended.forgetUnnamed();
            server.unnamed(null);
            input.skip(bytes);
        } else if (statement.verb() == Verb.DEALLOCATE && extended.knows(statement.name()) && input.buffer().getByte(at + HEADER) == 0) {
            extended.parseDeallocate(statement.name(), bytes, server);
        } else {
            extended.parse(prepared, bytes, server, attempt.isRepeated());
            server.answerDue();
        }
    }

    /** @param own whether the server gets this very text; one that is kept by name serves requests to come as well */
    private void trace(int from, int to, boolean own) {
        Tracer tracer = loop.tracer();
        if (tracer != null) {
            underWay.trace().begin(tracer, input.buffer(), from, to, own, loop.random(), loop.nanos());
        }
    }

    private void closeSubject(int bytes) {
        if (!extended.subjectIsStatement()) {
            send(Kind.CLOSE, bytes);
        } else if (extended.close(bytes, server)) {
            output.answer((byte) '3');
        } else {
            server.answerDue();
        }
    }

    private boolean sync(int bytes) {
        if (!input.has(bytes)) {
            return false;
        }
        if (server == null) {
            input.skip(bytes);
            inBatch = false;
            skipping = false;
            if (pendingError != null) {
                tell(pendingError);
                pendingError = null;
            }
            output.ready(transaction.status());
            output.flush();
            return true;
        }
        if (copyIn && copyInBatch) {
            input.send(bytes, server); // the server ignores it, so nothing will answer it
            return true;
        }
        skipping = false;
        if (!inBatch) {
            decided();
        }
        send(Kind.SYNC, bytes);
        askPosition();
        inBatch = false;
        return true;
    }

    private boolean functionCall(int bytes) {
        if ((server == null || replica != null) && !enlist(batch.simple(UNREAD, input.at() + bytes))) {
            return false;
        }
        decided();
        underWay.sent(UNREAD, loop.nanos());
        send(Kind.QUERY, bytes);
        if (loop.splits()) {
            underWay.position(!transaction.idle());
        }
        return true;
    }

    private boolean copyData(byte type, int bytes) {
        if (server == null) {
            input.skip(bytes); // left over of a copy that failed: PostgreSQL ignores it as well
        } else if (!copyIn && !server.replies().isEmpty()) {
            return false; // a Sync in front of the copy's data is not answered, one behind it is: first the server has to ask for the data
        } else {
            copyIn &= type == 'd';
            input.send(bytes, server);
        }
        return true;
    }

    // ---- What a batch asks of the session ----

    /** What a Parse message is about. */
    Prepared prepare(ByteBuf in, int nameAt, int end) {
        return extended.prepare(in, nameAt, end, settings, transaction.searchPath().isEmpty() ? settings.searchPath() : transaction.searchPath());
    }

    /** Whether a Parse message of that many bytes passes without being looked at. */
    boolean isUnread(int bytes) {
        return bytes - HEADER > loop.settings().statement().bytes() || !settings.isReadable();
    }

    Prepared named(ByteBuf in, int at, int end) {
        return extended.named(in, at, end);
    }

    Prepared unnamedStatement() {
        return extended.unnamed();
    }

    // ---- What a statement does to the session ----

    private void note(Statement statement) {
        noteParsed(statement);
        if (!statement.readsOnly()) {
            transaction.sent(statement, server.replies().isEmpty());
            statement.settings().forEach(change -> own.change(change, loop.nanos()));
        }
    }

    /** It may be run, or only be described: what it does to the session is noted when it is bound. */
    private void noteParsed(Statement statement) {
        underWay.sent(statement, loop.nanos());
        if (statement.pins() != 0) {
            pin(statement.pins());
        }
    }

    private void pin(int more) {
        loop.figures().pinned(more & ~pins);
        pins |= more;
    }

    // ---- What is answered without a server ----

    private boolean answersItself(Statement statement) {
        return switch (statement.verb()) {
            case BEGIN -> server == null && pins == 0 && loop.splits() && loop.settings().reads().inTransactions()
                    && ReadRoute.defersBegin(statement, transaction, settings, own.route(), loop.readCommitted(login));
            case COMMIT, ROLLBACK -> transaction.deferred() && statement.name().isEmpty();
            case DEALLOCATE -> transaction.status() != 'E' && extended.knows(statement.name());
            case SHOW -> OwnSettings.has(statement.name());
            default -> false;
        };
    }

    private boolean answerItself(Statement statement, int bytes) {
        switch (statement.verb()) {
            case BEGIN -> {
                transaction.defer(statement.begin().orElseThrow());
                transaction.status((byte) 'T');
                output.completed("BEGIN");
            }
            case COMMIT, ROLLBACK -> {
                transaction.forget();
                transaction.status((byte) 'I');
                output.completed(statement.verb().name());
            }
            case DEALLOCATE -> {
                extended.deallocate(statement.name());
                output.completed("DEALLOCATE");
            }
            default -> {
                if (statement.name().equals(OwnSettings.LSN) && !seen.settled() && attempt.waitForData()) {
                    waiting = Waiting.DATA;
                    loop.members().settle(seen, loop.eventLoop(), readDeadline(), this::waited);
                    return false;
                }
                output.row(statement.name(), own.value(statement.name()));
                output.completed("SHOW");
            }
        }
        attempt.over();
        input.skip(bytes);
        output.ready(transaction.status());
        output.flush();
        return true;
    }

    // ---- Which server ----

    /** Whether there is a server for what comes next; if not, the session waits for one, or was told why there is none. */
    private boolean enlist(Batch next) {
        if (server != null) {
            if (!alone()) {
                return false;
            }
            if (!attempt.avoidsReplicas() && ReadRoute.stays(next, transaction)) {
                return true;
            }
            leaveReplica();
        }
        if (readsAtReplica(next)) {
            Replica chosen = loop.members().choose(seen, loop.nanos());
            if (chosen != null) {
                return leaseReplica(chosen, next);
            }
            if (loop.members().worthWaiting(seen, loop.nanos()) && attempt.waitForData()) {
                waiting = Waiting.DATA;
                loop.members().await(seen, loop.eventLoop(), readDeadline(), this::waited);
                return false;
            }
        }
        return leasePrimary();
    }

    private boolean readsAtReplica(Batch next) {
        return loop.splits() && pins == 0 && !attempt.avoidsReplicas()
                && ReadRoute.mayRead(next, transaction, settings, own.route(), loop.settings().reads().inTransactions(), loop.readCommitted(login));
    }

    private long readDeadline() {
        return loop.nanos() + loop.settings().reads().patience().toNanos();
    }

    private void waited() {
        if (waiting == Waiting.DATA) {
            waiting = Waiting.NOTHING;
            run();
        }
    }

    /** The transaction goes on at another server. */
    private void leaveReplica() {
        ServerConnection left = server;
        server = null;
        endAtReplica();
        transaction.left();
        left.release("ROLLBACK");
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
        if (connection.has().equals(settings)) {
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
        giveBack();
        refused(welcomed ? PostgresError.error(why.state(), "the session's settings cannot be set at another server connection: " + why.message()) : why);
    }

    /** The connection is as the session needs it: on with what was waiting. */
    private void settled() {
        waiting = Waiting.NOTHING;
        if (!welcomed) {
            Map<String, String> reported = loop.remember(login, settings, server.parameters());
            if (loop.sessionMode()) {
                key = loop.rename(this, key, server.welcome().processId());
            } else {
                giveBack();
            }
            welcome(reported);
            return;
        }
        if (transaction.deferred()) {
            server.ask(transaction.begun(), this::begun);
            if (replica == null) {
                transaction.stays();
            }
        }
        run();
    }

    /** The BEGIN that the client was told of before has been run, with what follows right behind it. */
    private void begun(PostgresError failure) {
        if (failure != null) {
            fatal(new PostgresError(Severity.FATAL, "08007", "the transaction could not be begun (" + failure.message() + "); whether the statement sent behind its BEGIN"
                    + " was run on its own is not known", "", "Look whether its change is there before you make it again."));
        }
    }

    @Override
    public void refused(PostgresError why) {
        waiting = Waiting.NOTHING;
        asked = null;
        if (replica != null) {
            // A replica that cannot be had is no reason to fail: the primary can answer too.
            replica.finish(Outcome.NO_ANSWER, loop.nanos());
            replica = null;
            attempt.avoidReplicas();
            run();
        } else if (welcomed) {
            attempt.over();
            transaction.forget();
            transaction.status((byte) 'I');
            pendingError = why;
            run();
        } else {
            fatal(new PostgresError(Severity.FATAL, why.state(), why.message(), why.detail(), why.hint()));
        }
    }

    @Override
    public void moved(PostgresError why) {
        waiting = Waiting.NOTHING;
        asked = null;
        if (replica != null) {
            replica.finish(Outcome.CLIENT_LEFT, loop.nanos());
            replica = null;
        }
        goOn();
    }

    boolean awaitsPrimary() {
        return waiting == Waiting.SERVER && asked == null && !closed && !login.settings().containsKey(REPLICATION);
    }

    /** There is a primary again. */
    void primaryIsThere() {
        if (awaitsPrimary()) {
            waiting = Waiting.NOTHING;
            goOn();
        }
    }

    private void goOn() {
        if (welcomed) {
            run();
        } else {
            leasePrimary();
        }
    }

    // ---- What the server answers; called by its connection ----

    ClientOutput output() {
        return output;
    }

    /** From here on the client sees the answer, or something is sent behind what is kept: it cannot be asked for anywhere else. */
    void decided() {
        if (output.isHolding()) {
            output.letGo();
            attempt.drop();
        }
    }

    /** Whether an answer that begins with this SQLSTATE is to be forgotten and asked for elsewhere. */
    boolean repeatsAfter(String state) {
        return output.isHolding() && replica != null && attempt.mayRepeat() && switch (state) {
            // It wrote after all; the replay of the log was in its way; the server is going down, or is not up yet; an unlogged table.
            case "25006", "40001", "40P01", "57P01", "57P02", "57P03", "58000", "0A000" -> true;
            default -> false;
        };
    }

    /** Whether it waits for a replica's answer of which its client has seen nothing. */
    boolean mayAskElsewhere() {
        return replica != null && output.isHolding() && attempt.mayRepeat();
    }

    /** The answer to be forgotten is over: once more, at the primary. */
    void repeat() {
        ServerConnection left = server;
        server = null;
        attempt.avoidReplicas();
        endAtReplica();
        left.release(left.status() == 'I' ? "" : "ROLLBACK");
        askAgain();
    }

    private void askAgain() {
        loop.figures().repeated();
        output.forget();
        underWay.clear();
        inBatch = false;
        skipping = false;
        copyIn = false;
        if (attempt.begins()) {
            transaction.forget();
        } else {
            transaction.left();
        }
        extended.unnamed(unnamedBefore); // the request may use it before it prepares another
        input.putBack(attempt.repeat());
        loop.eventLoop().execute(this::run);
    }

    void failed() {
        underWay.failed();
        transaction.failed();
        copyIn = false;
    }

    void completed(ByteBuf from, int body, int end) {
        underWay.rows(Tags.rows(from, body, end));
        switch (Tags.meaning(from, body, end)) {
            case NOTHING -> { /* most */ }
            case OTHER_SCHEMA -> underWay.changesSchema();
            case OTHER_DEFAULTS -> underWay.changesDefaults();
            case NO_STATEMENTS -> {
                extended.clear();
                server.forgetStatements();
            }
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

    /** A Sync that was sent into a copy was answered after all, for the copy had failed before it came. */
    void syncCrossed() {
        skipping = false;
    }

    /** A Close was skipped that was taken for granted. */
    void stillPrepared(Replies.Named closed) {
        extended.putBack(closed);
    }

    /** A Parse failed that was taken for granted. */
    void notPrepared(ClientStatements.Name name) {
        extended.remove(name);
    }

    /** Whether ReadyForQuery has to wait for the commit's position, which is asked for now. */
    boolean asksPosition(byte status) {
        if (status != 'I' || !server.replies().isEmpty() || !underWay.asksAtEnd()) {
            return false;
        }
        sendPosition();
        server.flush();
        return true;
    }

    /** The client hears that it is ready once the position is known: what it tells others of is then known to be committed. */
    void holdReady(byte status) {
        underWay.holdReady(status);
    }

    /** Where the primary was after what was sent. */
    void positionIs(long position) {
        if (position == Lsn.NONE) {
            seen.readAtPrimary(loop.nanos());
        } else {
            seen.wrote(position, loop.nanos());
        }
        underWay.positionKnown(server.replies().isEmpty());
        byte status = underWay.releaseReady();
        if (status != 0) {
            output.ready(status);
            ready(status);
        }
    }

    /** The client was told that it is ready. */
    void ready(byte status) {
        transaction.answered(status, !server.replies().isEmpty());
        underWay.answered(loop.figures(), loop.tracer(), login, server.member(), replica != null, loop.nanos());
        underWay.tellChanges(loop.generations(), status == 'I', (pins & Pin.TEMPORARY_TABLE.bit()) != 0);
        if (!server.replies().isEmpty()) {
            return;
        }
        underWay.settled();
        if (status == 'I') {
            transactionEnded();
        }
    }

    private void transactionEnded() {
        if (transaction.leavesNothing()) {
            transaction.forget();
            return;
        }
        TransactionState.Ended ended = transaction.end();
        ended.changes().forEach(this::apply);
        if (ended.pins() != 0) {
            pin(ended.pins());
        }
        if (ended.discardedAll()) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
            pins = 0;
        }
        if ((pins != 0 || loop.sessionMode()) && !server.has().equals(settings)) {
            setAgain(server, settings);
        }
    }

    /** What was reset is as the server has it, and not as the client's start-up packet asked for it: at a connection that stays, that is done now. */
    private void setAgain(ServerConnection connection, SessionSettings wanted) {
        connection.ask(wanted.from(connection.has()), why -> {
            if (why == null) {
                connection.settings(wanted);
            }
        });
        connection.flush();
    }

    private void apply(SettingChange change) {
        if (OwnSettings.has(change.name())) {
            return;
        }
        SessionSettings has = server.has();
        boolean same = has == settings;
        if (change.name().equals("*")) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
        } else if (change.reset() || change.value().equalsIgnoreCase("default")) {
            settings = settings.reset(change.name(), atStart);
            server.settings(has.reset(change.name(), SessionSettings.NONE));
        } else {
            settings = settings.with(change.name(), change.value());
            server.settings(same ? settings : has.with(change.name(), change.value()));
        }
    }

    /** All that the server sent was looked at: the client gets it, the connection goes back where it may, and the session goes on. */
    void serverRead() {
        if (closed) {
            return;
        }
        output.flush();
        if (server != null && waiting == Waiting.NOTHING && mayLeave()) {
            giveBack();
        }
        run();
    }

    private boolean mayLeave() {
        return server.status() == 'I' && server.replies().isEmpty() && pins == 0 && !inBatch && !skipping && !copyIn && !input.isPassing()
                && underWay.heldReady() == 0 && !loop.sessionMode();
    }

    private void giveBack() {
        ServerConnection left = server;
        server = null;
        output.letGo();
        attempt.over();
        if (replica != null) {
            endAtReplica();
        } else if (loop.splits() && !underWay.isPositionKnown()) {
            seen.readAtPrimary(loop.nanos());
        }
        underWay.clear();
        left.release("");
    }

    private void endAtReplica() {
        long now = loop.nanos();
        seen.read(replica, now);
        replica.finish(Outcome.OK, now);
        replica = null;
    }

    // ---- The commit's position ----

    /** Asks for the primary's position behind what may have committed something, in the same packet. */
    private void askPosition() {
        if (replica == null && loop.splits() && underWay.position(!transaction.idle()) == UnderWay.Position.NOW) {
            sendPosition();
        }
    }

    private void sendPosition() {
        server.askPosition();
    }

    // ---- Asking again ----

    /** A read at the primary can be asked again if nothing came before it in its transaction. */
    private boolean mayKeep() {
        return loop.splits() && transaction.idle() && alone();
    }

    /** Keeps what is sent next until the client has seen something of its answer, if it is proved to read only. */
    private void keep(int at, int bytes) {
        boolean beginning = transaction.idle() || transaction.movable();
        if (batch.readsOnly() && batch.complete() && batch.first() != null && beginning && loop.splits() && pins == 0) {
            attempt.keep(input.keep(at, bytes), batch.begins());
            unnamedBefore = extended.unnamed();
            output.hold();
        }
    }

    // ---- Failures ----

    /** The connection broke while the session had it. @param lastWords what the server said; null when it said nothing */
    void serverLost(ServerConnection lost, PostgresError lastWords) {
        if (closed || server != lost) {
            return;
        }
        server = null;
        serverWritable(true); // nothing is left that could say so
        boolean atReplica = replica != null;
        if (atReplica) {
            seen.read(replica, loop.nanos());
            replica.finish(Outcome.BROKEN, loop.nanos());
            replica = null;
        } else if (loop.splits()) {
            seen.readAtPrimary(loop.nanos());
        }
        if (waiting == Waiting.SETTINGS) {
            waiting = Waiting.NOTHING;
            goOn();
        } else if (output.isHolding() && attempt.mayRepeat()) {
            if (atReplica) {
                attempt.avoidReplicas();
            }
            askAgain();
        } else if (lost.isInMessage()) {
            close(); // whatever it was told now, it would take for the rest of the message
        } else {
            output.forget();
            attempt.over();
            tellLost(lost, atReplica, lastWords);
        }
    }

    private void tellLost(ServerConnection lost, boolean atReplica, PostgresError lastWords) {
        boolean committed = underWay.heldReady() == 'I';
        int owed = lost.replies().readiesOwed() + (underWay.heldReady() == 0 || committed ? 0 : 1);
        if (committed) {
            // It is done and the client has been told so: only how far the log was is not known.
            transaction.status(underWay.releaseReady());
            underWay.settled();
            output.ready((byte) 'I');
            output.flush();
        }
        boolean between = owed == 0 && !inBatch && !copyIn;
        if (pins != 0 || loop.sessionMode()) {
            fatal(Losses.stateLost(lost.member(), pins, lastWords));
            return;
        }
        if (between && transaction.idle()) {
            readOn();
            return;
        }
        if (between && atReplica && transaction.movable()) {
            transaction.left(); // another server goes on with it
            readOn();
            return;
        }
        PostgresError why = Losses.of(lost.member(), !transaction.idle(), underWay.mayHaveCommitted(), underWay.commits(), lastWords);
        if (underWay.trace().records()) {
            underWay.trace().lost(loop.tracer(), lost.member(), loop.nanos());
        }
        underWay.clear();
        transaction.forget();
        transaction.status((byte) 'I');
        copyIn = false;
        for (int i = 0; i < owed; i++) {
            tell(why);
            output.ready((byte) 'I');
        }
        if (inBatch) {
            tell(why);
            skipping = true;
            inBatch = false;
        } else if (owed == 0) {
            pendingError = why;
        }
        output.flush();
        run();
    }

    /** A statement cannot be done, and the client is told. */
    private void tell(PostgresError why) {
        output.error(why);
        loop.figures().refused();
    }

    /** Tells the client why and closes. */
    void fatal(PostgresError why) {
        if (!closed) {
            output.forget();
            tell(why);
            close();
        }
    }

    // ---- Flow and end ----

    void serverWritable(boolean writable) {
        choked = !writable;
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

    /** Cancels what runs for this session, if anything does. @param done the request has arrived, or there was nothing to cancel */
    void cancel(Runnable done) {
        if (server != null && !server.replies().isEmpty()) {
            loop.cancel(server, done);
        } else {
            done.run();
        }
    }

    /** In the middle of a transaction or a statement. */
    boolean isBusy() {
        return server != null && (server.status() != 'I' || !server.replies().isEmpty() || inBatch);
    }

    /** The connection it has; null when it has none. */
    ServerConnection server() {
        return server;
    }

    /** Bits of {@link Pin}: why it keeps its connection. */
    int pins() {
        return pins;
    }

    boolean isWaiting() {
        return waiting != Waiting.NOTHING;
    }

    Login login() {
        return login;
    }

    /** What the application calls itself now; empty when it does not. */
    String applicationName() {
        return settings.applicationName();
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
        extended.clear();
        if (asked != null) {
            asked.leave(this);
            asked = null;
        }
        if (replica != null) {
            replica.finish(Outcome.CLIENT_LEFT, loop.nanos());
            replica = null;
        }
        if (server != null) {
            leaveServer();
        }
        output.forget();
        attempt.over();
        input.release();
    }

    /** What is in the middle of something is of no use to anybody; what was left there is cleared away. */
    private void leaveServer() {
        ServerConnection left = server;
        server = null;
        boolean clean = left.replies().isEmpty() && !inBatch && !copyIn && !input.isPassing() && transaction.rollsBackCleanly();
        boolean kept = pins != 0 || loop.sessionMode();
        if (!clean || left.isAlone() || kept && left.status() != 'I') {
            left.lendTo(null);
            if (!left.replies().isEmpty()) {
                loop.cancel(left, () -> { });
            }
            left.abandon();
        } else if (kept) {
            left.forgetStatements();
            left.settings(SessionSettings.NONE);
            left.release("DISCARD ALL");
        } else {
            left.release(left.status() == 'I' ? "" : "ROLLBACK");
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
        if (!(cause instanceof IOException)) {
            loop.exception(cause);
        }
        close();
    }
}
