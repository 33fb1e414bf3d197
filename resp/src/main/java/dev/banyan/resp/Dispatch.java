package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.CommandScanner;
import dev.banyan.resp.wire.Slots;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import dev.banyan.topology.BanyanException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * Decides where each command of a session goes, and sends it there. Every method that takes a command gives false when it has to wait until the
 * ones before it are answered; then it is asked again. Owned by one IO loop.
 */
final class Dispatch {
    private static final String SCRIPTS = "eval";
    private static final byte[] EXPIRE = "EXPIRE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONLY_WITHOUT = "NX".getBytes(StandardCharsets.US_ASCII);

    private final ClientSession session;
    private final RouterLoop loop;
    private final SessionState state;
    private final OwnCommands own;
    private final Transaction transaction;
    private final Gathering gathering;
    private final Call call = new Call();
    private Subscriptions subscriptions;
    private Pinned pinned;
    private OnLease lease;

    Dispatch(ClientSession session, RouterLoop loop, SessionState state) {
        this.session = session;
        this.loop = loop;
        this.state = state;
        this.own = new OwnCommands(session, loop, this);
        this.transaction = new Transaction(session, loop, this);
        this.gathering = new Gathering(session, loop);
    }

    /**
     * A whole command.
     *
     * @param in where it lies, at its reader index
     * @param found its arguments
     */
    boolean command(ByteBuf in, CommandScanner found) {
        call.at(in, found);
        Command command = loop.commands().find(in, found.start(0), found.length(0));
        if (command == null && isOfHttp(call)) {
            session.end("it speaks HTTP: a page in a browser may have sent it here");
            return true;
        }
        if (!state.authenticated()) {
            return beforeLogin(command, call);
        }
        if (command == null) {
            transaction.spoil();
            mute(Way.NODE);
            return refuse(Texts.unknown(call));
        }
        boolean done = known(command, call);
        if (done) {
            loop.figures().commands++;
        }
        return done;
    }

