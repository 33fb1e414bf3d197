package dev.banyan.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Users nobody knows: each has a verifier that no password fits, always the same one, so that an exchange with a stranger looks like that
 * with a user who got the password wrong (as PostgreSQL's mock authentication, auth-scram.c). Immutable.
 */
public final class Strangers {
    private static final int SALT_BYTES = 16;
    private final byte[] seed;

    /** @param seed the same for all routers that clients may compare, and after a restart; 16 bytes or more, secret */
    public Strangers(byte[] seed) {
        this.seed = seed.clone();
    }

    /** Those of this process. */
    public static Strangers of(SecureRandom secrets) {
        byte[] seed = new byte[ScramSha256.KEY_BYTES];
        secrets.nextBytes(seed);
        return new Strangers(seed);
    }

    Verifier.Scram verifier(String user) {
        return new Verifier.Scram(
                ScramSha256.USUAL_ITERATIONS, Arrays.copyOf(derived("salt", user), SALT_BYTES), derived("stored", user), derived("server", user));
    }

    private byte[] derived(String what, String user) {
        return ScramSha256.hmac(seed, (what + '\0' + user).getBytes(StandardCharsets.UTF_8));
    }
}
