package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A session's own connections, one to each node: for what a node remembers of a connection, as CLIENT TRACKING and MONITOR. What the nodes say
 * unasked goes to the client, or what becomes void to another of the router's that it names (CLIENT TRACKING ON REDIRECT). When one is lost, the client is disconnected, as by a server that has gone. Owned by one IO loop.
 */
final class Pinned implements NodeConnection.Owner {
    static final String INVALIDATE = "invalidate";

    private final ClientSession session;
    private final RouterLoop loop;
    private final List<NodeConnection> connections = new ArrayList<>();
    /** The router's number of the client that is told what becomes void; 0 for this one. */
    private int redirect;
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

    int redirect() {
        return redirect;
    }

    void redirect(int client) {
        redirect = client;
    }

    /** To every node; the first's answer is the answer. */
    void everywhere(byte[][] command, int ticket) {
        long note = Note.of(ticket, Note.Miss.NONE, 0);
        for (NodeConnection connection : connections) {
            Recipient recipient = connection == connections.getFirst() ? session : Collecting.NOBODY;
            connection.expect(recipient, note);
            ReplyWriter.command(connection.out(), command);
        }
    }

    @Override
    public void push(NodeConnection connection, ByteBuf from, int length) {
        if (redirect != 0 && NodeConnection.read(from, length) instanceof Reply.Push(List<Reply> items) && items.size() == 2 && INVALIDATE.equals(text(items.getFirst()))) {
            tellAnother(items.getLast());
        } else {
            session.push(from, length);
        }
    }

    private static String text(Reply word) {
        return word instanceof Reply.Bulk bulk ? bulk.text() : "";
    }

    private void tellAnother(Reply keys) {
        int client = redirect;
        loop.router().withClient(client, other -> {
            other.invalidated(keys);
            return true;
        }).thenAccept(told -> {
            if (!told) {
                loop.after(session, () -> session.push(new Reply.Push(List.of(Reply.bulk("tracking-redir-broken"), new Reply.Number(client)))));
            }
        });
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
