package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.CommandTable;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The part of the router that lives on one IO loop: its sessions and its connections to nodes. Owned by that loop. */
final class RouterLoop {
    private static final long LOOK_NANOS = 50_000_000;
    /** Someone who takes no answers may hold up others for so long. */
    private static final long HOLD_UP_NANOS = 1_000_000_000;
    private static final int CONGESTION = 1 << 20;
    private static final int IDLE_LEASES = 16;

    private final RespRouter router;
    private final EventLoop eventLoop;
    private final RandomGenerator random;
    private final LoopFigures figures = new LoopFigures();
    private final Map<LinksKey, Links> links = new HashMap<>();
    private final Map<LeaseKey, ArrayDeque<NodeConnection>> idle = new HashMap<>();
    private final Set<NodeConnection> connections = new HashSet<>();
    private final Set<NodeConnection> retiring = new HashSet<>();
    private final Set<ClientSession> sessions = new HashSet<>();
    private final ArrayList<NodeConnection> dirtyNodes = new ArrayList<>();
    private final ArrayList<ClientSession> dirtySessions = new ArrayList<>();
    private final ArrayList<ClientSession> woken = new ArrayList<>();
    private final Runnable flush = this::flush;
    private final Map<Command, Handling> handlings = new IdentityHashMap<>();
    private Command lastCommand;
    private Handling lastHandling;
    private final NearReads near;
    private final Redirects redirects = new Redirects(this);
    private final Future<?> looking;
    private final SpareBuffers spares = new SpareBuffers();
    private ByteBuf writing;
    private Placement placement;
    private boolean flushing;
    private boolean timed;
    private long turnNanos;
    private byte[] scratch = new byte[512];
    private int[] positions = new int[64];

    private record LinksKey(int protocol, int database) {}

    private record LeaseKey(Node node, int protocol, int database) {}

    RouterLoop(RespRouter router, EventLoop eventLoop, RandomGenerator random) {
        this.router = router;
        this.eventLoop = eventLoop;
        this.random = random;
        this.placement = router.placement();
        this.near = router.near().map(cache -> new NearReads(cache, router.hotPerLoop(), nanos())).orElse(null);
        this.looking = eventLoop.scheduleWithFixedDelay(this::look, LOOK_NANOS, LOOK_NANOS, TimeUnit.NANOSECONDS);
    }

