package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Connections to a server as its superuser, kept for the next question. Any thread; each question has a connection of its own meanwhile. */
final class AdminSessions implements AutoCloseable {
    private static final int KEPT = 2;

    private final String server;
    private final DatabaseEndpoint admin;
    private final Deque<PostgresSession> idle = new ArrayDeque<>();

    AdminSessions(String server, DatabaseEndpoint admin) {
        this.server = server;
        this.admin = admin;
    }

    /**
     * Asks, and returns an answer a statement. Statements must bear to be repeated: a kept connection may turn out to have ended.
     *
     * @throws BanyanException TIMED_OUT, or ENGINE_FAILED with what the server said
     */
    List<PostgresSession.Answer> ask(String sql, Duration atMost) {
        try {
            PostgresSession kept = take();
            if (kept != null) {
                try {
                    return ask(kept, sql, atMost);
                } catch (ServerRefusal | SocketTimeoutException | ClosedByInterruptException answered) {
                    throw answered;
                } catch (IOException ended) {
                    // The server has ended since, and may be there again.
                }
            }
            return ask(PostgresSession.open(admin, Map.of(), atMost), sql, atMost);
        } catch (SocketTimeoutException e) {
            throw new BanyanException(ErrorCode.TIMED_OUT, server + " did not answer within " + atMost.toMillis() + " ms", e);
        } catch (ClosedByInterruptException e) {
            throw new BanyanException(ErrorCode.INTERNAL, "asking " + server + " was broken off: Banyan is ending", e);
        } catch (ServerRefusal e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, server + " refuses: " + e.getMessage() + " (" + e.state() + ")", e);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, server + " cannot be asked: " + Reason.of(e), e);
        }
    }

    /** A connection is kept when all went well with it. */
    private List<PostgresSession.Answer> ask(PostgresSession session, String sql, Duration atMost) throws IOException {
        boolean sound = false;
        try {
            session.atMost(atMost);
            List<PostgresSession.Answer> answers = session.query(sql);
            sound = true;
            return answers;
        } finally {
            if (sound) {
                giveBack(session);
            } else {
                session.close();
            }
        }
    }

    private synchronized PostgresSession take() {
        return idle.poll();
    }

    private void giveBack(PostgresSession session) {
        boolean kept;
        synchronized (this) {
            kept = idle.size() < KEPT;
            if (kept) {
                idle.push(session);
            }
        }
        if (!kept) {
            session.close();
        }
    }

    @Override
    public void close() {
        for (PostgresSession session = take(); session != null; session = take()) {
            session.close();
        }
    }
}
