package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a session is subscribed to: on a connection of its own to every node, for a script publishes at the node that runs it, and a node tells of
 * its own keys alone. On a ring a channel's publishers use one node each, so a message comes once; the nodes of a Redis Cluster tell each other of
 * all that is published, so there one of them is listened to, and the others for what happens to their keys. The connections speak version 3,
 * where a message is a push; for clients of version 2 its first byte is changed. Owned by one IO loop.
 */
final class Subscriptions implements NodeConnection.Owner {
    private static final Set<String> IN_VERSION_2 = Set.of("subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "ping", "quit", "reset");
    private static final int LONGEST_VERB = 16;
    /** How channels begin on which a node tells of its own keys; what is said there is not told to the cluster's other nodes. */
    private static final List<String> OF_KEYS = List.of("__keyspace@", "__keyevent@");

    private enum Kind {
        CHANNEL(""),
        PATTERN("P"),
        SHARD("S");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }

        static Kind of(String command) {
            return switch (command) {
                case "psubscribe", "punsubscribe" -> PATTERN;
                case "ssubscribe", "sunsubscribe" -> SHARD;
                default -> CHANNEL;
            };
        }
    }

    private final ClientSession session;
    private final RouterLoop loop;
    private final Map<Node, NodeConnection> connections = new LinkedHashMap<>();
    private final Map<Kind, Set<String>> subscribed = new EnumMap<>(Kind.class);
    /** Confirmations that are still to come. */
    private final Map<NodeConnection, Integer> owed = new HashMap<>();
    /** What the client is told then. */
    private List<Reply> confirmations = List.of();
    /** The one of a Redis Cluster's nodes whose messages are passed on. */
    private NodeConnection speaker;
    private boolean over;

    Subscriptions(ClientSession session, RouterLoop loop) {
        this.session = session;
        this.loop = loop;
        for (Kind kind : Kind.values()) {
            subscribed.put(kind, new HashSet<>());
        }
        loop.placement().nodes().forEach(this::connect);
    }

    private void connect(Node node) {
        connections.put(node, loop.connect(node, 3, 0, false, this));
    }

    /** Whether a client of version 2 may say that while it is subscribed. */
    boolean allows(Command command) {
        return isEmpty() || IN_VERSION_2.contains(command.name());
    }

    private boolean isEmpty() {
        return subscribed.values().stream().allMatch(Set::isEmpty);
    }

    /** SUBSCRIBE and its like; the client is told, and its next command read, when every node that is there has confirmed it. */
    void command(String name, byte[][] arguments) {
        Kind kind = Kind.of(name);
        boolean ends = name.contains("unsubscribe");
        Set<String> channels = subscribed.get(kind);
        List<String> named = arguments.length > 1 ? Stream.of(arguments).skip(1).map(Subscriptions::text).toList() : List.copyOf(channels);
        confirmations = new ArrayList<>();
        for (String channel : named) {
            if (ends) {
                channels.remove(channel);
            } else {
                channels.add(channel);
            }
            confirmations.add(confirmation(name, kind, new Reply.Bulk(bytes(channel))));
        }
        if (named.isEmpty()) {
            confirmations.add(confirmation(name, kind, Reply.NULL));
        }
        session.hold();
        connections.values().forEach(connection -> ask(connection, arguments, confirmations.size()));
        confirmed();
    }

    private Reply confirmation(String name, Kind kind, Reply channel) {
        int count = kind == Kind.SHARD ? subscribed.get(kind).size() : subscribed.get(Kind.CHANNEL).size() + subscribed.get(Kind.PATTERN).size();
        List<Reply> items = List.of(Reply.bulk(name), channel, new Reply.Number(count));
        return session.state().protocol() == 3 ? new Reply.Push(items) : new Reply.Array(items);
    }

    /** A node that is not there now is asked for all when it is back. */
    private void ask(NodeConnection connection, byte[][] command, int answers) {
        if (!connection.isDead()) {
            owed.merge(connection, answers, Integer::sum);
            ReplyWriter.command(connection.out(), command);
        }
    }

