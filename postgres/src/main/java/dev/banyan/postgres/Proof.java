package dev.banyan.postgres;

import dev.banyan.topology.Secret;

/** What proves to a server that the router may log in as a user. Never printed. */
public sealed interface Proof {
    /** The password itself: answers any question a server asks. */
    record Password(Secret password) implements Proof {}

    /**
     * What a client that proved its password by SCRAM-SHA-256 has left: enough for a server that holds the same verifier, without the
     * password ever having been seen (RFC 5802, 3: ClientKey and ServerKey).
     */
    record ScramKeys(byte[] clientKey, byte[] serverKey) implements Proof {
        @Override
        public String toString() {
            return "ScramKeys[***]";
        }
    }

    /** The inner hash of an md5 verifier: enough for a server that asks for md5. */
    record Md5(Secret verifier) implements Proof {}
}
