package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.PostgresError.Severity;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a client hears when the server connection that it was using is lost. */
final class Losses {
    private Losses() {}

    /**
     * A statement or transaction was under way.
     *
     * @param inTransaction within BEGIN and COMMIT
     * @param wrote something that may have been committed was under way
     * @param committing its COMMIT was
     * @param lastWords what the server said before it left; null when it said nothing
     */
    static PostgresError of(Member member, boolean inTransaction, boolean wrote, boolean committing, PostgresError lastWords) {
        String why = "the connection to server " + member.name() + " was lost" + said(lastWords);
        if (inTransaction && !committing) {
            return new PostgresError(Severity.ERROR, "40001", why + "; the transaction is rolled back", "", "Run the transaction again.");
        }
        if (wrote) {
            return new PostgresError(Severity.ERROR, "08007", why + " before it answered; whether it has committed is not known", "",
                    "Look whether the change is there before you make it again.");
        }
        return new PostgresError(Severity.ERROR, "57P01", why + " before it answered", "", "Run the statement again.");
    }

    /** What the session kept at the server is gone with it; the client has to begin a new session. */
    static PostgresError stateLost(Member member, int pins, PostgresError lastWords) {
        String what = Arrays.stream(Pin.values())
                .filter(pin -> (pins & pin.bit()) != 0)
                .map(pin -> pin.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        return new PostgresError(Severity.FATAL, lastWords == null ? "57P01" : lastWords.state(), "the connection to server " + member.name() + " was lost" + said(lastWords)
                + ", and with it what this session kept there" + (what.isEmpty() ? "" : " (" + what + ")"), "", "Connect again.");
    }

    private static String said(PostgresError lastWords) {
        return lastWords == null ? "" : " (it said: " + lastWords.message() + ")";
    }
}
