package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import io.netty.buffer.ByteBuf;

/** One command on a connection that is lent for it: one that waits by itself, or one that is large. Owned by one IO loop. */
final class OnLease implements Recipient, NodeConnection.Owner {
    private final ClientSession session;
    private final RouterLoop loop;
    private final NodeConnection connection;
    private final int protocol;
    private final int database;
    private Reply instead;
    private boolean blocking;
    private boolean unfinished;
    private boolean over;

    OnLease(ClientSession session, RouterLoop loop, Node node) {
        this.session = session;
        this.loop = loop;
        this.protocol = session.state().protocol();
        this.database = session.state().database();
        this.connection = loop.lease(node, protocol, database, this);
        connection.patient(true);
    }

    /** Its command waits by itself. */
    void blocks() {
        blocking = true;
    }

    boolean isBlocking() {
        return blocking;
    }

    /** Its command is still coming; an answer before its end leaves the connection in the middle of it. */
    void unfinished(boolean is) {
        unfinished = is;
    }

    NodeConnection connection() {
        return connection;
    }

    @Override
    public void answer(long note, ByteBuf from, int length, boolean last) {
        session.answer(note, from, length, last);
        if (last) {
            over(!unfinished);
        }
    }

    @Override
    public void lost(long note, String why) {
        if (instead != null) {
            session.written(note);
            session.answer(Note.ticket(note), instead);
        } else {
            session.lost(note, why);
        }
        over(false);
    }

    private void over(boolean clean) {
        if (!over) {
            over = true;
            loop.eventLoop().execute(() -> loop.giveBack(connection, protocol, database, clean));
            session.leaseOver(this);
        }
    }

    @Override
    public boolean isFull(NodeConnection from) {
        return session.isFull(from);
    }

    @Override
    public void tooSlow() {
        session.tooSlow();
    }

    /** Answers the command that waits by itself, as its time had come or with an error; false when it is another command. */
    boolean unblock(boolean error) {
        if (over || !blocking) {
            return false;
        }
        instead = error ? Reply.failure("UNBLOCKED client unblocked via CLIENT UNBLOCK") : Reply.NULL;
        connection.end("its wait was ended by another client");
        return true;
    }

    /** Nobody waits for it any more: what it waits for is called off with the connection. */
    void cancel() {
        over = true;
        connection.end("its client has left");
    }

    @Override
    public void ready(NodeConnection ready) {
        // What it is asked lies in it already.
    }

    @Override
    public void lost(NodeConnection lost, String why) {
        // Whoever waits for an answer has been told.
    }

    @Override
    public void push(NodeConnection from, ByteBuf piece, int length) {
        // Nothing was asked to be told.
    }

    @Override
    public void stalled(NodeConnection one) {
        // It holds up nobody but its user.
    }
}
