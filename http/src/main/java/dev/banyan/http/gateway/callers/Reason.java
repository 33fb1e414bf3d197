package dev.banyan.http.gateway.callers;

import java.util.Locale;

/** Why what a caller showed did not count: for figures only, clients get the same words for all. */
enum Reason {
    /** It is not in the form it should have. */
    MALFORMED,
    /** No such key, or not this user's password. */
    WRONG,
    /** Its time is over. */
    EXPIRED,
    /** Its time is still to come. */
    EARLY,
    /** No issuer that is believed. */
    ISSUER,
    /** An algorithm that does not count for its issuer. */
    ALGORITHM,
    /** No key of its issuer's fits. */
    KEY,
    /** It was not signed by that key, or was changed since. */
    SIGNATURE,
    /** It was made for someone else. */
    AUDIENCE,
    /** A claim is missing. */
    CLAIMS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
