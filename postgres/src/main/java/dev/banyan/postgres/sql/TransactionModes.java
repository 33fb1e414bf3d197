package dev.banyan.postgres.sql;

import dev.banyan.postgres.sql.Statement.Isolation;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind BEGIN, SET TRANSACTION and SET SESSION CHARACTERISTICS AS TRANSACTION; of two of a kind the last counts.
 *
 * @param understood nothing else stands there
 */
record TransactionModes(Optional<Isolation> isolation, Optional<Boolean> readOnly, Optional<Boolean> deferrable, boolean understood) {

    static TransactionModes read(List<Piece> pieces, int from) {
        Optional<Isolation> isolation = Optional.empty();
        Optional<Boolean> readOnly = Optional.empty();
        Optional<Boolean> deferrable = Optional.empty();
        int at = from;
        while (at < pieces.size()) {
            if (pieces.get(at).mark(',')) {
                at++;
            } else if (words(pieces, at, "read", "only") || words(pieces, at, "read", "write")) {
                readOnly = Optional.of(pieces.get(at + 1).word("only"));
                at += 2;
            } else if (words(pieces, at, "deferrable")) {
                deferrable = Optional.of(true);
                at++;
            } else if (words(pieces, at, "not", "deferrable")) {
                deferrable = Optional.of(false);
                at += 2;
            } else if (words(pieces, at, "isolation", "level") && level(pieces, at + 2).isPresent()) {
                isolation = level(pieces, at + 2);
                at += words(pieces, at + 2, "serializable") ? 3 : 4;
            } else {
                return new TransactionModes(isolation, readOnly, deferrable, false);
            }
        }
        return new TransactionModes(isolation, readOnly, deferrable, true);
    }

    private static Optional<Isolation> level(List<Piece> pieces, int at) {
        if (words(pieces, at, "serializable")) {
            return Optional.of(Isolation.SERIALIZABLE);
        } else if (words(pieces, at, "repeatable", "read")) {
            return Optional.of(Isolation.REPEATABLE_READ);
        } else if (words(pieces, at, "read", "committed")) {
            return Optional.of(Isolation.READ_COMMITTED);
        } else if (words(pieces, at, "read", "uncommitted")) {
            return Optional.of(Isolation.READ_UNCOMMITTED);
        }
        return Optional.empty();
    }

    private static boolean words(List<Piece> pieces, int at, String... words) {
        for (int i = 0; i < words.length; i++) {
            if (at + i >= pieces.size() || !pieces.get(at + i).word(words[i])) {
                return false;
            }
        }
        return true;
    }
}
