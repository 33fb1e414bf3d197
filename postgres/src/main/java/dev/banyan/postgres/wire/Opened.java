package dev.banyan.postgres.wire;

import io.netty.channel.Channel;

/** What became of a connection to a server. One of the two is called, once, on the connection's loop. */
public interface Opened {
    /**
     * The server is ready for a query. Of the pipeline only TLS is left, where there is any, and the channel reads nothing until it is told
     * to ({@code setAutoRead} or {@code read}).
     */
    void opened(Channel channel, ServerWelcome welcome);

    /**
     * There is no connection.
     *
     * @param why with the SQLSTATE and message of the server where it said one
     * @param reachable something at the address speaks PostgreSQL's protocol; it is this login that failed
     */
    void failed(PostgresError why, boolean reachable);
}
