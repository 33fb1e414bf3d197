package dev.banyan.balance;

/** What a hash algorithm hashes of a request; the other algorithms never ask. */
@FunctionalInterface
public interface RequestKey {
    /** A hash of the client's address, the URI, a header or a cookie, as by {@link Hash64}; the group mixes it once more. */
    long hash();
}
