package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A session's WATCH and MULTI: on a connection to the one node of its keys, from the first command that names a key until EXEC, DISCARD or
 * UNWATCH. A key of another node is refused, and then EXEC is, as after any command that Redis could not queue. Owned by one IO loop.
 */
final class Transaction implements NodeConnection.Owner, Recipient {
    private final ClientSession session;
    private final RouterLoop loop;
    private final Dispatch dispatch;
    private NodeConnection connection;
    private Node node;
    private int protocol;
    private int database;
    private boolean watching;
    private boolean multi;
    /** What could not be queued here, which the node does not know of; null when all could. */
    private String spoiled;
    private List<Integer> stripes = List.of();
    /** Whether something in it takes all keys away. */
    private boolean empties;

    Transaction(ClientSession session, RouterLoop loop, Dispatch dispatch) {
        this.session = session;
        this.loop = loop;
        this.dispatch = dispatch;
    }

    boolean isOpen() {
        return watching || multi;
    }

    /** Whether a command while it is open is its business. */
    boolean takes(Command command, Way way) {
        return multi ? way != Way.OWN || !command.name().equals("reset") && !command.name().equals("quit") : way == Way.TRANSACTION;
    }

    boolean command(Command command, Way way, Call call) {
        if (way == Way.TRANSACTION) {
            return verb(command, call);
        }
        if (!isPossible(command, way)) {
            return spoil("ERR '" + command.name() + "' is not possible in a transaction");
        }
        return queue(command, call);
    }

    /** What would change the lent connection is not, and of several nodes what would be done at one alone. */
    private boolean isPossible(Command command, Way way) {
        return switch (way) {
            case NODE, SPLIT, TRANSACTION -> true;
            case OWN -> command.name().equals("ping") || command.name().equals("echo");
            case SCAN, EVERYWHERE -> loop.placement().size() <= 1;
            case SUBSCRIPTION, PINNING, REFUSED -> false;
        };
    }

    private boolean verb(Command command, Call call) {
        if (!command.takes(call.count())) {
            spoil();
            return dispatch.refuse(Texts.wrongCount(command.name()));
        }
        return switch (command.name()) {
            case "watch" -> watch(command, call);
            case "unwatch" -> unwatch(call);
            case "multi" -> multi();
            case "exec" -> exec(call);
            default -> discard(call);
        };
    }

    private boolean watch(Command command, Call call) {
        if (multi) {
            session.answer(Reply.failure("ERR WATCH inside MULTI is not allowed"));
            return true;
        }
        if (!session.isIdle()) {
            return false;
        }
        Dispatch.Target target = dispatch.target(command, call);
        String refusal = refusal(target, command, call);
        if (refusal != null) {
            return dispatch.refuse(refusal);
        }
        if (!open(target.node)) {
            return true;
        }
        watching = true;
        int ticket = session.answers().ticket();
        session.hold(); // what is read next, elsewhere, must be read after
        connection.ask(call.buffer(), call.start(), call.size(), new Collecting(reply -> watched(ticket, reply), why -> watched(ticket, Reply.failure("NODEDOWN " + why))), 0);
        return true;
    }

    private void watched(int ticket, Reply reply) {
        session.answer(ticket, reply);
        session.release();
    }

    private boolean unwatch(Call call) {
        if (multi) {
            return connection == null ? answer(new Reply.Simple("QUEUED")) : passed(call);
        }
        if (!session.isIdle()) {
            return false;
        }
        if (connection != null) {
            connection.expect(Collecting.NOBODY, 0);
            ReplyWriter.command(connection.out(), bytes("UNWATCH"));
            close();
        }
        return answer(Reply.OK);
    }

    private boolean multi() {
        if (multi) {
            session.answer(Reply.failure("ERR MULTI calls can not be nested"));
            return true;
        }
        if (!session.isIdle()) {
            return false;
        }
        multi = true;
        if (connection != null) {
            begin();
        }
        return answer(Reply.OK);
    }

    private void begin() {
        connection.expect(Collecting.NOBODY, 0);
        ReplyWriter.command(connection.out(), bytes("MULTI"));
    }

    private boolean queue(Command command, Call call) {
        Dispatch.Target target = dispatch.target(command, call);
        String refusal = refusal(target, command, call);
        if (refusal != null) {
            return spoil(refusal);
        }
        if (connection == null) {
            if (!open(target.node)) {
                spoil();
                return true;
            }
            begin();
        }
        if (target.stripe >= 0) {
            if (stripes.isEmpty()) {
                stripes = new ArrayList<>();
            }
            stripes.add(target.stripe);
        }
        empties |= Dispatch.mayEmpty(command);
        return passed(call);
    }

