package dev.banyan.postgres;

import dev.banyan.balance.Outcome;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.PostgresError.Severity;
import java.util.Optional;

/**
 * How a session gets a server connection: it asks a pool, waits for one, or for a primary, or for a replica to catch up; then the connection gets
 * the session's settings and the transaction that the client was told has begun. Owned by one session.
 */
final class Checkout implements ServerPool.Lessee<ServerConnection> {
    /** What the session waits for before it goes on. */
    private enum Waiting {
        NOTHING,
        SERVER,
        DATA,
        SETTINGS
    }

    private final ClientSession session;
    private final RouterLoop loop;
    private final ServerLease lease;
    private final TransactionState transaction;
    private final SessionState state;
    private Waiting waiting = Waiting.NOTHING;
    /** The pool that was asked and has not answered; null when there is none. */
    private ServerPool<ServerConnection> asked;

    Checkout(ClientSession session) {
        this.session = session;
        this.loop = session.loop;
        this.lease = session.lease;
        this.transaction = session.transaction;
        this.state = session.state;
    }

    boolean isWaiting() {
        return waiting != Waiting.NOTHING;
    }

    // ---- Asking ----

    /** Whether the session has a connection to the primary now; if not, it waits for one. */
    boolean primary() {
        Optional<Member> primary = loop.primary();
        if (primary.isEmpty()) {
            waiting = Waiting.SERVER;
            loop.awaitPrimary(session);
            return false;
        }
        if (!transaction.deferred()) {
            transaction.stays();
        }
        return ask(primary.get());
    }

    /** The same for a replica, where a place is taken. */
    boolean replica(Replica chosen, Batch next) {
        lease.takePlace(chosen);
        if (next.begins()) {
            transaction.defer(next.begin().begin().orElseThrow());
            transaction.begun();
        }
        return ask(chosen.member());
    }

    private boolean ask(Member member) {
        waiting = Waiting.SERVER;
        asked = loop.pool(session.login, member);
        asked.lease(this, loop.nanos());
        return lease.server() != null && waiting == Waiting.NOTHING;
    }

    /** Waits for a connection that is no pool's: {@link #aloneGranted}. */
    void awaitAlone() {
        waiting = Waiting.SERVER;
    }

    void aloneGranted() {
        waiting = Waiting.NOTHING;
    }

    /** Waits for a replica that has what the session must see. */
    void awaitData() {
        waiting = Waiting.DATA;
        loop.members().await(session.seen, loop.eventLoop(), readDeadline(), this::waited);
    }

    /** Waits until it is known how far what the session has seen is in the log. */
    void awaitSettled() {
        waiting = Waiting.DATA;
        loop.members().settle(session.seen, loop.eventLoop(), readDeadline(), this::waited);
    }

    private long readDeadline() {
        return loop.nanos() + loop.settings().reads().patience().toNanos();
    }

    private void waited() {
        if (waiting == Waiting.DATA) {
            waiting = Waiting.NOTHING;
            session.run();
        }
    }

    /** Whether it waits for a primary, because there is none. */
    boolean awaitsPrimary() {
        return waiting == Waiting.SERVER && asked == null && !session.isClosed() && !session.startUp.isAlone();
    }

    /** There is a primary again. */
    void primaryIsThere() {
        if (awaitsPrimary()) {
            goOn();
        }
    }

    private void goOn() {
        waiting = Waiting.NOTHING;
        if (session.startUp.isDone()) {
            session.run();
        } else {
            primary();
        }
    }

    // ---- The pool's answer ----

    @Override
    public Object settings() {
        return state.settings();
    }

    @Override
    public void granted(ServerConnection connection) {
        asked = null;
        lease.take(connection);
        session.backPressure.begin(connection);
        SessionSettings wanted = state.settings();
        if (connection.has().equals(wanted)) {
            settled();
            return;
        }
        waiting = Waiting.SETTINGS;
        connection.ask(wanted.from(connection.has()), why -> {
            if (why == null) {
                connection.settings(wanted);
            }
            settingsDone(why);
        });
        connection.flush();
    }

    private void settingsDone(PostgresError why) {
        if (why == null) {
            settled();
            return;
        }
        lease.giveBack();
        refused(session.startUp.isDone()
                ? PostgresError.error(why.state(), "the session's settings cannot be set at another server connection: " + why.message())
                : why);
    }

    /** The connection is as the session needs it: on with what was waiting. */
    private void settled() {
        waiting = Waiting.NOTHING;
        if (!session.startUp.isDone()) {
            session.startUp.serverIsThere();
            return;
        }
        if (transaction.deferred()) {
            lease.server().ask(transaction.begun(), this::begun);
            if (lease.replica() == null) {
                transaction.stays();
            }
        }
        session.run();
    }

    /** The BEGIN that the client was told of before has been run, with what follows right behind it. */
    private void begun(PostgresError failure) {
        if (failure != null) {
            session.fatal(new PostgresError(Severity.FATAL, "08007", "the transaction could not be begun (" + failure.message() + "); whether the statement sent behind"
                    + " its BEGIN was run on its own is not known", "", "Look whether its change is there before you make it again."));
        }
    }

    @Override
    public void refused(PostgresError why) {
        waiting = Waiting.NOTHING;
        asked = null;
        if (lease.leavePlace(Outcome.NO_ANSWER)) {
            // A replica that cannot be had is no reason to fail: the primary can answer too.
            session.attempt.avoidReplicas();
            session.run();
        } else if (session.startUp.isDone()) {
            session.sent.unanswered(why.state(), "no server could be had to ask again", null);
            session.attempt.over();
            transaction.forget();
            transaction.status((byte) 'I');
            session.protocol.owe(why);
            session.run();
        } else {
            session.fatal(new PostgresError(Severity.FATAL, why.state(), why.message(), why.detail(), why.hint()));
        }
    }

    @Override
    public void moved(PostgresError why) {
        asked = null;
        lease.leavePlace(Outcome.CLIENT_LEFT);
        goOn();
    }

    /** The server was lost. Returns whether that was before the session had any use of it: it goes on with another. */
    boolean lostBeforeUse() {
        if (waiting != Waiting.SETTINGS) {
            return false;
        }
        goOn();
        return true;
    }

    /** The client has left. */
    void end() {
        if (asked != null) {
            asked.leave(this);
            asked = null;
        }
    }
}
