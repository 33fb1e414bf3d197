package dev.banyan.postgres;

/**
 * What statements that differ in literals only have done so far. Immutable.
 *
 * @param fingerprint of this process: another gives them others
 * @param text with {@code ?} for each literal, for those may be secrets
 * @param asks it is a query by its verb, so that its author may well believe that it only reads
 * @param readsOnly that is proved
 * @param whyNot why not, in words for a person; empty when it is
 * @param primaryCalls how often it ran at the primary
 * @param replicaCalls how often at a replica
 * @param rows that it returned or changed
 * @param errors how often it ended in one
 * @param primaryNanos time from sending it to its answer's end, at the primary
 * @param replicaNanos the same at replicas
 * @param mostNanos the longest of all
 */
public record StatementFigures(
        long fingerprint, String text, boolean asks, boolean readsOnly, String whyNot, long primaryCalls, long replicaCalls, long rows, long errors,
        long primaryNanos, long replicaNanos, long mostNanos) {

    public long calls() {
        return primaryCalls + replicaCalls;
    }

    public long nanos() {
        return primaryNanos + replicaNanos;
    }

    /** Both together, as they were counted on two loops. */
    StatementFigures plus(StatementFigures other) {
        return new StatementFigures(fingerprint, text.isEmpty() ? other.text : text, asks, readsOnly, whyNot, primaryCalls + other.primaryCalls,
                replicaCalls + other.replicaCalls, rows + other.rows, errors + other.errors, primaryNanos + other.primaryNanos,
                replicaNanos + other.replicaNanos, Math.max(mostNanos, other.mostNanos));
    }
}
