package dev.banyan.resp;

import io.netty.buffer.ByteBuf;

/**
 * The shared connections of one loop to all nodes, for sessions of one protocol version and database. They are made when they are first needed. A
 * node that cannot be reached is left alone for a growing while. Owned by one IO loop.
 */
final class Links implements NodeConnection.Owner {
    private static final long FIRST_PAUSE = 50_000_000;
    private static final long LONGEST_PAUSE = 2_000_000_000;

    private final RouterLoop loop;
    private final int protocol;
    private final int database;
    private final boolean tracking;
    private Placement placement;
    private Link[] links;

    /** A node's connection, or why there is none. */
    private static final class Link {
        private final Node node;
        private NodeConnection connection;
        private boolean down;
        private long until;
        private long pause;
        private String why = "";

        private Link(Node node) {
            this.node = node;
        }
    }

    Links(RouterLoop loop, int protocol, int database, boolean tracking) {
        this.loop = loop;
        this.protocol = protocol;
        this.database = database;
        this.tracking = tracking;
        this.placement = loop.placement();
        this.links = links(new Link[0], placement);
    }

    /** Connections to nodes that stay go on; those to others end once what they were asked is answered. */
    void use(Placement next) {
        Link[] before = links;
        placement = next;
        links = links(before, next);
        for (Link old : before) {
            if (of(old.node) != old && old.connection != null) {
                loop.retire(old.connection);
            }
        }
    }

    private static Link[] links(Link[] before, Placement next) {
        Link[] now = new Link[next.size()];
        for (int i = 0; i < now.length; i++) {
            now[i] = new Link(next.node(i));
            for (Link old : before) {
                if (old.node.equals(now[i].node)) {
                    now[i] = old;
                }
            }
        }
        return now;
    }

    private Link of(Node node) {
        for (Link link : links) {
            if (link.node.equals(node)) {
                return link;
            }
        }
        return null;
    }

    int protocol() {
        return protocol;
    }

    int database() {
        return database;
    }

    /** The connection to a node, by its index, which may not be open yet; null while the node is down. */
    NodeConnection to(int node) {
        Link link = links[node];
        NodeConnection connection = link.connection;
        return connection != null ? connection : connect(link);
    }

    private NodeConnection connect(Link link) {
        if (link.down && loop.nanos() - link.until < 0) {
            return null;
        }
        link.connection = loop.connect(link.node, protocol, database, tracking, this);
        return link.connection;
    }

    /** Why a node is down. */
    String why(int node) {
        Link link = links[node];
        return "cache node " + link.node.name() + " (" + link.node.address() + ") is down: " + link.why;
    }

    @Override
    public void ready(NodeConnection connection) {
        Link link = of(connection.node());
        if (link != null) {
            link.down = false;
            link.pause = 0;
        }
        loop.reached(connection.node());
    }

    @Override
    public void lost(NodeConnection connection, String why) {
        if (tracking) {
            loop.nearLost(connection.node());
        }
        Link link = of(connection.node());
        if (link == null || link.connection != connection) {
            return;
        }
        link.connection = null;
        link.why = why;
        link.pause = link.pause == 0 ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, link.pause * 2);
        link.down = true;
        link.until = loop.nanos() + loop.jitter(link.pause);
        loop.unreached(connection.node(), why);
    }

    @Override
    public void push(NodeConnection connection, ByteBuf from, int length) {
        loop.invalidated(from, length);
    }

    @Override
    public void stalled(NodeConnection connection) {
        Link link = of(connection.node());
        if (link != null && link.connection == connection) {
            link.connection = null;
            if (tracking) {
                loop.nearLost(connection.node());
            }
            loop.retire(connection);
        }
    }
}