    private boolean known(Command command, Call call) {
        Handling handling = loop.handling(command);
        Way way = handling.way();
        if (way != Way.OWN) {
            mute(way);
        }
        if (subscriptions != null && state.protocol() == 2 && !subscriptions.allows(command)) {
            return refuse("ERR Can't execute '" + command.name() + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        }
        if (transaction.isOpen() && transaction.takes(command, way)) {
            return transaction.command(command, way, call);
        }
        if (session.isGone() && (handling.isBlocking() || way == Way.SUBSCRIPTION || way == Way.PINNING)) {
            session.end("it has left");
            return true;
        }
        return switch (way) {
            case NODE -> handling.isBlocking() ? blocking(command, call) : toNode(command, call);
            case OWN -> own.command(command, call);
            case TRANSACTION -> transaction.command(command, way, call);
            case SUBSCRIPTION -> subscription(command, call);
            case SPLIT -> needsNoSplit() ? toNode(command, call) : gathering.split(command, call);
            case EVERYWHERE -> isOneNode() && !mayEmpty(command) && !Gathering.isKill(call) ? toNode(command, call) : gathering.everywhere(command, call);
            case SCAN -> isOneNode() ? toNode(command, call) : gathering.scan(command, call);
            case PINNING -> pin(call);
            case REFUSED -> refuse(Texts.refused(command.name()));
        };
    }

    /** As in Redis (networking.c, "Possible SECURITY ATTACK detected"): a browser can be made to send a form anywhere, and its fields would be commands. */
    private static boolean isOfHttp(Call call) {
        String word = Texts.text(call, 0, 8).toLowerCase(Locale.ROOT);
        return word.equals("post") || word.equals("host:");
    }

    private boolean beforeLogin(Command command, Call call) {
        if (command != null && loop.handling(command).way() == Way.OWN && own.isForStrangers(command)) {
            return own.command(command, call);
        }
        return refuse(Texts.NOAUTH);
    }

    /** What must be told to the near cache as a whole. */
    static boolean mayEmpty(Command command) {
        return command.name().startsWith("flush") || command.name().equals("swapdb");
    }

    private boolean isOneNode() {
        return loop.placement().size() <= 1;
    }

    private boolean needsNoSplit() {
        return isOneNode() && loop.router().declared() == DeclaredKeys.NONE;
    }

    boolean refuse(String text) {
        loop.figures().refused++;
        session.answer(Reply.failure(text));
        return true;
    }

    /** What confirms a subscription is a push, and goes out even so. */
    private void mute(Way way) {
        if (state.replying() == SessionState.Replying.ON) {
            return;
        }
        if (way != Way.SUBSCRIPTION) {
            muteNext();
        } else if (state.replying() == SessionState.Replying.SKIP) {
            state.replying(SessionState.Replying.ON);
        }
    }

    /** CLIENT REPLY OFF or SKIP. */
    void muteNext() {
        session.answers().muteNext();
        if (state.replying() == SessionState.Replying.SKIP) {
            state.replying(SessionState.Replying.ON);
        }
    }

    // ---- To the node of its keys ----

    private boolean toNode(Command command, Call call) {
        Target target = target(command, call);
        if (target.rule >= 0) {
            return declared(command, target, call);
        }
        if (target.refusal != null) {
            return refuse(target.refusal);
        }
        if (target.near && nearRead(target, call)) {
            return true;
        }
        NodeConnection connection = connection(target.node);
        Handling handling = loop.handling(command);
        Note.Miss miss = handling.miss();
        int ticket = session.answers().ticket();
        long note = Note.of(ticket, miss, miss == Note.Miss.NULLS ? call.count() - (command.name().equals("hmget") ? 2 : 1) : 0);
        if (connection == null) {
            session.answerDown(ticket, note, state.links().why(target.node));
            return true;
        }
        if (target.stripe >= 0) {
            note = session.writing(note, target.stripe);
        }
        Recipient recipient = loop.placement().slots() ? loop.redirects().of(session, call) : session;
        connection.ask(call.buffer(), call.start(), call.size(), recipient, note);
        if (handling.grows() && loop.router().lifetimeSeconds() > 0) {
            expire(connection, command, call);
        }
        if (connection.isCongested()) {
            session.awaitRoom(connection);
        }
        return true;
    }

    /** The connection to a node for what needs none of its own; null while the node is down. */
    NodeConnection connection(int node) {
        return pinned != null ? pinned.to(node) : state.links().to(node);
    }

    /** Its keys, where they have no expiry, get the usual one; the answers are nobody's. */
    private void expire(NodeConnection connection, Command command, Call call) {
        byte[] seconds = String.valueOf(loop.router().lifetimeSeconds()).getBytes(StandardCharsets.US_ASCII);
        int[] positions = loop.positions(call.count());
        int keys = loop.commands().keys(command, call, positions);
        for (int i = 0; i < keys; i++) {
            connection.expect(Collecting.NOBODY, 0);
            ReplyWriter.command(connection.out(), EXPIRE, call.bytes(positions[i]), seconds, ONLY_WITHOUT);
        }
    }

    /** Where a command goes. Owned by its dispatcher, and filled anew for each command. */
    static final class Target {
        /** The node's index. */
        int node;
        /** The declared prefix of its one key, or -1. */
        int rule;
        /** What it writes to, for the near cache, or -1. */
        int stripe;
        /** Whether its one key may be read from the near cache. */
        boolean near;
        long hash;
        /** Whether it has keys. */
        boolean keyed;
        /** Why it goes nowhere, or null. */
        String refusal;

        private void clear() {
            node = 0;
            rule = -1;
            stripe = -1;
            near = false;
            keyed = false;
            refusal = null;
        }
    }

    private final Target target = new Target();

    /** Looks at the keys of a command; its key's bytes lie in the loop's scratch then, if it has one key. */
    Target target(Command command, Call call) {
        target.clear();
        if (loop.placement().size() == 0) {
            target.refusal = Texts.NO_NODES;
            return target;
        }
        Handling handling = loop.handling(command);
        if (handling.oneKey() && call.count() > 1) {
            target.keyed = true;
            lookAtOne(handling, call);
            return target;
        }
        int[] positions = loop.positions(call.count());
        int keys = command.name().equals("publish") && call.count() == 3 ? channel(positions) : loop.commands().keys(command, call, positions);
        Command exact = command;
        if (keys == 0) { // of XGROUP CREATE and OBJECT ENCODING only the subcommand knows
            exact = loop.commands().find(call);
            keys = exact == command ? 0 : loop.commands().keys(exact, call, positions);
        }
        if (keys > 0) {
            target.keyed = true;
            look(exact, call, positions, keys);
        }
        return target;
    }

    /** A channel is no key, but lives at one node all the same: subscribers are at all of them. */
    private static int channel(int[] positions) {
        positions[0] = 1;
        return 1;
    }

    /** Most commands have one key, right behind their name. */
    private void lookAtOne(Handling handling, Call call) {
        int length = call.length(1);
        byte[] key = loop.scratch(length);
        call.copy(1, key);
        target.node = loop.placement().nodeOf(key, length);
        if (target.node < 0) {
            target.refusal = "CLUSTERDOWN Hash slot not served";
            return;
        }
        if (handling.isChannel()) {
            return;
        }
        target.rule = loop.router().declared().rule(key, length);
        NearReads near = loop.near();
        if (near == null || target.rule >= 0) {
            return;
        }
        if (handling.writes()) {
            target.stripe = near.changesOne(key, length);
        } else if (handling.isGet() && call.count() == 2) {
            near(near, key, length);
        }
    }

    private void look(Command command, Call call, int[] positions, int keys) {
        Placement placement = loop.placement();
        Handling handling = loop.handling(command);
        boolean isChannel = handling.isChannel();
        boolean writes = handling.writes();
        int slot = -1;
        NearReads near = loop.near();
        if (near != null) {
            near.begin();
        }
        for (int i = 0; i < keys; i++) {
            int length = call.length(positions[i]);
            byte[] key = loop.scratch(length);
            call.copy(positions[i], key);
            int node = placement.nodeOf(key, length);
            int rule = isChannel ? -1 : loop.router().declared().rule(key, length);
            if (rule >= 0) {
                if (keys > 1) {
                    target.refusal = Texts.declared(command.name(), Texts.shown(call, positions[i]), "and it has several keys");
                    return;
                }
                target.rule = rule;
            }
            if (node < 0) {
                target.refusal = "CLUSTERDOWN Hash slot not served";
                return;
            }
            int keySlot = placement.slots() ? Slots.of(key, length) : node;
            if (slot >= 0 && keySlot != slot) {
                target.refusal = Texts.CROSSSLOT;
                return;
            }
            slot = keySlot;
            target.node = node;
            if (near != null && writes && rule < 0) {
                near.changes(key, length);
            }
        }
        if (near != null && writes) {
            target.stripe = near.code();
        }
        if (command.name().startsWith(SCRIPTS) && target.rule >= 0) {
            target.refusal = Texts.declared(command.name(), Texts.shown(call, positions[0]), "which a script does not know of");
            target.rule = -1;
        }
    }

    private void near(NearReads near, byte[] key, int length) {
        if (pinned == null && state.database() == 0 && !transaction.isOpen()) {
            target.hash = near.hash(key, length);
            target.near = near.isHot(key, length, target.hash);
        }
    }

    /** Answers from the router's own copy, or reads in a way that brings one; false when it is to be read as any other. */
    private boolean nearRead(Target at, Call call) {
        if (session.isWriting()) {
            return false;
        }
        int length = call.length(1);
        byte[] key = loop.scratch(length);
        byte[] value = loop.near().get(key, length, at.hash);
        if (value != null) {
            loop.figures().nearHits++;
            session.answerValue(value);
            return true;
        }
        if (!session.isIdle()) {
            return false;
        }
        NodeConnection connection = loop.links(3, 0).to(at.node);
        if (connection == null || !connection.isReady()) {
            return false;
        }
        session.hold();
        int ticket = session.answers().ticket();
        loop.near().fill(connection, at.node, key, length, at.hash, new NearReads.Filled() {
            @Override
            public void filled(Reply answer) {
                session.answer(ticket, answer);
                session.release();
            }

            @Override
            public void lost(String why) {
                session.answerDown(ticket, Note.of(ticket, Note.Miss.NULL, 1), why);
                session.release();
            }
        });
        return true;
    }

    /** SELECT: the node says whether there is such a database. */
    boolean checked(int database, Call call) {
        if (loop.placement().size() == 0) {
            return refuse(Texts.NO_NODES);
        }
        int node = IntStream.range(0, loop.placement().size()).filter(each -> state.links().to(each) != null).findFirst().orElse(-1);
        if (node < 0) {
            return refuse("NODEDOWN " + state.links().why(0));
        }
        int ticket = session.answers().ticket();
        session.hold();
        lease = new OnLease(session, loop, loop.placement().node(node));
        NodeConnection connection = lease.connection();
        connection.patient(false);
        connection.expect(new Collecting(reply -> {
            if (reply == Reply.OK || reply instanceof Reply.Simple) {
                state.database(database);
            }
            selected(ticket, reply);
        }, why -> selected(ticket, Reply.failure("NODEDOWN " + why))), 0);
        connection.pass(call.buffer(), call.start(), call.size());
        return true;
    }

    private void selected(int ticket, Reply reply) {
        session.answer(ticket, reply);
        lease.cancel();
        lease = null;
        session.release();
    }

    // ---- Declared keys ----

    private boolean declared(Command command, Target at, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        if (!command.takes(call.count())) {
            return refuse(Texts.wrongCount(command.name()));
        }
        loop.figures().declared++;
        int ticket = session.answers().ticket();
        CompletableFuture<Reply> answer = ask(new Request(at.rule, call.all()));
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            session.answer(ticket, answer.join());
            return true;
        }
        session.hold();
        answer.whenComplete((reply, fault) -> loop.after(session, () -> {
            session.answer(ticket, fault == null ? reply : failure(fault));
            session.release();
        }));
        return true;
    }