    private String refusal(Dispatch.Target target, Command command, Call call) {
        if (target.refusal != null) {
            return target.refusal;
        }
        if (target.rule >= 0) {
            return Texts.declared(command.name(), Texts.shown(call, 1), "which a transaction cannot do");
        }
        boolean bound = connection != null && target.keyed && !command.is(Command.Flag.PUBSUB);
        return bound && !loop.placement().node(target.node).equals(node) ? Texts.CROSSSLOT : null;
    }

    private boolean exec(Call call) {
        if (!multi) {
            session.answer(Reply.failure("ERR EXEC without MULTI"));
            return true;
        }
        if (spoiled != null) {
            String why = spoiled;
            abandon();
            return answer(Reply.failure("EXECABORT Transaction discarded because of" + why));
        }
        if (connection == null) {
            multi = false;
            return answer(new Reply.Array(List.of()));
        }
        session.hold();
        pass(call, this);
        return true;
    }

    private boolean discard(Call call) {
        if (!multi) {
            session.answer(Reply.failure("ERR DISCARD without MULTI"));
            return true;
        }
        if (!session.isIdle()) {
            return false;
        }
        abandon();
        return answer(Reply.OK);
    }

    /** The node forgets what was queued; what is still to be answered comes before. */
    private void abandon() {
        if (connection != null) {
            connection.expect(Collecting.NOBODY, 0);
            ReplyWriter.command(connection.out(), bytes("DISCARD"));
        }
        close();
    }

    /** Something that was to be queued could not be: EXEC must not succeed. */
    void spoil() {
        spoilBy(" previous errors.");
    }

    /** Many clients show their users the answer to EXEC alone, so it says what the first error was, as a node of a Redis Cluster does. */
    private boolean spoil(String why) {
        spoilBy(": " + why);
        return dispatch.refuse(why);
    }

    private void spoilBy(String why) {
        if (multi && spoiled == null) {
            spoiled = why;
        }
    }

    private boolean answer(Reply reply) {
        session.answer(reply);
        return true;
    }

    private boolean passed(Call call) {
        pass(call, session);
        return true;
    }

    private void pass(Call call, Recipient recipient) {
        connection.ask(call.buffer(), call.start(), call.size(), recipient, Note.of(session.answers().ticket(), Note.Miss.NONE, 0));
        if (connection.isCongested()) {
            session.awaitRoom(connection);
        }
    }

    /** False, with an answer, when the node is down. */
    private boolean open(int at) {
        if (connection != null) {
            return true;
        }
        SessionState state = session.state();
        if (state.links().to(at) == null) {
            dispatch.refuse("NODEDOWN " + state.links().why(at));
            return false;
        }
        node = loop.placement().node(at);
        protocol = state.protocol();
        database = state.database();
        connection = loop.lease(node, protocol, database, this);
        return true;
    }

    /** The answer to EXEC: whatever it was, the transaction is over. */
    @Override
    public void answer(long note, ByteBuf from, int length, boolean last) {
        if (last) {
            written();
        }
        session.answer(note, from, length, last);
        if (last) {
            NodeConnection used = connection;
            connection = null;
            loop.eventLoop().execute(() -> loop.giveBack(used, protocol, database, true));
            forget();
            session.release();
        }
    }

    private void written() {
        stripes.forEach(loop::written);
        stripes = List.of();
        if (empties) {
            empties = false;
            loop.emptied();
        }
    }

    @Override
    public void lost(long note, String why) {
        written();
        connection = null;
        forget();
        session.lost(note, why);
        session.release();
    }

    @Override
    public boolean isFull(NodeConnection from) {
        return session.isFull(from);
    }

    @Override
    public void tooSlow() {
        session.tooSlow();
    }

    /** Gives the connection back once what it was asked is answered. */
    private void close() {
        if (connection != null) {
            NodeConnection used = connection;
            connection = null;
            Collecting end = new Collecting(_ -> loop.eventLoop().execute(() -> loop.giveBack(used, protocol, database, true)), _ -> {});
            used.ownedBy(this);
            used.expect(end, 0);
            ReplyWriter.command(used.out(), bytes("PING"));
        }
        written();
        forget();
    }

    private void forget() {
        watching = false;
        multi = false;
        spoiled = null;
    }

    /** A client that has gone, or begins anew. */
    void end() {
        if (connection != null) {
            NodeConnection used = connection;
            connection = null;
            used.end("its client has left");
        }
        written();
        forget();
    }

    /** What was watched is not any more: as by a server that was restarted, EXEC must not succeed. */
    @Override
    public void lost(NodeConnection gone, String why) {
        if (gone == connection) {
            connection = null;
            if (multi) {
                spoil();
            } else {
                session.end("the node of its watched keys is lost: " + why);
            }
        }
    }

    @Override
    public void ready(NodeConnection ready) {
        // What it is asked lies in it already.
    }

    @Override
    public void push(NodeConnection from, ByteBuf piece, int length) {
        // Nothing was asked to be told.
    }

    @Override
    public void stalled(NodeConnection one) {
        // It holds up nobody but its user.
    }

    private static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
