package dev.banyan.resp;

import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A session's own connections, one to each node: for what a node remembers of a connection, as CLIENT TRACKING and MONITOR. What the nodes say
 * unasked goes to the client. When one is lost, the client is disconnected, as by a server that has gone. Owned by one IO loop.
 */
final class Pinned implements NodeConnection.Owner {
    private final ClientSession session;
    private final RouterLoop loop;
    private final List<NodeConnection> connections = new ArrayList<>();
    private boolean over;

    Pinned(ClientSession session, RouterLoop loop) {
        this.session = session;
        this.loop = loop;
        SessionState state = session.state();
        for (int i = 0; i < loop.placement().size(); i++) {
            connections.add(loop.connect(loop.placement().node(i), state.protocol(), state.database(), false, this));
        }
    }

    NodeConnection to(int node) {
        return connections.get(node);
    }

    /** To every node; the first's answer is the answer. */
    void everywhere(byte[][] command) {
        long note = Note.of(session.answers().ticket(), Note.Miss.NONE, 0);
        for (NodeConnection connection : connections) {
            Recipient recipient = connection == connections.getFirst() ? session : Collecting.NOBODY;
            connection.expect(recipient, note);
            ReplyWriter.command(connection.out(), command);
        }
    }

    @Override
    public void push(NodeConnection connection, ByteBuf from, int length) {
        session.push(from, length);
    }

    @Override
    public Recipient reader() {
        return session;
    }

    @Override
    public boolean hearsAll() {
        return true;
    }

    @Override
    public void lost(NodeConnection connection, String why) {
        if (!over) {
            session.end(why);
        }
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
        connections.forEach(connection -> connection.end("its client has left"));
    }
}
