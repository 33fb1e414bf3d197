package dev.banyan.postgres.wire;

import dev.banyan.topology.Secret;

/** What a user's proof is checked against. Never printed. */
public sealed interface Verifier {
    /**
     * The password itself.
     *
     * @param scram made from it once, for asking a client by SCRAM
     */
    record Plain(Secret password, Scram scram) implements Verifier {}

    /** PostgreSQL's {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey} (RFC 5803). Keys have 32 bytes. */
    record Scram(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) implements Verifier {
        @Override
        public String toString() {
            return "Scram[***]";
        }
    }

    /** PostgreSQL's {@code md5} and 32 hexadecimal digits of the digest of password and user. */
    record Md5(Secret verifier) implements Verifier {}
}
