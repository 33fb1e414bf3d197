package dev.banyan.cache;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a key, for {@code banyan explain key}.
 *
 * @param prefix the declared prefix that counts
 * @param strategy as the site file writes it
 * @param entry what the node has for it, in words: {@code a value of 120 bytes, loaded 3 s ago}
 * @param ageMillis since it was loaded, -1 when nothing is
 * @param leftMillis until the node drops it, -1 when it has nothing or does not say
 * @param changedBy the last transaction known to have changed it, 32 bits; empty when none is known
 * @param sql the statement that loads it, parameters as {@code ?}; what keeps it from being known otherwise
 * @param parameters their values, in order
 * @param pending what the journal holds for it that the database does not have yet, in words; empty when nothing
 */
public record Explained(String prefix, String strategy, String entry, long ageMillis, long leftMillis, Optional<Long> changedBy, String sql, List<String> parameters, Optional<String> pending) {
    public Explained {
        parameters = List.copyOf(parameters);
    }
}
