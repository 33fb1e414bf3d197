package dev.banyan.balance;

import java.util.Optional;

/**
 * Something a {@link ServerGroup} did by itself, in the words of a {@code Decision}.
 *
 * @param kind what sort of change
 * @param server whose; none for the group's panic
 * @param what the act, as {@code eject web-2}
 * @param why the reason with its numbers, as {@code 5 requests failed in a row (last: no answer)}
 * @param seen what else was seen when it was decided
 * @param atNanos when, by the clock of the group's callers
 */
public record HealthChange(Kind kind, Optional<Server> server, String what, String why, String seen, long atNanos) {
    /** The sorts of change. */
    public enum Kind {
        /** A new server passed its first check. */
        ADMITTED,
        /** Checks failed. */
        FELL,
        /** Checks pass again. */
        ROSE,
        /** Requests failed. */
        EJECTED,
        /** An ejection is over. */
        RETURNED,
        /** Requests failed, but too many are ejected already. */
        SPARED,
        /** So few are healthy that health is ignored. */
        PANIC,
        /** Enough are healthy again. */
        CALM
    }

    /** The whole as one sentence. */
    public String sentence() {
        return what + ": " + why + "; " + seen;
    }
}
