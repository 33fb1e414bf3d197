package dev.banyan.postgres.wire;

import dev.banyan.postgres.Login;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Where clients go that {@link ClientGreeting} has let in, and what it tells besides. Called on the connection's loop. */
public interface Arrivals {
    /**
     * A client has proved who it is. AuthenticationOk has been written, nothing behind it; TLS, where there is any, stays in the pipeline, and
     * nothing else.
     *
     * @param rest what the client has sent already, maybe empty; the callee owns it. It has been through TLS and must not be fired from the
     *     pipeline's head
     */
    void arrived(Channel channel, Login login, ByteBuf rest);

    /**
     * Someone wants what runs in a session to be cancelled; whether the key is right is for the callee to see.
     *
     * @param done closes the connection, which tells the client that the request has been passed on; may be run on any thread
     */
    void cancel(int processId, byte[] key, Runnable done);

    /** A client was not let in: it was told why, or its connection was just closed. For counts and the log. */
    default void turnedAway(Channel channel, PostgresError why) {}
}
