package dev.banyan.postgres.sql;

import java.util.List;
import java.util.Optional;

/**
 * What was read of a statement's text. Immutable. A text of several statements is one of these: it reads only if each does, and its effects
 * are those of all.
 *
 * @param fingerprint the same for texts that differ in literals, blanks, comments and case of keywords only
 * @param verb of a text of one statement; OTHER for several
 * @param count statements in the text
 * @param readsOnly it is proved that nothing in it writes, locks, or has any effect outside its own answer
 * @param whyNot why that is not proved, in words for a person; empty when it is
 * @param pins {@link Pin#bit}s of what it leaves at the server
 * @param settings in the order written; an empty list where there are none
 * @param name of DEALLOCATE (empty is ALL), of SHOW; {@code chain} of a COMMIT or ROLLBACK that begins another transaction; else empty
 * @param begin what BEGIN or START TRANSACTION asks for
 * @param transactionTime it depends on when the transaction began, as now() does
 * @param cursor it makes or uses a cursor by SQL (DECLARE, FETCH, MOVE, CLOSE)
 * @param hint where its comment asks it to go
 */
public record Statement(
        long fingerprint,
        Verb verb,
        int count,
        boolean readsOnly,
        String whyNot,
        int pins,
        List<SettingChange> settings,
        String name,
        Optional<Begin> begin,
        boolean transactionTime,
        boolean cursor,
        Optional<Hint> hint) {

    /** What BEGIN asks for; empty where it says nothing and the session's default counts. */
    public record Begin(Optional<Boolean> readOnly, Optional<Isolation> isolation) {}

    public enum Isolation {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE
    }

    /** A wish of the application, by a comment as <code>&#47;* banyan: replica *&#47;</code> or by SET banyan.route. */
    public enum Hint {
        PRIMARY,
        REPLICA
    }
}
