package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.SettingChange;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a session has set and left: settings that go with it to any server connection, and what it left at one that cannot be carried elsewhere.
 * Owned by one session.
 */
final class SessionState {
    private final RouterLoop loop;
    private final SessionSettings atStart;
    private final OwnSettings own;
    private SessionSettings settings;
    private int pins;

    SessionState(RouterLoop loop, Login login, Seen seen) {
        this.loop = loop;
        this.atStart = SessionSettings.ofStartUp(login.settings().entrySet().stream()
                .filter(setting -> !setting.getKey().equals(StartUp.REPLICATION))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        this.settings = atStart;
        this.own = new OwnSettings(seen);
    }

    /** As they are outside the transaction under way. */
    SessionSettings settings() {
        return settings;
    }

    OwnSettings own() {
        return own;
    }

    /** Bits of {@link Pin}: why it keeps its connection. */
    int pins() {
        return pins;
    }

    /** It keeps its connection from the beginning: a replication connection is no pool's. */
    void pinAlone() {
        pins = Pin.OTHER.bit();
    }

    boolean isPinned() {
        return pins != 0;
    }

    /** Whether it keeps its connection between transactions: it left something there, or every session does. */
    boolean keepsServer() {
        return pins != 0 || loop.sessionMode();
    }

    boolean hasTemporaryTables() {
        return (pins & Pin.TEMPORARY_TABLE.bit()) != 0;
    }

    void pin(int more) {
        loop.figures().pinned(more & ~pins);
        pins |= more;
    }

    /** Nothing is under way any more: what the transaction has set counts from now on, or it was rolled back. */
    void transactionEnded(TransactionState transaction, ServerConnection server) {
        if (transaction.leavesNothing()) {
            transaction.forget();
            return;
        }
        TransactionState.Ended ended = transaction.end();
        ended.changes().forEach(change -> apply(change, server));
        if (ended.pins() != 0) {
            pin(ended.pins());
        }
        if (ended.discardedAll()) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
            pins = 0;
        }
        if (keepsServer() && !server.has().equals(settings)) {
            setAgain(server, settings);
        }
    }

    private void apply(SettingChange change, ServerConnection server) {
        if (OwnSettings.has(change.name())) {
            return;
        }
        SessionSettings has = server.has();
        boolean same = has == settings;
        if (change.name().equals("*")) {
            settings = atStart;
            server.settings(SessionSettings.NONE);
        } else if (change.reset() || change.value().equalsIgnoreCase("default")) {
            settings = settings.reset(change.name(), atStart);
            server.settings(has.reset(change.name(), SessionSettings.NONE));
        } else {
            settings = settings.with(change.name(), change.value());
            server.settings(same ? settings : has.with(change.name(), change.value()));
        }
    }

    /** What was reset is as the server has it, and not as the client's start-up packet asked for it: at a connection that stays, that is done now. */
    private static void setAgain(ServerConnection server, SessionSettings wanted) {
        server.ask(wanted.from(server.has()), why -> {
            if (why == null) {
                server.settings(wanted);
            }
        });
        server.flush();
    }
}
