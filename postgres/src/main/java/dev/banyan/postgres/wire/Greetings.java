package dev.banyan.postgres.wire;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * What every connection of a client begins with; each gets a new {@link ClientGreeting} as its only handler. Immutable; shared by all loops.
 *
 * @param users says what proves a user
 * @param strangers what users are asked whom nobody knows
 * @param tls for clients that ask for it
 * @param tlsRequired others are refused
 * @param arrivals where those go that are let in
 * @param limit from the connection's first moment to AuthenticationOk; PostgreSQL's authentication_timeout is 60 s
 * @param secrets for salts and nonces
 */
public record Greetings(Users users, Strangers strangers, Optional<ClientTls> tls, boolean tlsRequired, Arrivals arrivals, Duration limit, SecureRandom secrets) {
    public static final Duration USUAL_LIMIT = Duration.ofSeconds(60);

    public Greetings {
        if (tlsRequired && tls.isEmpty()) {
            throw new IllegalArgumentException("TLS is required of clients, but there is no certificate for it");
        }
    }
}
