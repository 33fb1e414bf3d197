package dev.banyan.postgres;

import io.netty.channel.Channel;

/** Stops reading from one side while the other takes no more, or while what is there has to wait. Owned by one session. */
final class BackPressure {
    private final ClientSession session;
    private final Channel client;
    private final ServerLease lease;
    /** What is there waits. */
    private boolean paused;
    /** The server takes no more for now. */
    private boolean choked;

    BackPressure(ClientSession session) {
        this.session = session;
        this.client = session.channel;
        this.lease = session.lease;
    }

    /** More input would only pile up: what is there waits for an answer. A message that is needed whole may always come. */
    boolean stalled() {
        return session.checkout.isWaiting()
                || !lease.alone() && session.input.bytes() > session.loop.settings().statement().bytes() + Batch.MOST_BYTES;
    }

    void pause() {
        if (!paused) {
            paused = true;
            client.config().setAutoRead(false);
        }
    }

    /** Takes what the client sends again, once there is no reason any more not to. */
    void readOn() {
        ServerConnection server = lease.server();
        if (choked && server == null) {
            choked = false;
            paused = true; // it may be another reason by now
        }
        if (paused && !stalled()) {
            paused = false;
            client.config().setAutoRead(server == null || server.channel().isWritable());
        }
    }

    /** The session has another server: nothing is read from it that the client would not take. */
    void begin(ServerConnection server) {
        if (!client.isWritable()) {
            server.channel().config().setAutoRead(false);
        }
    }

    void serverWritable(boolean writable) {
        choked = !writable;
        if (!paused) {
            client.config().setAutoRead(writable);
        }
    }

    void clientWritable(boolean writable) {
        ServerConnection server = lease.server();
        if (server != null) {
            server.channel().config().setAutoRead(writable);
        }
    }
}
