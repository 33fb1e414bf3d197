package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Call;
import java.util.Optional;

/** One of the ways in which callers show who they are. Safe for any thread. */
sealed interface Way permits ApiKeys, Tokens, Passwords {
    /** Its name in figures. */
    String name();

    /** Looks at what a request shows in this way; on its loop. */
    Outcome ask(Call call, long nowNanos);

    /** Takes it out of what the service gets. */
    void strip(Call call);

    /**
     * What a browser or client is told to show (WWW-Authenticate, RFC 9110 section 11.6.1), if there is a scheme for it.
     *
     * @param error RFC 6750's code of what was wrong; empty when nothing was shown
     */
    Optional<String> challenge(String realm, String error);
}