    private static String text(byte[] channel) {
        return new String(channel, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String channel) {
        return channel.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void push(NodeConnection connection, ByteBuf from, int length) {
        if (isConfirmation(from, length)) {
            owed.computeIfPresent(connection, (_, left) -> left > 1 ? left - 1 : null);
            confirmed();
        } else if (!loop.placement().slots() || connection == speaker() || isOfKeys(from, length)) {
            tell(from, length);
        }
    }

    /** The same one for as long as it is there; then one that has confirmed all. */
    private NodeConnection speaker() {
        if (speaker == null || speaker.isDead() || connections.get(speaker.node()) != speaker) {
            speaker = connections.values().stream().filter(connection -> !connection.isDead() && !owed.containsKey(connection)).findFirst().orElse(null);
        }
        return speaker;
    }

    /** {@code message CHANNEL TEXT} or {@code pmessage PATTERN CHANNEL TEXT}. */
    private static boolean isOfKeys(ByteBuf from, int length) {
        return NodeConnection.read(from, length) instanceof Reply.Push(List<Reply> items) && items.size() > 2 && items.get(items.size() - 2) instanceof Reply.Bulk channel
                && OF_KEYS.stream().anyMatch(channel.text()::startsWith);
    }

    private void confirmed() {
        if (confirmations.isEmpty() || !owed.isEmpty()) {
            return;
        }
        confirmations.forEach(session::push);
        confirmations = List.of();
        if (isEmpty()) {
            session.dispatch().subscriptionsOver();
            end();
        }
        session.release();
    }

    /** Whether its first word is a verb of subscribing: {@code >3 $9 subscribe}. */
    private static boolean isConfirmation(ByteBuf from, int length) {
        int at = from.readerIndex();
        int line = from.indexOf(at, at + Math.min(length, LONGEST_VERB), (byte) '\n');
        int word = line < 0 ? -1 : from.indexOf(line + 1, at + Math.min(length, 2 * LONGEST_VERB), (byte) '\n');
        if (word < 0) {
            return false;
        }
        int end = Math.min(at + length, word + 1 + LONGEST_VERB);
        return from.toString(word + 1, end - word - 1, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT).matches("(?s)[ps]?(un)?subscribe\r.*");
    }

    private void tell(ByteBuf from, int length) {
        if (session.state().protocol() == 3) {
            session.push(from, length);
            return;
        }
        ByteBuf old = loop.alloc().directBuffer(length + 8);
        try {
            if (NodeConnection.read(from, length) instanceof Reply.Push(List<Reply> items)) {
                ReplyWriter.write(new Reply.Array(items), 2, old);
                session.push(old, old.readableBytes());
            }
        } finally {
            old.release();
        }
    }

    /** Nodes have come or gone. */
    void layoutChanged() {
        List<Node> now = loop.placement().nodes();
        for (Node node : new ArrayList<>(connections.keySet())) {
            if (!now.contains(node)) {
                NodeConnection gone = connections.remove(node);
                owed.remove(gone);
                gone.end("it has left the cache");
            }
        }
        now.stream().filter(node -> !connections.containsKey(node)).forEach(this::rejoin);
        if (connections.isEmpty()) {
            session.end("the cache has no node any more");
        } else {
            confirmed();
        }
    }

    private void rejoin(Node node) {
        connect(node);
        NodeConnection connection = connections.get(node);
        subscribed.forEach((kind, channels) -> {
            if (!channels.isEmpty()) {
                Stream<byte[]> verb = Stream.of((kind.letter + "SUBSCRIBE").getBytes(StandardCharsets.US_ASCII));
                ask(connection, Stream.concat(verb, channels.stream().map(Subscriptions::bytes)).toArray(byte[][]::new), channels.size());
            }
        });
    }

    /**
     * Messages of that node may be missed from now on; it is asked again until it is back. When none is left, the client is disconnected and learns
     * it so.
     */
    @Override
    public void lost(NodeConnection connection, String why) {
        if (over || connections.get(connection.node()) != connection) {
            return;
        }
        owed.remove(connection);
        if (connections.values().stream().allMatch(NodeConnection::isDead)) {
            session.end("the nodes of its subscriptions are lost: " + why);
            return;
        }
        loop.later(() -> {
            if (!over && !session.isClosed() && connections.get(connection.node()) == connection) {
                rejoin(connection.node());
            }
        });
        confirmed();
    }

    @Override
    public Recipient reader() {
        return session;
    }

    @Override
    public void ready(NodeConnection connection) {
        // What it is asked lies in it already.
    }

    @Override
    public void stalled(NodeConnection connection) {
        // It holds up nobody but its user.
    }

    void end() {
        over = true;
        connections.values().forEach(connection -> connection.end("its client has left"));
    }
}