    RespRouter router() {
        return router;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    LoopFigures figures() {
        return figures;
    }

    long nanos() {
        return router.clock().nanos();
    }

    /** The time of this turn of the loop, which is read once for all that happens in it: for what is counted in milliseconds and more. */
    long turnNanos() {
        if (!timed) {
            timed = true;
            turnNanos = nanos();
            schedule(); // where the turn ends
        }
        return turnNanos;
    }

    ByteBufAllocator alloc() {
        return router.alloc();
    }

    Placement placement() {
        return placement;
    }

    CommandTable commands() {
        return router.commands();
    }

    /** What may wait to be sent to a node before those who ask it have to wait, in bytes. */
    int congestion() {
        return CONGESTION;
    }

    /** A pause shortened at random by up to a half, so that not all come back at once. */
    long jitter(long nanos) {
        return nanos - random.nextLong(nanos / 2 + 1);
    }

    void fault(Throwable cause) {
        router.fault(cause);
    }

    /** An empty buffer for an answer of the router's own; anyone's again when the next asks for it. One whose bytes still wait in a channel is left to it. */
    ByteBuf writing() {
        if (writing == null) {
            writing = alloc().directBuffer(1024);
        }
        if (writing.capacity() > 1 << 20 || writing.refCnt() > 1) {
            writing.release();
            writing = alloc().directBuffer(1024);
        }
        return writing.clear();
    }

    /** What sessions write their answers to. */
    SpareBuffers spares() {
        return spares;
    }

    Handling handling(Command command) {
        return command == lastCommand ? lastHandling : lookUp(command);
    }

    private Handling lookUp(Command command) {
        lastCommand = command;
        lastHandling = handlings.computeIfAbsent(command, Handling::of);
        return lastHandling;
    }

    /** Null where there is none. */
    NearReads near() {
        return near;
    }

    /** A command that may have written is answered; see {@link NearReads#code}. */
    void written(int code) {
        near.written(code);
    }

    /** All keys are gone. */
    void emptied() {
        router.near().ifPresent(NearCache::invalidateAll);
    }

    Redirects redirects() {
        return redirects;
    }

    /** In a second. */
    void later(Runnable task) {
        eventLoop.schedule(task, 1, TimeUnit.SECONDS);
    }

    /** Room for a key; its contents are anyone's. */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Integer.highestOneBit(length) * 2];
        }
        return scratch;
    }

    /** Room for the positions of that many keys. */
    int[] positions(int count) {
        if (positions.length < count) {
            positions = new int[Integer.highestOneBit(count) * 2];
        }
        return positions;
    }

    // ---- Connections to nodes ----

    Links links(int protocol, int database) {
        return links.computeIfAbsent(new LinksKey(protocol, database), key -> new Links(this, protocol, database, protocol == 3 && database == 0 && router.near().isPresent()));
    }

    /** From now on the nodes are the router's of now. */
    void followPlacement() {
        Placement next = router.placement();
        if (next == placement) {
            return;
        }
        placement = next;
        handlings.clear(); // the commands are learned anew
        emptied(); // an index means another node now
        links.values().forEach(each -> each.use(next));
        Set<Node> known = new HashSet<>(next.nodes());
        idle.entrySet().removeIf(entry -> {
            if (known.contains(entry.getKey().node())) {
                return false;
            }
            entry.getValue().forEach(connection -> connection.end("it has left the cache"));
            return true;
        });
        sessions.forEach(ClientSession::layoutChanged);
    }

    /** Begins to connect; what it is asked meanwhile waits in it. */
    NodeConnection connect(Node node, int protocol, int database, boolean tracking, NodeConnection.Owner owner) {
        NodeConnection connection = new NodeConnection(node, this, owner);
        connections.add(connection);
        new NodeGreeting(connection, router.login(), protocol, database, tracking).send();
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channelFactory(router.transport().connection())
                .resolver(router.transport().resolver())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        router.login().tls().ifPresent(tls -> {
                            SslHandler handler = tls.newHandler(channel.alloc(), node.address().host(), node.address().port());
                            channel.pipeline().addLast(handler);
                        });
                        channel.pipeline().addLast(connection);
                        connection.connected(channel);
                    }
                });
        if (router.transport().sockets()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) router.settings().timeouts().connect().toMillis());
        }
        ChannelFuture connecting = bootstrap.connect(router.transport().address().apply(node.address()));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                connection.end(String.valueOf(done.cause().getMessage()));
            }
        });
        return connection;
    }

    /** Answers that are still to come on all connections. */
    int owed() {
        return connections.stream().mapToInt(NodeConnection::owed).sum();
    }

    /** It carries nothing new; it ends when it owes nothing. */
    void retire(NodeConnection connection) {
        if (connection.owed() == 0) {
            connection.end("it has been replaced");
        } else {
            retiring.add(connection);
        }
    }

    /** A connection for one user alone, which is to be given back. */
    NodeConnection lease(Node node, int protocol, int database, NodeConnection.Owner owner) {
        figures.leased++;
        ArrayDeque<NodeConnection> free = idle.get(new LeaseKey(node, protocol, database));
        while (free != null && !free.isEmpty()) {
            NodeConnection connection = free.pop();
            if (!connection.isDead()) {
                connection.ownedBy(owner);
                return connection;
            }
        }
        return connect(node, protocol, database, false, owner);
    }

    /**
     * It is needed no more.
     *
     * @param clean whether the next user finds it as new: nothing owed, watched, subscribed or set
     */
    void giveBack(NodeConnection connection, int protocol, int database, boolean clean) {
        connection.ownedBy(NOBODY);
        if (connection.isDead()) {
            return;
        }
        ArrayDeque<NodeConnection> free = idle.computeIfAbsent(new LeaseKey(connection.node(), protocol, database), _ -> new ArrayDeque<>());
        if (!clean || connection.owed() != 0 || free.size() >= IDLE_LEASES || !placement.nodes().contains(connection.node())) {
            connection.end("it is needed no more");
        } else {
            free.push(connection);
        }
    }

    /** Of connections that nobody has. */
    static final NodeConnection.Owner NOBODY = new NodeConnection.Owner() {
        @Override
        public void ready(NodeConnection connection) {
            // Nobody waits for it.
        }

        @Override
        public void lost(NodeConnection connection, String why) {
            // It is found dead when it is next looked for.
        }

        @Override
        public void push(NodeConnection connection, ByteBuf from, int length) {
            // Nobody asked to hear of anything.
        }

        @Override
        public void stalled(NodeConnection connection) {
            // Nobody is there to stall it.
        }
    };

    /** Asks whichever node answers first in their order; nobody hears when none does. */
    void askAny(byte[][] command, Consumer<Reply> answered) {
        askFrom(0, command, answered);
    }

    private void askFrom(int node, byte[][] command, Consumer<Reply> answered) {
        if (node >= placement.size()) {
            return;
        }
        NodeConnection connection = links(2, 0).to(node);
        if (connection == null) {
            askFrom(node + 1, command, answered);
            return;
        }
        connection.expect(new Collecting(answered, _ -> askFrom(node + 1, command, answered)), 0);
        ReplyWriter.command(connection.out(), command);
    }

    /** The connection to a node that a command was sent on to; null when it is not known, or down. */
    NodeConnection redirected(Links from, Node node) {
        int index = placement.indexOf(node);
        return index < 0 ? null : from.to(index);
    }

    // ---- What nodes say ----

    void reached(Node node) {
        router.reached(node);
    }

    boolean isUp(Node node) {
        return router.isUp(node);
    }

    void unreached(Node node, String why) {
        router.unreached(node, why);
    }

    void invalidated(ByteBuf from, int length) {
        router.near().ifPresent(cache -> Invalidations.tell(NodeConnection.read(from, length), cache));
    }

    /** What is kept of that node's keys is not kept true any more. */
    void nearLost(Node node) {
        int index = placement.indexOf(node);
        router.near().ifPresent(cache -> {
            if (index < 0) {
                cache.invalidateAll();
            } else {
                cache.invalidateNode(index);
            }
        });
    }

    // ---- Sessions ----

    void arrived(ClientSession session) {
        sessions.add(session);
    }

    void left(ClientSession session) {
        sessions.remove(session);
        router.clientLeft();
    }

    List<ClientSession> sessions() {
        return new ArrayList<>(sessions);
    }

    // ---- Sending: once for all that was said in a turn of the loop ----

    void flushLater(NodeConnection connection) {
        dirtyNodes.add(connection);
        schedule();
    }

    void flushLater(ClientSession session) {
        dirtySessions.add(session);
        schedule();
    }

    /** A session that waited for something reads on. */
    void runLater(ClientSession session) {
        woken.add(session);
        schedule();
    }

    private void schedule() {
        if (!flushing) {
            flushing = true;
            eventLoop.execute(flush);
        }
    }

    private void flush() {
        for (int i = 0; i < woken.size(); i++) {
            ClientSession session = woken.get(i);
            try {
                session.run();
            } catch (RuntimeException fault) {
                failed(session, fault);
            }
        }
        woken.clear();
        flushing = false;
        timed = false;
        flushNodes();
        flushSessions();
    }

    private void flushNodes() {
        for (int i = 0; i < dirtyNodes.size(); i++) {
            NodeConnection connection = dirtyNodes.get(i);
            try {
                connection.flush();
            } catch (RuntimeException fault) {
                fault(fault);
                connection.end("the router failed");
            }
        }
        dirtyNodes.clear();
    }

    private void flushSessions() {
        for (int i = 0; i < dirtySessions.size(); i++) {
            ClientSession session = dirtySessions.get(i);
            try {
                session.flush();
            } catch (RuntimeException fault) {
                failed(session, fault);
            }
        }
        dirtySessions.clear();
    }

    /** Does something for a session, in a turn of its own: a fault in it ends the session, and not what else the loop does. */
    void after(ClientSession session, Runnable task) {
        eventLoop.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException fault) {
                failed(session, fault);
            }
        });
    }

    private void failed(ClientSession session, RuntimeException fault) {
        fault(fault);
        session.end("the router failed");
    }

    private void look() {
        try {
            lookAfterAll();
        } catch (RuntimeException fault) {
            fault(fault); // thrown on, nobody would ever look again
        }
    }

    private void lookAfterAll() {
        long now = nanos();
        if (near != null) {
            near.tick(now);
        }
        long answer = router.settings().timeouts().answer().toNanos();
        long alone = router.settings().timeouts().unread().toNanos();
        for (NodeConnection connection : new ArrayList<>(connections)) {
            connection.look(now, answer, alone, Math.min(alone, HOLD_UP_NANOS));
            if (retiring.contains(connection) && connection.owed() == 0) {
                connection.end("it has been replaced");
            }
            if (connection.isDead()) {
                connections.remove(connection);
                retiring.remove(connection);
            }
        }
        long idleNanos = router.settings().timeouts().idle().toNanos();
        for (ClientSession session : new ArrayList<>(sessions)) {
            session.look(now, idleNanos, alone);
        }
    }

    void close(String why) {
        new ArrayList<>(sessions).forEach(session -> session.end(why));
        new ArrayList<>(connections).forEach(connection -> connection.end(why));
        looking.cancel(false);
        spares.close();
        if (writing != null) {
            writing.release();
            writing = null;
        }
    }
}
