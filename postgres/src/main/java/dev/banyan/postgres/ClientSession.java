package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/**
 * A client's session: takes what the client sends message by message and gives each to the part that knows what to do with it. A message goes on
 * when the one before it allows that; what a client sends in one go goes on in one go as long as it stays at one server.
 *
 * <p>Its parts, one idea each: {@link StartUp} lets the client in. {@link SimpleQuery}, {@link ExtendedQuery} and {@link CopyIn} send what it
 * asks; {@link LocalAnswers} needs no server for it, {@link ServerChoice} finds where it belongs, {@link Checkout} gets a connection there,
 * {@link ServerLease} has it for a transaction, or longer if {@link SessionState} keeps it there. {@link ClientAnswers} hears what comes back,
 * {@link CommitPosition} where the log was then; {@link Repeats} asks reads again, {@link ServerLoss} tells what is lost. All are owned by one
 * IO loop, made with the session and never exchanged; a part takes from the session what it works with.
 */
final class ClientSession extends ChannelInboundHandlerAdapter {
    final Channel channel;
    final Login login;
    final RouterLoop loop;
    final Dialect dialect;

    final ClientInput input;
    final ClientOutput output;
    final ProtocolState protocol = new ProtocolState();
    final TransactionState transaction = new TransactionState();
    final UnderWay underWay = new UnderWay();
    final Attempt attempt = new Attempt();
    final Batch batch = new Batch();
    final Seen seen;
    final SessionState state;
    final StatementNames statements;
    final CopyIn copy;

    final ServerLease lease;
    final Checkout checkout;
    final ServerChoice choice;
    final Repeats repeats;
    final SentStatements sent;
    final CommitPosition position;
    final LocalAnswers local;
    final SimpleQuery simple;
    final ExtendedQuery extended;
    final ClientAnswers answers;
    final ServerLoss loss;
    final BackPressure backPressure;
    final StartUp startUp;

    private boolean closed;
    private boolean running;
    private boolean runAgain;

    ClientSession(Channel channel, Login login, RouterLoop loop, CancelKey key) {
        this.channel = channel;
        this.login = login;
        this.loop = loop;
        this.dialect = loop.dialect(login);
        this.input = new ClientInput(channel.alloc());
        this.output = new ClientOutput(channel);
        this.seen = loop.members().seen();
        this.state = new SessionState(loop, login, seen);
        this.statements = new StatementNames(dialect.texts(), input);
        this.copy = new CopyIn(input);
        this.lease = new ServerLease(this);
        this.checkout = new Checkout(this);
        this.choice = new ServerChoice(this);
        this.repeats = new Repeats(this);
        this.sent = new SentStatements(this);
        this.position = new CommitPosition(this);
        this.local = new LocalAnswers(this);
        this.simple = new SimpleQuery(this);
        this.extended = new ExtendedQuery(this);
        this.answers = new ClientAnswers(this);
        this.loss = new ServerLoss(this);
        this.backPressure = new BackPressure(this);
        this.startUp = new StartUp(this, key);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf more = (ByteBuf) read;
        if (closed) {
            more.release();
            return;
        }
        // Most clients wait for their answer: it is for those who send on that reading has to stop, which costs the kernel twice.
        boolean sendsOn = backPressure.stalled();
        input.add(more);
        run();
        if (!closed && sendsOn && backPressure.stalled()) {
            backPressure.pause();
        }
    }

    /** Does all that can be done with what was received. */
    void run() {
        if (running || closed) {
            runAgain = true;
            return;
        }
        running = true;
        try {
            do {
                runAgain = false;
                while (startUp.isDone() && !closed && !checkout.isWaiting() && !input.isEmpty() && step()) {
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
        if (lease.server() != null) {
            lease.server().flush();
        }
        input.trim();
        backPressure.readOn();
    }

    /** The next message, or the next piece of a large one. False: it has to wait, for bytes or for a server. */
    private boolean step() {
        if (input.isPassing()) {
            input.pass(lease.server());
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
        if (type != 'S' && protocol.drops()) {
            drop(type, bytes);
            return true;
        }
        return switch (type) {
            case 'Q' -> simple.query(bytes);
            case 'P', 'B', 'D', 'E', 'C', 'H' -> extended.message(type, bytes);
            case 'S' -> extended.sync(bytes);
            case 'F' -> simple.functionCall(bytes);
            case 'd', 'c', 'f' -> copy.data(type, bytes, lease.server());
            default -> throw new ProtocolViolation("there is no message of type '" + ClientInput.shown(type) + "'");
        };
    }

    /** What follows an error is not done, up to where the client waits for ReadyForQuery. */
    private void drop(byte type, int bytes) {
        if (tellOwed()) {
            if (type == 'Q' || type == 'F') {
                protocol.skipNoMore();
                output.ready((byte) 'I');
            } else {
                protocol.skipToSync();
            }
            output.flush();
            if (closed) {
                return; // sending has told that the client has left
            }
        }
        input.skip(bytes);
    }

    /** Tells the client what it has still to hear; returns whether there was something. */
    boolean tellOwed() {
        PostgresError why = protocol.takeOwed();
        if (why == null) {
            return false;
        }
        tell(why);
        return true;
    }

    /** A statement cannot be done, and the client is told. */
    void tell(PostgresError why) {
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

    void close() {
        if (!closed) {
            end();
            channel.flush();
            channel.close();
        }
    }

    private void end() {
        closed = true;
        loop.left(this, startUp.key());
        sent.unanswered("session_ended", "the session ended before the answer", lease.server());
        statements.clear();
        checkout.end();
        lease.end();
        output.forget();
        attempt.over();
        input.release();
    }

    boolean isClosed() {
        return closed;
    }

    /** Cancels what runs for this session, if anything does. @param done the request has arrived, or there was nothing to cancel */
    void cancel(Runnable done) {
        ServerConnection server = lease.server();
        if (server != null && !server.replies().isEmpty()) {
            loop.cancel(server, done);
        } else {
            done.run();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        backPressure.clientWritable(channel.isWritable());
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
