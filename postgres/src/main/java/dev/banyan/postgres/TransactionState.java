package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.SettingChange;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Statement.Isolation;
import dev.banyan.postgres.sql.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a session is in its transaction, as its client sees it, and what the transaction will have changed in the session when it commits.
 * Owned by one session.
 */
final class TransactionState {
    private byte status = 'I';
    /** The BEGIN that no server has run yet, or that another server would have to run: a transaction that has only read may move. */
    private String begin = "";
    private boolean begun;
    private final List<SettingChange> changes = new ArrayList<>();
    /** Several statements were on their way at once: which of them failed is not known. */
    private boolean together;
    /** There was a savepoint that may have been rolled back to: which of the changes stand is not known. */
    private boolean savepoint;
    private String searchPath = "";
    private boolean failed;
    private boolean rolledBack;
    private boolean discardsAll;
    private boolean ends;
    /** More than one transaction was under way, or a text of several statements: which of the changes were rolled back is not known. */
    private boolean unclear;

    /** What the last ReadyForQuery that the client saw said: I, T or E. */
    byte status() {
        return status;
    }

    void status(byte now) {
        status = now;
    }

    /** The client is told that it is ready. @param more something else is under way already */
    void answered(byte now, boolean more) {
        status = now;
        unclear |= now == 'I' ? more : ends;
    }

    boolean idle() {
        return status == 'I';
    }

    /** The client has begun a transaction that no server knows of yet. */
    boolean deferred() {
        return !begin.isEmpty() && !begun;
    }

    /** The transaction has only read so far, at a replica, statement by statement: another server can go on with it. */
    boolean movable() {
        return !begin.isEmpty();
    }

    /** The client's BEGIN is to be run by the server that gets the first statement. */
    void defer(Statement.Begin asked) {
        begin = "BEGIN ISOLATION LEVEL READ COMMITTED" + asked.readOnly().map(only -> only ? " READ ONLY" : " READ WRITE").orElse("");
        begun = false;
    }

    /** A server is about to run it. Returns the BEGIN. */
    String begun() {
        begun = true;
        return begin;
    }

    /** The server that ran it is left: another will have to run it. */
    void left() {
        begun = false;
    }

    /** From now on it stays where it is. */
    void stays() {
        begin = "";
    }

    /**
     * Whether a transaction that asks for this may read at one server and go on at another: each of its statements has a snapshot of its own.
     *
     * @param readCommitted the level of transactions that ask for none, where the session has set no other
     */
    static boolean mayMove(Statement.Begin asked, SessionSettings settings, boolean readCommitted) {
        Isolation isolation = asked.isolation().orElse(readCommitted && settings.isolation().isEmpty() ? Isolation.READ_COMMITTED : Isolation.SERIALIZABLE);
        boolean writes = asked.readOnly().equals(Optional.of(false)); // a standby refuses BEGIN READ WRITE
        return (isolation == Isolation.READ_COMMITTED || isolation == Isolation.READ_UNCOMMITTED) && !writes && !settings.readOnlySet();
    }

    /** A statement is on its way. @param alone nothing sent before it is still unanswered */
    void sent(Statement statement, boolean alone) {
        unclear |= statement.count() > 1 && !changes.isEmpty();
        ends |= statement.verb() == Verb.COMMIT || statement.verb() == Verb.ROLLBACK;
        switch (statement.verb()) {
            case ROLLBACK -> rolledBack = true;
            case SAVEPOINT -> savepoint = true;
            case DISCARD_ALL -> discardsAll = true;
            default -> { /* nothing to remember */ }
        }
        if (!statement.settings().isEmpty()) {
            statement.settings().stream().filter(change -> change.name().equals("search_path")).forEach(change -> searchPath = "SET " + change.value());
            together |= !alone || statement.count() > 1;
            statement.settings().stream().filter(change -> !change.local()).forEach(changes::add);
        }
    }

    void failed() {
        failed = true;
    }

    /** The search path as this transaction has set it; empty when it has not. */
    String searchPath() {
        return searchPath;
    }

    /** What became of it, once it has ended and nothing is on its way. */
    Ended end() {
        boolean lost = failed || rolledBack;
        boolean unknown = failed && together || lost && unclear || savepoint && !rolledBack;
        Ended ended = new Ended(lost ? List.of() : List.copyOf(changes), !failed && discardsAll, unknown && !leavesNothing() ? Pin.UNKNOWN_SETTING.bit() : 0);
        forget();
        return ended;
    }

    boolean leavesNothing() {
        return changes.isEmpty() && !discardsAll;
    }

    /** What a ROLLBACK now leaves of the session's settings is known. */
    boolean rollsBackCleanly() {
        return leavesNothing() || !unclear;
    }

    void forget() {
        changes.clear();
        ends = false;
        unclear = false;
        searchPath = "";
        together = false;
        savepoint = false;
        failed = false;
        rolledBack = false;
        discardsAll = false;
        begin = "";
        begun = false;
    }

    /** @param pins of changes that were made or not, who knows: a part of them was rolled back */
    record Ended(List<SettingChange> changes, boolean discardedAll, int pins) {}
}
