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
     * @param rest what the client has sent already, maybe empty; the callee owns it
     */
    void arrived(Channel channel, Login login, ByteBuf rest);

    /** Someone wants what runs in a session to be cancelled; whether the key is right is for the callee to see. The connection closes. */
    void cancel(int processId, byte[] key);

    /** A client was refused and told so, or, where the error says only how it left, it left; for counts and the log. */
    default void turnedAway(Channel channel, PostgresError why) {}
}
