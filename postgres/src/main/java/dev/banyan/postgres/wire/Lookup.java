package dev.banyan.postgres.wire;

import io.netty.channel.EventLoop;
import java.util.Optional;

/** Asks a server that knows the users for one's secret. Safe for any loop. */
public interface Lookup {
    /** Answers on the loop. */
    void ask(String user, EventLoop loop, Reply reply);

    /** One of the two is called, once. */
    interface Reply {
        /** What pg_authid has; empty for who may not log in, or not by a password. */
        void secret(Optional<String> rolpassword);

        /** There is no telling. */
        void failed(PostgresError why);
    }
}
