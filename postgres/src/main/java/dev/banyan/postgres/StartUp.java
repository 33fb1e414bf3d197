package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Lets a client in that has proved who it is: tells it what the server reports of its settings, which needs a server when nobody with the same was
 * here before. Replication connections get a server connection of their own, for good. Owned by one session.
 */
final class StartUp {
    static final String REPLICATION = "replication";

    private final ClientSession session;
    private final RouterLoop loop;
    private final Login login;
    private CancelKey key;
    private boolean done;

    StartUp(ClientSession session, CancelKey key) {
        this.session = session;
        this.loop = session.loop;
        this.login = session.login;
        this.key = key;
    }

    /** The client was told that it is ready. */
    boolean isDone() {
        return done;
    }

    /** Its server connection is its own from the beginning to the end. */
    boolean isAlone() {
        return login.settings().containsKey(REPLICATION);
    }

    /** What cancels what the session does. */
    CancelKey key() {
        return key;
    }

    /** @param rest what the client has sent behind its start-up */
    void begin(ByteBuf rest) {
        session.input.add(rest);
        if (isAlone()) {
            session.checkout.awaitAlone();
            session.state.pinAlone();
            loop.openAlone(session, login.settings());
            return;
        }
        Map<String, String> reported = loop.sessionMode() ? null : loop.reported(login, session.state.settings());
        if (reported != null) {
            welcome(reported);
        } else {
            session.checkout.primary();
        }
    }

    /** There is a server with the session's settings, whose reports the client is to get. */
    void serverIsThere() {
        ServerConnection server = session.lease.server();
        Map<String, String> reported = loop.remember(login, session.state.settings(), server.parameters());
        if (loop.sessionMode()) {
            key = loop.rename(session, key, server.welcome().processId());
        } else {
            session.lease.giveBack();
        }
        welcome(reported);
    }

    /** A connection of its own, as for replication. */
    void grantedAlone(ServerConnection connection) {
        if (session.isClosed()) {
            connection.abandon();
            return;
        }
        session.checkout.aloneGranted();
        session.lease.take(connection);
        connection.settings(session.state.settings());
        key = loop.rename(session, key, connection.welcome().processId());
        welcome(connection.parameters());
    }

    private void welcome(Map<String, String> reported) {
        done = true;
        session.output.welcome(reported, key);
        session.run();
    }
}