    CompletableFuture<Reply> ask(Request request) {
        try {
            CompletionStage<Reply> stage = loop.router().declared().answer(request);
            return stage.toCompletableFuture();
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    Reply failure(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (!(cause instanceof NodeDown) && !(cause instanceof BanyanException)) {
            loop.fault(cause);
            return Reply.failure("ERR the router failed: " + cause.getClass().getSimpleName());
        }
        return Reply.failure((cause instanceof NodeDown ? "NODEDOWN " : "ERR ") + cause.getMessage());
    }

    // ---- On a connection of its own ----

    private boolean blocking(Command command, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        Target at = target(command, call);
        if (at.refusal != null) {
            return refuse(at.refusal);
        }
        if (at.rule >= 0) {
            return declared(command, at, call);
        }
        if (state.links().to(at.node) == null) {
            return refuse("NODEDOWN " + state.links().why(at.node));
        }
        session.hold();
        lease = new OnLease(session, loop, loop.placement().node(at.node));
        long note = Note.of(session.answers().ticket(), Note.Miss.NONE, 0);
        lease.blocks();
        lease.connection().ask(call.buffer(), call.start(), call.size(), lease, at.stripe >= 0 ? session.writing(note, at.stripe) : note);
        return true;
    }

    /** Ends its waiting on a blocking command; false when it does not wait. */
    boolean unblock(boolean error) {
        return lease != null && lease.unblock(error);
    }

    /** The lent connection has answered, or is lost. */
    void leaseOver(OnLease over) {
        if (lease == over) {
            lease = null;
        }
    }

    /** A command of which only the beginning is there; null when it has to be whole first. */
    LargeCommand large(ByteBuf in, CommandScanner found) {
        call.at(in, found);
        Command command = loop.commands().find(in, found.start(0), found.length(0));
        if (command == null || !state.authenticated() || transaction.isOpen() || pinned != null || subscriptions != null || loop.handling(command).way() != Way.NODE
                || command.is(Command.Flag.BLOCKING) || command.first() != 1 || command.last() != 1 || call.known() < 2 || loop.placement().slots() || loop.placement().size() == 0) {
            return null;
        }
        int length = call.length(1);
        byte[] key = loop.scratch(length);
        call.copy(1, key);
        int node = loop.placement().nodeOf(key, length);
        if (loop.router().declared().rule(key, length) >= 0 || state.links().to(node) == null) {
            return null;
        }
        mute(Way.NODE);
        loop.figures().commands++;
        session.hold();
        lease = new OnLease(session, loop, loop.placement().node(node));
        long note = Note.of(session.answers().ticket(), Note.Miss.NONE, 0);
        NearReads near = loop.near();
        if (near != null) {
            near.begin();
            near.changes(key, length);
            note = session.writing(note, near.code());
        }
        return new LargeCommand(session, found, lease, note);
    }

    // ---- Sessions that are not like others ----

    private boolean subscription(Command command, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        if (!command.takes(call.count())) {
            return refuse(Texts.wrongCount(command.name()));
        }
        if (loop.placement().size() == 0) {
            return refuse(Texts.NO_NODES);
        }
        if (loop.placement().slots() && command.name().equals("ssubscribe")) {
            return refuse("ERR SSUBSCRIBE is not possible at a Redis Cluster behind the cache router; SUBSCRIBE is");
        }
        if (subscriptions == null) {
            subscriptions = new Subscriptions(session, loop);
        }
        subscriptions.command(command.name(), call.all());
        return true;
    }

    /** It is subscribed to nothing any more. */
    void subscriptionsOver() {
        subscriptions = null;
    }

    /** Whether it may say nothing for long because it hears what others say. */
    boolean isListening() {
        return subscriptions != null || pinned != null;
    }

    /** Whether a command of its own connection is under way, which may wait by itself. */
    boolean isWaiting() {
        return lease != null;
    }

    /** Whether that command may wait for ever. */
    boolean isBlocked() {
        return lease != null && lease.isBlocking();
    }

    /** Whether keys are watched, on a connection as the session was then. */
    boolean isWatching() {
        return transaction.isOpen();
    }

    boolean isSubscribed() {
        return subscriptions != null;
    }

    /** From now on it has connections of its own, to every node; the command that made it so goes to all of them. */
    boolean pin(Call call) {
        if (!session.isIdle()) {
            return false;
        }
        if (loop.placement().size() == 0) {
            return refuse(Texts.NO_NODES);
        }
        pinned(call.all(), session.answers().ticket());
        return true;
    }

    private void pinned(byte[][] command, int ticket) {
        if (pinned == null) {
            pinned = new Pinned(session, loop);
        }
        pinned.everywhere(command, ticket);
    }

    /** As {@link #pin}, and another client of the router is told what becomes void; the nodes know the router's connections, not its clients. */
    boolean pinFor(int client, byte[][] command) {
        if (!session.isIdle()) {
            return false;
        }
        if (loop.placement().size() == 0) {
            return refuse(Texts.NO_NODES);
        }
        int ticket = session.answers().ticket();
        session.hold();
        loop.router().withClient(client, _ -> true).thenAccept(found -> loop.after(session, () -> {
            if (found) {
                pinned(command, ticket);
                pinned.redirect(client);
            } else {
                session.answer(ticket, Reply.failure("ERR The client ID you want redirect to does not exist"));
            }
            session.release();
        }));
        return true;
    }

    /** As CLIENT GETREDIR has it: -1 for a client that does not track, 0 for one that is told itself. */
    int redirect() {
        return pinned == null ? -1 : pinned.redirect();
    }

    boolean isPinned() {
        return pinned != null;
    }

    /** As a new client. */
    void reset() {
        transaction.end();
        if (subscriptions != null) {
            subscriptions.end();
            subscriptions = null;
        }
        if (pinned != null) {
            pinned.end();
            pinned = null;
        }
    }

    void layoutChanged() {
        if (subscriptions != null) {
            subscriptions.layoutChanged();
        }
        if (pinned != null) {
            session.end("the nodes of the cache have changed");
        }
    }

    void end() {
        reset();
        if (lease != null) {
            lease.cancel();
            lease = null;
        }
    }
}
