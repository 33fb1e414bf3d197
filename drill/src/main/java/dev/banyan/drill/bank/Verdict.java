package dev.banyan.drill.bank;

import java.sql.SQLException;

/** What the failure of a write says of it. */
enum Verdict {
    /** Nothing of it was done. */
    REFUSED,
    /** It may have been done: the answer to its commit was lost. */
    UNKNOWN;

    /** @param committing whether its commit had been sent */
    static Verdict of(SQLException failure, boolean committing) {
        return committing && mayHaveCommitted(failure.getSQLState()) ? UNKNOWN : REFUSED;
    }

    /**
     * Whether a commit that failed so may have been done. A server that is told to end while a commit waits for a replica has it on its own disk
     * already (57P01, 57P02); 08 is a lost connection, 58 and XX are troubles of the server's own. Anything else is the answer of a server that
     * did not commit (PostgreSQL's manual, appendix A).
     */
    private static boolean mayHaveCommitted(String state) {
        return state == null || state.startsWith("08") || state.startsWith("58") || state.startsWith("XX") || state.equals("57P01") || state.equals("57P02");
    }
}
