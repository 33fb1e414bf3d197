package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.ServerWelcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A connection to a PostgreSQL server, lent to one session at a time: what it is, what it has of sessions' settings and statements, and how it
 * comes and goes. What is sent goes through {@link ServerOutput}; what comes is taken apart by {@link ServerInput} and understood by
 * {@link ServerAnswers}. Owned by one IO loop, which changes only while nobody has it.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements ServerPool.Connection {
    private final Channel channel;
    private final Member member;
    private final ServerWelcome welcome;
    private final Map<String, String> parameters;
    private final Replies replies = new Replies();
    private final KeptStatements statements;
    private final ServerOutput output;
    private final OwnQuestions questions;
    private final ServerAnswers answers;
    private final ServerInput input;
    private final Generations generations;
    private final Consumer<Throwable> faults;
    private final int defaults;
    private final Clock clock;
    private final long openedNanos;

    private ServerPool<ServerConnection> pool;
    private ClientSession session;
    private SessionSettings settings = SessionSettings.NONE;
    private Prepared unnamed;
    private int schema;
    private boolean broken;
    private PostgresError lastWords;
    private int cancels;
    private boolean waitsForCancels;
    private Runnable whenLost;

    ServerConnection(Channel channel, Member member, ServerWelcome welcome, ServerPool<ServerConnection> pool, int mostStatements, Generations generations, Consumer<Throwable> faults, Clock clock) {
        this.channel = channel;
        this.member = member;
        this.welcome = welcome;
        this.parameters = new TreeMap<>(welcome.parameters());
        this.pool = pool;
        this.statements = new KeptStatements(mostStatements);
        this.output = new ServerOutput(channel);
        this.questions = new OwnQuestions(replies, output);
        this.answers = new ServerAnswers(this, replies, questions, statements);
        this.input = new ServerInput(this, answers, replies);
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
        return answers.status();
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

    ServerOutput output() {
        return output;
    }

    void flush() {
        output.flush();
    }

    /** Says what the router itself has to say next, if it is its turn. */
    void answerDue() {
        answers.answerDue();
    }

    /** The client has seen a part of a message whose rest has not come. */
    boolean isInMessage() {
        return input.isInMessage();
    }

    /** Asks something of its own, kept from the client. {@code done} hears the server's error, or null; {@link #answer} has its last row. */
    void ask(String sql, Consumer<PostgresError> done) {
        questions.ask(sql, done);
        unnamed = null;
    }

    /** The first column of the last row that {@link #ask} was answered with, as text; empty when there was none. */
    String answer() {
        return questions.answer();
    }

    /** Asks the primary where it is in its log; the session hears of it. */
    void askPosition() {
        questions.askPosition();
        unnamed = null;
    }

    /** Who hears that it was lost instead of its pool, which does not have it yet; null from when it has. */
    void whenLost(Runnable task) {
        whenLost = task;
    }

    /** Gives it back to its pool; what the session left there is undone first. @param sql undoes it; empty when nothing is to be undone */
    void release(String sql) {
        session = null;
        questions.forgetPosition();
        channel.config().setAutoRead(true);
        if (sql.isEmpty()) {
            giveBack();
            return;
        }
        ask(sql, error -> {
            broken |= error != null || status() != 'I';
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

    boolean isBroken() {
        return broken;
    }

    /** The server said this and leaves. */
    void lastWords(PostgresError said) {
        lastWords = said;
        broken = true;
    }

    /** The server sent what is no message. */
    void violated(byte type, int length) {
        lastWords = PostgresError.error("08P01", "server " + member.name() + " sent what is not a message: type " + (type & 0xff) + ", length " + length);
        abandon();
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean reusable() {
        return !broken && channel.isActive() && replies.isEmpty() && status() == 'I' && defaults == generations.defaults() && !statements.isCluttered();
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
            input.read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (session != null) {
            session.answers.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (session != null) {
            session.backPressure.serverWritable(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken = true;
        input.release();
        output.release();
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
            lessee.loss.of(this, lastWords);
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
